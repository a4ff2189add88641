/** Talks to the gateway that served this page: one call at a time, or the stream of its board. */

const LONGEST_SILENCE = 12_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

/** The gateway says no, in words of its own. */
export class Refusal extends Error {
  constructor(status, { error, field = null, remarks = [] }) {
    super(error);
    this.status = status;
    this.field = field;
    this.remarks = remarks;
  }

  get ofToken() {
    return this.status === 401 || this.status === 403;
  }
}

async function fetched(token, path, { method = 'GET', body, signal } = {}) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: JSON.stringify(body), cache: 'no-store' });
  } catch (failed) {
    throw signal?.aborted ? failed : new Error('the gateway does not answer');
  }
  if (response.ok) return response;
  throw new Refusal(response.status, await words(response));
}

async function words(response) {
  const nothing = { error: `the gateway answers ${response.status}` };
  try {
    return { ...nothing, ...(await response.json()) };
  } catch {
    return nothing;
  }
}

/** The answer's JSON. Fails with a {@link Refusal}, or with an Error where nothing came. */
export async function ask(token, path, options) {
  return (await fetched(token, path, options)).json();
}

/** Events out of text/event-stream, as far as ours uses it: https://html.spec.whatwg.org/#event-stream-interpretation */
export class EventReader {
  #rest = '';
  #name = '';
  #data = [];

  /** @param chunk of text, cut anywhere */
  read(chunk, onEvent) {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line.replace(/\r$/, ''), onEvent);
  }

  #line(line, onEvent) {
    if (line.startsWith('event:')) this.#name = line.slice(6).trim();
    else if (line.startsWith('data:')) this.#data.push(line.slice(5));
    else if (line === '') this.#end(onEvent);
  }

  #end(onEvent) {
    if (this.#data.length > 0) onEvent(this.#name, this.#data.join('\n'));
    this.#name = '';
    this.#data = [];
  }
}

/**
 * The stream of the board, taken up again whenever it breaks, later each time.
 *
 * on.event(name, data): parsed; on.broken(words): and it is tried again; on.refused(refusal): the token is no good, and
 * that is the end.
 */
export class Stream {
  #token;
  #on;
  #ended = false;
  #abort = new AbortController();
  #pauses = 0;
  #goOn = () => {};

  constructor(token, on) {
    this.#token = token;
    this.#on = on;
  }

  async run() {
    while (!this.#ended) {
      const failed = await this.#once().catch((failure) => failure);
      if (this.#ended) return;
      if (failed instanceof Refusal && failed.ofToken) {
        this.#on.refused(failed);
        return;
      }
      this.#on.broken(failed?.message ?? 'the gateway has ended the stream');
      await this.#pause();
    }
  }

  end() {
    this.#ended = true;
    this.#abort.abort();
    this.retry();
  }

  /** Without waiting longer, where it waits. */
  retry() {
    this.#goOn();
  }

  async #once() {
    const abort = (this.#abort = new AbortController());
    const silence = new Watchdog(LONGEST_SILENCE, () => abort.abort(new Error('nothing came any more')));
    try {
      const response = await fetched(this.#token, 'v1/console/stream', { signal: abort.signal });
      await this.#readAll(response.body, silence);
    } catch (failed) {
      throw abort.signal.aborted ? abort.signal.reason : failed;
    } finally {
      silence.end();
      abort.abort();
    }
  }

  async #readAll(body, silence) {
    const events = new EventReader();
    const text = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.feed();
      events.read(text.decode(value, { stream: true }), (name, data) => {
        this.#pauses = 0;
        this.#on.event(name, JSON.parse(data));
      });
    }
  }

  #pause() {
    const millis = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#pauses++) * (0.75 + Math.random() / 2);
    return new Promise((go) => {
      this.#goOn = go;
      setTimeout(go, millis);
    });
  }
}

class Watchdog {
  #millis;
  #bark;
  #timer;

  constructor(millis, bark) {
    this.#millis = millis;
    this.#bark = bark;
    this.feed();
  }

  feed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#bark, this.#millis);
  }

  end() {
    clearTimeout(this.#timer);
  }
}

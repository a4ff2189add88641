/** Serves the page's own files, and boards that are made up: what real gateways don't do at a test's pleasure. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';

const FILES = new URL('../../src/main/resources/dev/petrel/web/console/', import.meta.url);
const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'";

export class Fake {
  #server = createServer((request, response) => void this.#answer(request, response));
  #streams = new Set();
  #board;

  /** What other calls are answered: { status, body }, perhaps later. */
  reply = () => ({ status: 404, body: { error: 'not here' } });

  static async start(board) {
    const fake = new Fake();
    fake.#board = board;
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/#token=any`;
  }

  async #answer({ url, method }, response) {
    if (url === '/v1/console/stream') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      this.#streams.add(response);
      response.on('close', () => this.#streams.delete(response));
      response.write(written('board', this.#board));
      return;
    }
    if (url.startsWith('/v1/')) {
      const { status = 200, body } = await this.reply(url, method);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
      return;
    }
    const name = url === '/' ? 'console.html' : url.slice(1);
    const type = `${TYPES[name.split('.').at(-1)]}; charset=utf-8`;
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
    response.end(await readFile(new URL(name, FILES)));
  }

  change(changes) {
    for (const stream of this.#streams) stream.write(written('change', changes));
  }

  /** Ends the streams; whoever comes again is given this. */
  restart(board) {
    this.#board = board;
    for (const stream of this.#streams) stream.end();
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const written = (event, data) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Some cells with traffic and nothing wrong. */
export function board(cells, more = {}) {
  const names = [...new Set(cells.map(({ provider }) => provider))];
  return {
    at: new Date().toISOString(),
    by: 'petrel-0',
    reading: null,
    verdict: { level: 'ok', words: 'All is well' },
    findings: [],
    countries: [],
    providers: names.map((provider) => ({ provider, breaker: 'closed', openAt: [], instances: 1, since: null, shut: null, restingUntil: null, inFlight: 0, failureRate: 0 })),
    cells,
    series: null,
    totals: {},
    decisions: [],
    instances: [],
    partitions: 0,
    unowned: [],
    orders: [],
    ...more,
  };
}

export function cell(provider, country, more = {}) {
  return {
    provider, country, health: 'ok', words: 'well', attempts: 50, taken: 50, receipts: true, delivered: 50, undelivered: 0,
    answerP50: 0.1, answerP95: 0.2, inHandP50: 0.5, inHandP95: 1, share: 0.5, since: null, ...more,
  };
}

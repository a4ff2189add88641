/** Two questions about one code: what became of it, and where one would go now. */
import { byId, el, withTimes } from './dom.js';

/** Both ask, say that they ask, and show lines; a new question takes the place of one that is still open. */
class Question {
  #abort = new AbortController();

  constructor(id, ask) {
    this.form = byId(id);
    this.ask = ask;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#put();
    });
  }

  value(name) {
    return this.form.elements[name].value.trim();
  }

  forget() {
    this.#abort.abort();
    this.form.reset();
    this.#tell();
  }

  async #put() {
    this.#abort.abort();
    const { signal } = (this.#abort = new AbortController());
    this.#tell(el('p', { class: 'hint' }, this.waiting));
    try {
      this.#tell(...this.answer(await this.put(signal)));
    } catch (failed) {
      if (!signal.aborted) this.#tell(el('p', { class: 'error' }, failed.message), ...remarks(failed.remarks));
    }
  }

  #tell(...nodes) {
    this.form.querySelector('.answer').replaceChildren(...nodes);
  }
}

const remarks = (lines) => (lines ?? []).map((line) => el('p', { class: 'hint' }, ...withTimes(line)));

export class Trace extends Question {
  waiting = 'Reading the status topic; half an hour of it takes some seconds…';

  constructor(ask) {
    super('trace', ask);
  }

  put(signal) {
    const at = this.form.elements.at.value;
    const query = at ? `?at=${encodeURIComponent(new Date(at).toISOString())}` : '';
    return this.ask(`v1/trace/${encodeURIComponent(this.value('requestId'))}${query}`, { signal });
  }

  answer({ lines, remarks: more }) {
    return [el('ol', { class: 'lines' }, ...lines.map((line) => el('li', {}, ...withTimes(line)))), ...remarks(more)];
  }
}

export class Explain extends Question {
  waiting = 'Asking…';

  constructor(ask) {
    super('explain', ask);
  }

  put(signal) {
    const tenant = this.value('tenant');
    return this.ask('v1/explain', { method: 'POST', body: { to: this.value('to').replaceAll(/[\s()-]/g, ''), ...(tenant && { tenant }) }, signal });
  }

  /** From here on only the masked number stands on the page. */
  answer(told) {
    this.form.elements.to.value = '';
    return [
      el('p', {}, `${told.to}, ${told.country}${told.route ? `, route ${told.route}` : ''}: `, el('strong', {}, verdict(told))),
      el('ol', { class: 'ways' }, ...(told.ways ?? []).map((way) => el('li', {}, ...wayOf(way, told.first)))),
      ...remarks(told.hint ? [told.hint] : []),
      el('p', { class: 'hint' }, 'As the instance sees it that serves this page.'),
    ];
  }
}

function verdict({ refused, first }) {
  if (refused) return `${refused.status}: ${refused.detail ?? refused.class}`;
  return first ? `first to ${first}` : 'to nobody now';
}

function wayOf({ provider, passedOver, why, failureRate }, first) {
  const rate = failureRate > 0 ? ` (${failureRate} % of its last attempts failed)` : '';
  if (!passedOver) return [el('b', {}, provider), provider === first ? ', first' : ''];
  return [el('b', {}, provider), ` passed over: ${why}${rate}${provider === first ? '; the least bad one' : ''}`];
}

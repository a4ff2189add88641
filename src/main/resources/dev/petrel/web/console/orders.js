/** Overruling: what is in force, giving an order (first its consequences, then "yes"), and lifting one. */
import { age, at, byId, el, keep, say, setAttribute, setText, strong } from './dom.js';
import * as words from './words.js';

const FIELDS = {
  drain: ['provider', 'country'],
  breaker: ['provider', 'hold'],
  weights: ['route', 'weights'],
  'stop-country': ['country'],
  'stop-tenant': ['tenant'],
};

const AUTHOR = 'petrel.author';

/** @param onLift is given the order that shall be lifted */
export function ordersInForce(onLift) {
  const root = byId('orders');
  return {
    needs: ['orders'],
    show({ told }) {
      root.querySelector('.none').hidden = told.orders.length > 0;
      setText(root.querySelector('.count'), told.orders.length > 0 ? String(told.orders.length) : '');
      keep(root.querySelector('ul'), told.orders, (order) => order.key, () => inForce(onLift));
    },
  };
}

function inForce(onLift) {
  const title = el('p');
  const warrant = el('p', { class: 'hint' });
  let shown;
  const button = el('button', { type: 'button', onclick: () => onLift(shown) }, 'Lift…');
  const node = el('li', { class: 'order' }, el('div', {}, title, warrant), button);
  return {
    node,
    show(order) {
      shown = order;
      setAttribute(button, 'aria-label', `Lift ${words.order(order)}`);
      say(title, strong(words.order(order)), ' until ', at(order.end), order.here === false ? ' (does nothing at the instance that serves this page)' : '');
      say(warrant, `${order.author}: ${order.reason}; since `, at(order.begin), ', for ', age(order.begin), `. ${order.does}.`);
    },
  };
}

/**
 * What both dialogs do alike: they ask what would follow, then for a "yes", and name the field that is wrong. Each says
 * what its request() is, a path and its options, and in words what it would do and what it has done.
 */
class OrderDialog {
  #ask;
  #title;
  #confirm;
  #leave;
  #previewed;
  #visit;

  /** @param ask asks the server, with the token */
  constructor(id, ask) {
    this.dialog = byId(id);
    this.form = this.dialog.querySelector('form');
    this.answer = this.dialog.querySelector('.preview');
    this.#ask = ask;
    this.#title = this.answer.querySelector('h3');
    this.#confirm = this.answer.querySelector('.danger');
    this.#leave = this.answer.querySelector('[data-close]');
    this.#confirm.addEventListener('click', () => this.#do());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#preview();
    });
  }

  field(name) {
    return this.form.elements[name];
  }

  text(name) {
    return this.field(name).value.trim();
  }

  open() {
    this.#visit = {};
    this.#setBusy(false);
    this.#tellError('');
    this.#turnTo(this.form);
    this.field('author').value = sessionStorage.getItem(AUTHOR) ?? '';
    this.field('reason').value = '';
    if (!this.dialog.open) this.dialog.showModal();
  }

  forget() {
    sessionStorage.removeItem(AUTHOR);
    this.form.reset();
  }

  async #preview() {
    this.#previewed = this.request();
    const answer = await this.#call(this.#previewed);
    if (!answer) return;
    setText(this.#confirm, `Confirm: ${this.would(answer)}`);
    this.#show(answer, 'Not done yet. This would follow:', 'Don’t');
  }

  async #do() {
    const { path, method, body } = this.#previewed;
    const answer = await this.#call({ path, method, body: { ...body, confirm: true } });
    if (answer) this.#show(answer, this.done(answer), 'Close');
  }

  /** @returns the answer, or nothing where the person was told why not, or has left meanwhile */
  async #call({ path, method, body }) {
    const visit = this.#visit;
    const isThere = () => this.dialog.open && visit === this.#visit;
    this.#tellError('');
    this.#setBusy(true);
    try {
      const answer = await this.#ask(path, { method, body });
      if (!isThere()) return undefined;
      sessionStorage.setItem(AUTHOR, body.author);
      return answer;
    } catch (failed) {
      if (!isThere()) return undefined;
      this.#turnTo(this.form);
      this.#tellError(failed.message, failed.field);
      return undefined;
    } finally {
      if (isThere()) this.#setBusy(false);
    }
  }

  #show(answer, title, leave) {
    const isDone = Boolean(answer.given || answer.lifted);
    setText(this.#title, title);
    setText(this.#leave, leave);
    this.#confirm.hidden = isDone;
    const follows = answer.follows?.length > 0 ? answer.follows : ['Nothing else changes.'];
    keep(this.answer.querySelector('.follows'), follows, (line) => line, (line) => ({ node: el('li', {}, line), show() {} }));
    this.tell(answer);
    this.#turnTo(this.answer);
    this.answer.focus();
  }

  #turnTo(side) {
    for (const each of [this.form, this.answer]) each.hidden = each !== side;
  }

  #tellError(text, name) {
    const error = this.form.querySelector('.error');
    setText(error, text);
    for (const input of this.form.elements) input.removeAttribute('aria-invalid');
    const wrong = name && this.form.elements[name];
    if (wrong) {
      wrong.setAttribute('aria-invalid', 'true');
      wrong.focus();
    } else if (text) {
      error.focus();
    }
  }

  #setBusy(busy) {
    this.dialog.querySelectorAll('button:not([data-close])').forEach((each) => (each.disabled = busy));
  }
}

export class OrderForm extends OrderDialog {
  needs = ['providers', 'countries'];

  constructor(ask) {
    super('order', ask);
    this.field('kind').addEventListener('change', () => this.#showFields());
  }

  show({ told }) {
    keep(byId('known-providers'), told.providers, ({ provider }) => provider, ({ provider }) => option(provider));
    const countries = told.countries.filter(({ country }) => country !== '*');
    keep(byId('known-countries'), countries, ({ country }) => country, ({ country }) => option(country));
  }

  /** @param proposal an order without author and reason; none: an empty form */
  open(proposal) {
    super.open();
    const { kind = 'drain', ...values } = proposal ?? {};
    this.field('kind').value = kind;
    for (const name of new Set(Object.values(FIELDS).flat())) this.field(name).value = values[name] ?? (name === 'hold' ? 'open' : '');
    this.field('for').value = '1h';
    this.#showFields();
    byId('order-title').focus();
  }

  #showFields() {
    const kind = this.field('kind').value;
    for (const part of this.form.querySelectorAll('[data-field]')) {
      const input = part.querySelector('input, select');
      part.hidden = !FIELDS[kind].includes(part.dataset.field);
      input.disabled = part.hidden;
      input.required = !(kind === 'drain' && input.name === 'country');
    }
    setText(this.form.querySelector('[for=order-country]'), `Country${kind === 'drain' ? ' (empty: everywhere)' : ''}`);
  }

  request() {
    const kind = this.field('kind').value;
    const body = { kind };
    for (const name of [...FIELDS[kind], 'for', 'author', 'reason']) {
      const text = this.text(name);
      if (name === 'country' && text) body.country = text.toUpperCase();
      else if (name === 'weights') body.weights = weights(text);
      else if (text) body[name] = text;
    }
    return { path: 'v1/orders', method: 'POST', body };
  }

  would(answer) {
    return words.order(answer);
  }

  done(answer) {
    return `In force: ${words.order(answer)}`;
  }

  tell(answer) {
    setText(this.answer.querySelector('.does'), `${answer.does}.`);
    say(this.answer.querySelector('.until'), 'Until ', at(answer.end), ', then it is over by itself.');
  }
}

const option = (value) => ({ node: el('option', { value }), show() {} });

/** "twilio-main 30, sns-eu 70"; what is no such pair is left for the server to refuse. */
function weights(text) {
  const pairs = text.split(/[,;\n]/).map((pair) => pair.trim().split(/[\s:=]+/)).filter(([name]) => name);
  return Object.fromEntries(pairs.map(([name, weight]) => [name, /^\d+$/.test(weight) ? Number(weight) : String(weight)]));
}

export class LiftForm extends OrderDialog {
  #order;

  constructor(ask) {
    super('lift', ask);
  }

  open(order) {
    this.#order = order;
    super.open();
    setText(byId('lift-title'), `Lift: ${words.order(order)}`);
    setText(this.form.querySelector('.does'), `Now: ${order.does}. Given by ${order.author}: ${order.reason}.`);
    byId('lift-title').focus();
  }

  request() {
    const key = this.#order.key.split('/').map(encodeURIComponent).join('/');
    return { path: `v1/orders/${key}`, method: 'DELETE', body: { author: this.text('author'), reason: this.text('reason') } };
  }

  would(answer) {
    return `lift "${words.order(answer)}"`;
  }

  done(answer) {
    return `Lifted: ${words.order(answer)}`;
  }

  tell() {}
}

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

/** What both dialogs do alike: they ask, name the field that is wrong, and say what came of it. */
class OrderDialog {
  #ask;

  /** @param ask asks the server, with the token */
  constructor(id, ask) {
    this.dialog = byId(id);
    this.form = this.dialog.querySelector('form');
    this.answer = this.dialog.querySelector('.preview');
    this.#ask = ask;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  field(name) {
    return this.form.elements[name];
  }

  open() {
    this.form.hidden = false;
    this.answer.hidden = true;
    this.#tellError('');
    this.field('author').value = sessionStorage.getItem(AUTHOR) ?? '';
    this.field('reason').value = '';
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** @returns the answer, or nothing where the person was told why not */
  async call(path, options) {
    this.#tellError('');
    this.#setBusy(true);
    try {
      const answer = await this.#ask(path, options);
      sessionStorage.setItem(AUTHOR, this.field('author').value);
      return answer;
    } catch (failed) {
      this.#tellError(failed.message, failed.field);
      return undefined;
    } finally {
      this.#setBusy(false);
    }
  }

  showAnswer(follows) {
    this.form.hidden = true;
    this.answer.hidden = false;
    const none = ['Nothing else changes.'];
    keep(this.answer.querySelector('.follows'), follows?.length > 0 ? follows : none, (line) => line, (line) => ({ node: el('li', {}, line), show() {} }));
    this.answer.focus();
  }

  #tellError(text, name) {
    this.form.hidden = text ? false : this.form.hidden;
    if (text) this.answer.hidden = true;
    setText(this.form.querySelector('.error'), text);
    for (const input of this.form.elements) input.removeAttribute('aria-invalid');
    const wrong = name && this.form.elements[name];
    if (wrong) {
      wrong.setAttribute('aria-invalid', 'true');
      wrong.focus();
    }
  }

  #setBusy(busy) {
    this.dialog.querySelectorAll('button:not([data-close])').forEach((each) => (each.disabled = busy));
  }
}

export class OrderForm extends OrderDialog {
  needs = ['providers', 'countries'];

  #confirm = byId('order').querySelector('.danger');
  #leave = this.answer.querySelector('[data-close]');
  #onGiven;
  #previewed;

  /** @param onGiven is called when an order holds */
  constructor(ask, onGiven) {
    super('order', ask);
    this.#onGiven = onGiven;
    this.field('kind').addEventListener('change', () => this.#showFields());
    this.#confirm.addEventListener('click', () => this.#give());
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
    const everywhere = kind === 'drain' ? ' (empty: everywhere)' : '';
    setText(this.form.querySelector('[for=order-country]'), `Country${everywhere}`);
  }

  #order() {
    const kind = this.field('kind').value;
    const order = { kind };
    for (const name of FIELDS[kind]) {
      const text = this.field(name).value.trim();
      if (name === 'country' && text) order.country = text.toUpperCase();
      else if (name === 'weights') order.weights = weights(text);
      else if (text) order[name] = text;
    }
    for (const name of ['for', 'author', 'reason']) order[name] = this.field(name).value.trim();
    return order;
  }

  async submit() {
    const order = this.#order();
    const answer = await this.call('v1/orders', { method: 'POST', body: order });
    if (!answer) return;
    this.#previewed = order;
    this.#say('Not given yet. This would follow:', answer);
    this.#confirm.hidden = false;
    setText(this.#confirm, `Confirm: ${words.order(answer)}`);
    setText(this.#leave, 'Don’t');
    this.showAnswer(answer.follows);
  }

  async #give() {
    const answer = await this.call('v1/orders', { method: 'POST', body: { ...this.#previewed, confirm: true } });
    if (!answer) return;
    this.#say(`In force: ${words.order(answer)}`, answer);
    this.#confirm.hidden = true;
    setText(this.#leave, 'Close');
    this.showAnswer(answer.follows);
    this.#onGiven();
  }

  #say(title, order) {
    setText(byId('preview-title'), title);
    setText(this.answer.querySelector('.does'), `${order.does}.`);
    say(this.answer.querySelector('.until'), 'Until ', at(order.end), ', then it is over by itself.');
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
  #onLifted;

  /** @param onLifted is called when an order holds no more */
  constructor(ask, onLifted) {
    super('lift', ask);
    this.#onLifted = onLifted;
  }

  open(order) {
    this.#order = order;
    super.open();
    setText(byId('lift-title'), `Lift: ${words.order(order)}`);
    setText(this.dialog.querySelector('.does'), `Now: ${order.does}. Given by ${order.author}: ${order.reason}.`);
    byId('lift-title').focus();
  }

  async submit() {
    const path = this.#order.key.split('/').map(encodeURIComponent).join('/');
    const body = { author: this.field('author').value.trim(), reason: this.field('reason').value.trim() };
    const answer = await this.call(`v1/orders/${path}`, { method: 'DELETE', body });
    if (!answer) return;
    this.showAnswer(answer.follows);
    this.#onLifted();
  }
}

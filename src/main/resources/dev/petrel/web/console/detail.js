/** All that is known of a provider, in one country or everywhere, and what can be done about it from here. */
import { arrived } from './cells.js';
import { age, at, byId, el, keep, say, setText } from './dom.js';
import { decision } from './overview.js';
import * as words from './words.js';

const DECISIONS = 8;

export class Detail {
  needs = ['cells', 'providers', 'instances', 'orders', 'decisions', 'countries'];

  #dialog = byId('detail');
  #provider;
  #country;
  #board;
  #onOrder;

  /** @param onOrder is given the order that a button proposes */
  constructor(onOrder) {
    this.#onOrder = onOrder;
  }

  open(provider, country) {
    this.#provider = provider;
    this.#country = country;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#placeButtons();
    this.show(this.#board);
    byId('detail-title').focus();
  }

  show(board) {
    this.#board = board;
    if (!this.#dialog.open) return;
    const provider = board.provider(this.#provider);
    const cell = this.#country && board.cells.get(`${this.#provider}/${this.#country}`);
    setText(byId('detail-title'), this.#title());
    this.#part('.state', (node) => say(node, ...standing(cell, provider)));
    this.#facts('.numbers', this.#country ? numbers(cell, board.country(this.#country)) : perCountry(board, this.#provider));
    this.#facts('.provider', provider ? ofProvider(provider, board.told.instances) : []);
    this.#list('orders', board.ordersOn(this.#provider, this.#country), order);
    this.#list('decisions', board.decisionsOn(this.#provider, this.#country).slice(0, DECISIONS), decision);
  }

  #title() {
    const name = words.countryName(this.#country ?? '');
    return this.#country ? `${this.#provider} in ${this.#country}${name ? `, ${name}` : ''}` : this.#provider;
  }

  #part(selector, fill) {
    fill(this.#dialog.querySelector(selector));
  }

  #facts(selector, facts) {
    this.#part(selector, (node) => keep(node, facts, ([term]) => term, fact));
  }

  #list(name, items, make) {
    this.#dialog.querySelectorAll(`.${name}`).forEach((part) => (part.hidden = items.length === 0));
    this.#part(`ul.${name}`, (node) => keep(node, items, ({ key }) => key, make));
  }

  #placeButtons() {
    const provider = this.#provider;
    const proposals = [
      this.#country && { kind: 'drain', provider, country: this.#country },
      { kind: 'drain', provider },
      { kind: 'breaker', provider, hold: 'open' },
      { kind: 'breaker', provider, hold: 'closed' },
    ].filter(Boolean);
    this.#part('.buttons', (node) => node.replaceChildren(...proposals.map((order) => this.#button(order))));
  }

  #button(order) {
    return el('button', { type: 'button', onclick: () => {
      this.#dialog.close();
      this.#onOrder(order);
    } }, `${words.order(order)}…`);
  }
}

function standing(cell, provider) {
  if (cell) return [`${cell.health}: ${cell.words || words.HEALTH[cell.health]?.means}`, ...since(cell)];
  return provider ? [words.breaker(provider), ...since(provider)] : ['no codes there in the last 60 seconds'];
}

const since = (of) => (of.since ? [', since ', at(of.since), ', for ', age(of.since)] : []);

function numbers(cell, country) {
  if (!cell) return [['Attempts', ['none']]];
  return [
    ['Attempts', [words.count(cell.attempts)]],
    ['Taken', [`${words.count(cell.taken)} (${words.percent(cell.attempts > 0 ? cell.taken / cell.attempts : null)})`]],
    ['Its answer after', latency(cell.answerP50, cell.answerP95)],
    ['In hand', [cell.receipts ? `${words.count(cell.delivered)} (${words.percent(arrived(cell))} of those whose end is known)` : 'no receipts came']],
    ['Not delivered', [cell.receipts ? words.count(cell.undelivered) : 'no receipts came']],
    ['In hand after', latency(cell.inHandP50, cell.inHandP95)],
    ['Share of the country', [words.percent(cell.share)]],
    ['The country', country ? [`${country.state}, ${words.percent(country.inHandShare)} in hand in time`] : ['–']],
  ];
}

function latency(half, most) {
  return [half == null ? 'not known' : `${words.seconds(half)} (half), ${words.seconds(most)} (95 of 100)`];
}

function perCountry(board, provider) {
  const cells = [...board.cells.values()].filter((cell) => cell.provider === provider);
  cells.sort((a, b) => words.weightOf(b) - words.weightOf(a) || b.attempts - a.attempts);
  return cells.map((cell) => [cell.country, [`${cell.health}, ${words.percent(cell.share)} of its codes`]]);
}

function ofProvider(provider, instances) {
  const open = provider.openAt ?? [];
  const closed = instances.map(({ instance }) => instance).filter((name) => !open.includes(name));
  return [
    ['Breaker', [words.breaker(provider), ...since(provider)]],
    open.length > 0 && ['Open at', [open.join(', ')]],
    open.length > 0 && closed.length > 0 && ['Not open at', [closed.join(', ')]],
    ['Failing', [provider.failureRate == null || provider.failureRate < 0 ? 'not known' : `${provider.failureRate} % of its last attempts`]],
    ['In flight', [words.count(provider.inFlight)]],
    ['Passed over', [provider.shut ? provider.shut.replaceAll('_', ' ') : 'no']],
    ['Resting until', provider.restingUntil ? [at(provider.restingUntil)] : ['–']],
  ].filter(Boolean);
}

function fact([term]) {
  const value = el('dd');
  return { node: el('div', {}, el('dt', {}, term), value), show: ([, pieces]) => say(value, ...pieces) };
}

function order() {
  const node = el('li');
  return { node, show: (told) => say(node, `${words.order(told)} until `, at(told.end), `, by ${told.author}: ${told.reason}`) };
}

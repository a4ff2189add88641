/** What the matrix is made of. Each view is made once, and only told what is new. */
import { age, at, el, fit, mark, place, say, setAttribute, setShape, setText } from './dom.js';
import * as words from './words.js';

/** A provider, above its cells. */
export class Column {
  #shape = mark(words.HEALTH.ok.shape);
  #state = el('span', { class: 'state' });
  #more = el('span', { class: 'more' });

  constructor(id, onSelect) {
    this.button = el('button', { type: 'button', tabindex: '-1', onclick: () => onSelect(id) },
      el('span', { class: 'name' }, id), this.#shape, this.#state, this.#more);
    this.node = el('th', { role: 'columnheader', scope: 'col' }, this.button);
  }

  show(provider) {
    if (!provider) return;
    const isShut = words.isShut(provider);
    setAttribute(this.node, 'data-health', isShut ? 'out' : 'ok');
    setShape(this.#shape, words.HEALTH[isShut ? 'out' : 'ok'].shape);
    const why = words.shut(provider);
    say(this.#state, words.breaker(provider), ...(provider.since ? [' since ', at(provider.since)] : []),
      why && `, ${why}`, ...(provider.restingUntil ? [' until ', at(provider.restingUntil)] : []));
    say(this.#more, `${words.count(provider.inFlight)} in flight`, isShut && provider.failureRate > 0 ? `, ${provider.failureRate} % fail` : '');
  }
}

/** A country and its cells. */
export class Row {
  #state = el('span', { class: 'state' });
  #cells = new Map();
  #shown = '';
  #onSelect;

  constructor(code, onSelect) {
    this.#onSelect = onSelect;
    this.node = el('tr', { role: 'row' },
      el('th', { role: 'rowheader', scope: 'row' },
        el('span', { class: 'name' }, code), ' ', el('span', { class: 'long' }, words.countryName(code)), this.#state));
  }

  show(board, code, providers) {
    const ids = [...providers];
    this.#placeCells(code, ids);
    const country = board.country(code);
    setAttribute(this.node, 'data-state', country?.state ?? 'ok');
    say(this.#state, ...standing(country));
    for (const id of ids) this.#cells.get(id).show(board.cells.get(`${id}/${code}`));
  }

  #placeCells(code, ids) {
    const wanted = ids.join();
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#cells = fit(this.#cells, ids, (id) => new Cell(id, () => this.#onSelect(id, code)));
    place(this.node, [this.node.firstElementChild, ...[...this.#cells.values()].map(({ node }) => node)]);
  }
}

function standing(country) {
  if (!country) return [];
  const bad = country.state !== 'ok';
  return [bad ? country.state : null, ...(bad && country.since ? [' since ', at(country.since)] : []),
    country.inHandShare == null ? null : `${bad ? ', ' : ''}${words.percent(country.inHandShare)} in hand in time`];
}

class Cell {
  #id;
  #select;
  #told;
  #views;

  constructor(id, select) {
    this.#id = id;
    this.#select = select;
    this.node = el('td', { role: 'gridcell', class: 'none' }, '–');
  }

  show(cell) {
    if (cell === this.#told) return;
    this.#told = cell;
    if (!cell) {
      this.#empty();
      return;
    }
    this.#views ?? this.#make();
    const { shape, word, share, figures, why } = this.#views;
    const bad = words.weightOf(cell) > 0;
    setAttribute(this.node, 'data-health', cell.health);
    setShape(shape, (words.HEALTH[cell.health] ?? words.HEALTH.quiet).shape);
    setText(word, cell.health);
    setText(share, words.percent(cell.share));
    setText(figures, inFigures(cell));
    say(why, ...(bad ? reason(cell) : []));
  }

  #make() {
    this.#views = {
      shape: mark(words.HEALTH.quiet.shape),
      word: el('span', { class: 'word' }),
      share: el('b'),
      figures: el('span', { class: 'figures' }),
      why: el('span', { class: 'why' }),
    };
    const { shape, word, share, figures, why } = this.#views;
    this.node.className = '';
    this.node.replaceChildren(el('button', { type: 'button', tabindex: '-1', onclick: this.#select },
      el('span', { class: 'who' }, this.#id), shape, word, ' ',
      el('span', { class: 'share', title: 'of the country’s codes' }, el('span', {}, 'share '), share), ' ', figures, ' ', why));
  }

  #empty() {
    this.#views = undefined;
    this.node.className = 'none';
    this.node.removeAttribute('data-health');
    this.node.replaceChildren('–');
  }
}

/** "27 of 50: no answer in time, since 14:02:11, for 3 min". */
function reason({ words: why, since }) {
  if (!since) return [why];
  return [why ? `${why}, since ` : 'since ', at(since), ', for ', age(since)];
}

/** "taken 46 %, in hand 91 %, 2.2 s". */
function inFigures(cell) {
  const figures = [];
  if (cell.attempts > 0) figures.push(`taken ${words.percent(cell.taken / cell.attempts)}`);
  if (arrived(cell) != null) figures.push(`in hand ${words.percent(arrived(cell))}`);
  const latency = cell.inHandP50 ?? cell.answerP50;
  if (latency != null) figures.push(words.seconds(latency));
  return figures.join(', ');
}

/** Of the codes whose end is known. */
export function arrived({ delivered, undelivered }) {
  return delivered + undelivered > 0 ? delivered / (delivered + undelivered) : null;
}

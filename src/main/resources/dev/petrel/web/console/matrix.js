/**
 * Countries down, providers across. A thousand cells may change each second, so each is a view that is made once and only
 * told what is new; rows and columns move when somebody's health changes, and never under a hand that is at work on them.
 */
import { age, at, byId, el, mark, say, setAttribute, setShape, setText } from './dom.js';
import * as words from './words.js';

const ROWS_AT_FIRST = 12;
const COLUMNS_WITH_FIGURES = 5;

export class Matrix {
  needs = ['cells', 'countries', 'providers'];

  #root = byId('matrix');
  #table = this.#root.querySelector('table');
  #head = this.#root.querySelector('thead tr');
  #body = this.#root.querySelector('tbody');
  #filter = byId('matrix-filter');
  #order = byId('matrix-order');
  #more = byId('matrix-all');
  #all = false;
  #board;
  #arranged = '';
  #columns = new Map();
  #rows = new Map();
  #onSelect;

  /** @param onSelect is given a provider and, of a cell, a country */
  constructor(onSelect) {
    this.#onSelect = onSelect;
    const again = () => this.#show(true);
    this.#filter.addEventListener('input', again);
    this.#order.addEventListener('change', again);
    this.#more.addEventListener('click', () => {
      this.#all = !this.#all;
      again();
    });
    this.#table.addEventListener('keydown', (event) => this.#move(event));
    this.#table.addEventListener('focusin', ({ target }) => this.#makeStop(target));
    byId('legend').append(...Object.entries(words.HEALTH).map(legend));
  }

  show(board) {
    this.#board = board;
    this.#show(false);
  }

  #show(asked) {
    if (!this.#board) return;
    const { countries, providers } = this.#traffic();
    this.#arrange(countries, providers, asked);
    for (const [id, column] of this.#columns) column.show(this.#board.provider(id));
    for (const [code, row] of this.#rows) row.show(this.#board, code, this.#columns.keys());
    this.#root.querySelector('.none').hidden = countries.size > 0;
    this.#table.hidden = countries.size === 0;
    this.#showIdle(providers);
  }

  /** Who has any, and how bad it is there. */
  #traffic() {
    const countries = new Map();
    const providers = new Map();
    for (const cell of this.#board.cells.values()) {
      const weight = words.weightOf(cell);
      providers.set(cell.provider, Math.max(providers.get(cell.provider) ?? 0, weight));
      countries.set(cell.country, Math.max(countries.get(cell.country) ?? words.weightOfState(this.#board.country(cell.country)), weight));
    }
    return { countries, providers };
  }

  /** @param asked whether a person wants it so */
  #arrange(countries, providers, asked) {
    const wanted = JSON.stringify([[...countries], [...providers]]);
    const same = wanted === this.#arranged;
    const busy = this.#table.contains(document.activeElement);
    const unknown = [...countries.keys()].some((code) => !this.#rows.has(code)) || [...providers.keys()].some((id) => !this.#columns.has(id));
    if (!asked && (same || (busy && !unknown))) return;
    this.#arranged = wanted;
    const [rows, columns] = this.#matching(this.#ordered(countries), worstFirst(providers));
    setAttribute(this.#table, 'data-figures', String(columns.length <= COLUMNS_WITH_FIGURES));
    this.#placeColumns(columns);
    this.#placeRows(rows, countries);
    if (!this.#table.querySelector('[tabindex="0"]')) this.#makeStop(this.#table.querySelector('button'));
  }

  #ordered(countries) {
    const requests = (code) => this.#board.country(code)?.requests ?? 0;
    switch (this.#order.value) {
      case 'busy':
        return [...countries.keys()].sort((a, b) => requests(b) - requests(a) || a.localeCompare(b));
      case 'name':
        return [...countries.keys()].sort();
      default:
        return [...countries.keys()].sort((a, b) => countries.get(b) - countries.get(a) || requests(b) - requests(a) || a.localeCompare(b));
    }
  }

  /** A word that is of countries leaves these, one that is of providers those. */
  #matching(countries, providers) {
    const word = this.#filter.value.trim().toLowerCase();
    const rows = countries.filter((code) => `${code} ${words.countryName(code)}`.toLowerCase().includes(word));
    const columns = providers.filter((id) => id.includes(word));
    return [columns.length > 0 && rows.length === 0 ? countries : rows, columns.length > 0 ? columns : providers];
  }

  #placeColumns(ids) {
    for (const [id, column] of this.#columns) {
      if (!ids.includes(id)) {
        column.node.remove();
        this.#columns.delete(id);
      }
    }
    const columns = ids.map((id) => [id, this.#columns.get(id) ?? new Column(id, this.#onSelect)]);
    this.#columns = new Map(columns);
    if (!this.#head.firstElementChild) this.#head.append(el('th', { role: 'columnheader', scope: 'col' }, 'Country'));
    place(this.#head, [this.#head.firstElementChild, ...columns.map(([, column]) => column.node)]);
  }

  #placeRows(codes, weights) {
    for (const [code, row] of this.#rows) {
      if (!codes.includes(code)) {
        row.node.remove();
        this.#rows.delete(code);
      }
    }
    const rows = codes.map((code) => [code, this.#rows.get(code) ?? new Row(code, this.#onSelect)]);
    this.#rows = new Map(rows);
    place(this.#body, rows.map(([, row]) => row.node));
    const shown = rows.filter(([code], i) => this.#all || i < ROWS_AT_FIRST || weights.get(code) > words.OUT);
    rows.forEach(([, row]) => (row.node.hidden = true));
    shown.forEach(([, row]) => (row.node.hidden = false));
    this.#more.hidden = rows.length === shown.length && (!this.#all || rows.length <= ROWS_AT_FIRST);
    setText(this.#more, this.#all ? 'Show fewer countries' : `Show all ${rows.length} countries`);
  }

  #showIdle(busy) {
    const idle = byId('idle');
    const without = this.#board.told.providers.filter(({ provider }) => !busy.has(provider));
    idle.hidden = without.length === 0;
    say(idle, `Without traffic: ${without.map((each) => `${each.provider} (${words.breaker(each)})`).join(', ')}.`);
  }

  /** One stop for the tabulator key in the whole grid. */
  #makeStop(button) {
    if (!button?.matches('button')) return;
    this.#table.querySelectorAll('[tabindex="0"]').forEach((each) => each.setAttribute('tabindex', '-1'));
    button.setAttribute('tabindex', '0');
  }

  #move(event) {
    const to = this.#target(event);
    if (!to) return;
    event.preventDefault();
    to.focus();
  }

  #target({ key, ctrlKey, target }) {
    const rows = [this.#head, ...[...this.#body.rows].filter((row) => !row.hidden)];
    const row = target.closest('tr');
    const inRow = (of) => [...of.querySelectorAll('button')];
    const here = inRow(row);
    const y = rows.indexOf(row);
    switch (key) {
      case 'ArrowRight':
        return here[here.indexOf(target) + 1];
      case 'ArrowLeft':
        return here[here.indexOf(target) - 1];
      case 'ArrowDown':
        return nearest(rows.slice(y + 1), target);
      case 'ArrowUp':
        return nearest(rows.slice(0, Math.max(0, y)).reverse(), target);
      case 'Home':
        return inRow(ctrlKey ? rows[0] : row)[0];
      case 'End':
        return inRow(ctrlKey ? rows.at(-1) : row).at(-1);
      default:
        return undefined;
    }
  }
}

/** The first row's button in the same column, or else in the first column that has one. */
function nearest(rows, button) {
  const column = button.closest('td, th').cellIndex;
  const next = rows.find((row) => row.querySelector('button'));
  return next?.cells[column]?.querySelector('button') ?? next?.querySelector('button');
}

const worstFirst = (weights) =>
  [...weights.keys()].sort((a, b) => weights.get(b) - weights.get(a) || a.localeCompare(b));

/** Moves only what is not in its place. */
function place(parent, nodes) {
  let next = parent.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}

function legend([health, { means, shape }]) {
  return el('li', { 'data-health': health }, mark(shape), el('b', {}, health), ` ${means}`);
}

class Column {
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

class Row {
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
    for (const [id, cell] of this.#cells) {
      if (!ids.includes(id)) {
        cell.node.remove();
        this.#cells.delete(id);
      }
    }
    for (const id of ids) if (!this.#cells.has(id)) this.#cells.set(id, new Cell(id, () => this.#onSelect(id, code)));
    place(this.node, [this.node.firstElementChild, ...ids.map((id) => this.#cells.get(id).node)]);
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
  if (cell.receipts) figures.push(`in hand ${words.percent(arrived(cell))}`);
  const latency = cell.inHandP50 ?? cell.answerP50;
  if (latency != null) figures.push(words.seconds(latency));
  return figures.join(', ');
}

/** Of the codes whose end is known. */
export function arrived({ delivered, undelivered }) {
  return delivered + undelivered > 0 ? delivered / (delivered + undelivered) : null;
}

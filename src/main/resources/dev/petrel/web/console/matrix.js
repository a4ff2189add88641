/**
 * Countries down, providers across. A thousand cells may change each second, so nothing is made anew; rows and columns
 * move when somebody's health changes, and never under a hand that is at work on them.
 */
import { Column, Row } from './cells.js';
import { byId, el, fit, mark, place, say, sayNone, setAttribute, setText } from './dom.js';
import * as words from './words.js';

const ROWS_AT_FIRST = 12;
const COLUMNS_WITH_FIGURES = 5;
const AT_WORK = 20_000;

export class Matrix {
  needs = ['cells', 'countries', 'providers', 'reading'];

  #root = byId('matrix');
  #table = this.#root.querySelector('table');
  #head = this.#root.querySelector('thead tr');
  #corner = this.#head.firstElementChild;
  #body = this.#root.querySelector('tbody');
  #filter = byId('matrix-filter');
  #order = byId('matrix-order');
  #more = byId('matrix-all');
  #all = false;
  #board;
  #arranged = { countries: new Map(), providers: new Map(), written: '' };
  #columns = new Map();
  #rows = new Map();
  #touched = 0;
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
    for (const each of ['keydown', 'pointerdown']) this.#table.addEventListener(each, () => (this.#touched = Date.now()));
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
    for (const [code, { node }] of this.#rows) if (countries.get(code) > words.OUT) node.hidden = false; // even under a hand
    sayNone(this.#root.querySelector('.none'), countries.size === 0, this.#board.told);
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
    const written = JSON.stringify([[...countries], [...providers]]);
    const focused = document.activeElement;
    const atWork = this.#table.contains(focused) && Date.now() - this.#touched < AT_WORK;
    const busy = atWork && this.#knows(countries, providers);
    if (!asked && (busy || written === this.#arranged.written)) return;
    this.#arranged = { countries, providers, written };
    const [rows, columns] = this.#matching(this.#ordered(countries), worstFirst(providers));
    setAttribute(this.#table, 'data-figures', String(columns.length <= COLUMNS_WITH_FIGURES));
    this.#placeColumns(columns);
    this.#placeRows(rows, countries);
    if (this.#table.contains(focused)) focused.focus();
    this.#keepStop();
  }

  #knows(countries, providers) {
    return [...countries.keys()].every((code) => this.#arranged.countries.has(code))
      && [...providers.keys()].every((id) => this.#arranged.providers.has(id));
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
    this.#columns = fit(this.#columns, ids, (id) => new Column(id, this.#onSelect));
    place(this.#head, [this.#corner, ...[...this.#columns.values()].map(({ node }) => node)]);
  }

  #placeRows(codes, weights) {
    this.#rows = fit(this.#rows, codes, (code) => new Row(code, this.#onSelect));
    place(this.#body, [...this.#rows.values()].map(({ node }) => node));
    const beyond = codes.filter((code, i) => i >= ROWS_AT_FIRST && weights.get(code) <= words.OUT);
    for (const [code, { node }] of this.#rows) node.hidden = !this.#all && beyond.includes(code);
    this.#more.hidden = beyond.length === 0;
    setText(this.#more, this.#all ? 'Show fewer countries' : `Show all ${codes.length} countries`);
  }

  #showIdle(busy) {
    const idle = byId('idle');
    const without = this.#board.told.providers.filter(({ provider }) => !busy.has(provider));
    idle.hidden = without.length === 0;
    say(idle, `Without traffic: ${without.map((each) => `${each.provider} (${words.breaker(each)})`).join(', ')}.`);
  }

  /** Be it that who had it is hidden now. */
  #keepStop() {
    const stop = this.#table.querySelector('[tabindex="0"]');
    if (!stop || stop.closest('[hidden]')) this.#makeStop(this.#table.querySelector('button'));
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

function legend([health, { means, shape }]) {
  return el('li', { 'data-health': health }, mark(shape), el('b', {}, health), ` ${means}`);
}

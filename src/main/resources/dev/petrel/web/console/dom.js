/** The little that this page needs to make elements and keep them up to date. Texts are texts here, never markup. */
import { clock, span, utc } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/** A new element; attributes that begin with "on" are listeners. */
export function el(tag, attributes = {}, ...children) {
  return fitted(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fitted(document.createElementNS(SVG, tag), attributes, children);
}

function fitted(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A shape out of words.js, in the colour of its text. Words stand beside it always, so nobody is told of it. */
export function mark(shape) {
  return svg('svg', { class: 'mark', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: shape }));
}

export function setShape(node, shape) {
  setAttribute(node.firstChild, 'd', shape);
}

export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/* Pieces of a sentence that are more than text; see say(). */
export const at = (iso) => ({ at: iso });
export const age = (iso) => ({ age: iso });
export const strong = (text) => ({ strong: text });

const said = new WeakMap();

/** Fills a node with pieces, if they are others than before; what is null is left out. */
export function say(node, ...pieces) {
  const now = JSON.stringify(pieces);
  if (said.get(node) === now) return;
  said.set(node, now);
  node.replaceChildren(...pieces.filter((piece) => piece != null).map(piece));
}

function piece(of) {
  if (typeof of === 'string') return of;
  if (of.at) return time(of.at);
  return of.age ? ageNode(of.age) : el('strong', {}, of.strong);
}

/** Local time, with the UTC in its title. */
export function time(iso) {
  return el('time', { datetime: iso, title: utc(iso) }, clock(iso));
}

let serverNow = Date.now;

function ageNode(iso) {
  const node = el('span', { 'data-age': iso });
  tell(node);
  return node;
}

function tell(node) {
  setText(node, span(serverNow() - Date.parse(node.dataset.age)));
}

let today = new Date().toDateString();

/** Moves every age on the page, and gives times their day when it was yesterday. @param now the server's clock */
export function tellAges(now) {
  serverNow = now;
  document.querySelectorAll('[data-age]').forEach(tell);
  if (today === new Date().toDateString()) return;
  today = new Date().toDateString();
  document.querySelectorAll('time').forEach((node) => setText(node, clock(node.dateTime)));
}

/** The sentence that stands where there is nothing; it does not say so while nobody knows. */
export function sayNone(node, isEmpty, { reading }) {
  node.hidden = !isEmpty;
  node.dataset.words ??= node.textContent;
  setText(node, reading ? 'Not read yet.' : node.dataset.words);
}

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A text whose instants are shown in local time. */
export const withTimes = (text) => text.split(INSTANT).map((part, i) => (i % 2 ? time(part) : part));

const kept = new WeakMap();

/**
 * Keeps the children of a node in step with items: one view for each key, in this order.
 * @param make gives { node, show(item) }
 */
export function keep(parent, items, key, make) {
  const named = new Map(items.map((item) => [key(item), item]));
  const views = fit(kept.get(parent) ?? new Map(), [...named.keys()], (name) => make(named.get(name)));
  kept.set(parent, views);
  for (const [name, view] of views) view.show(named.get(name));
  place(parent, [...views.values()].map(({ node }) => node));
}

/** Views of these names, in this order: who is there stays, who is missing is made, who is not wanted leaves. */
export function fit(views, names, make) {
  for (const [name, { node }] of views) if (!names.includes(name)) node.remove();
  return new Map(names.map((name) => [name, views.get(name) ?? make(name)]));
}

/** Moves only what is not in its place. */
export function place(parent, nodes) {
  let next = parent.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}

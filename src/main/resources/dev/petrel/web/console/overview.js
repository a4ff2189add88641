/** What can be said in words: the verdict, what is wrong, what Petrel decided, and who runs. */
import { age, at, byId, el, keep, mark, say, sayNone, setAttribute, setShape, setText, strong } from './dom.js';
import * as words from './words.js';

const DECISIONS_AT_FIRST = 8;

export function verdict() {
  const root = byId('verdict');
  const shape = mark(words.LEVELS.ok.shape);
  let heard;
  root.prepend(shape);
  return {
    needs: ['verdict', 'findings', 'reading'],
    show({ told }) {
      const { level, text } = judged(told);
      setAttribute(root, 'data-level', level);
      setShape(shape, words.LEVELS[level].shape);
      setText(byId('verdict-words'), text);
      const since = earliest(told.findings.filter((finding) => finding.level === level));
      say(byId('verdict-since'), ...(since ? [`${words.LEVELS[level].word} since `, at(since), ', for ', age(since)] : []));
      const reading = byId('reading');
      reading.hidden = !told.reading;
      setText(reading, told.reading ? `Not the whole picture: ${told.reading}.` : '');
      // figures in the text change each second; who hears the page is told when it is about something else
      const [worst] = told.findings;
      const gist = JSON.stringify([level, worst?.key, worst?.title]);
      if (gist !== heard) setText(byId('verdict-heard'), level === 'ok' ? text : named(level, text));
      heard = gist;
    },
  };
}

function earliest(findings) {
  return findings.map((finding) => finding.since).filter(Boolean).sort()[0];
}

const named = (level, text) => `${words.LEVELS[level].word}: ${text}`;

/** Who does not see all can't say that all is well. */
function judged({ verdict: said, reading }) {
  const { level = 'warn', words: text = 'No verdict yet' } = said ?? {};
  return { level: reading && level === 'ok' ? 'warn' : level, text };
}

/** Gives the tab the verdict's name and colour, so that a tab among others says it too. */
export function nameTabAfter(told) {
  const { level, text } = judged(told);
  nameTab(level, level === 'ok' ? '' : named(level, text));
}

/** @param level of the icon; none: the plain one */
export function nameTab(level, text) {
  const title = text ? `${text} · Petrel` : 'Petrel';
  if (document.title !== title) document.title = title;
  setAttribute(document.querySelector('link[rel=icon]'), 'href', level ? icon(level) : 'data:,');
}

function icon(level) {
  const colour = { ok: '#0f7a5a', warn: '#b26a00', bad: '#c2261a' }[level];
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="${colour}"/><path d="${words.LEVELS[level].shape}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(picture)}`;
}

export function totals() {
  const root = byId('totals');
  return {
    needs: ['totals', 'countries', 'orders'],
    show(board) {
      const { totals: all, orders } = board.told;
      const world = board.country('*');
      keep(root, [
        ['codes per second', words.rate(all.perSecond)],
        ['in hand in time', words.percent(world?.inHandShare)],
        ['lag', words.count(all.lag), 'requests that nobody has begun'],
        ['held', words.count(all.held), 'begun, waiting in memory'],
        ['in flight', words.count(all.inFlight), 'at a provider, unanswered'],
        ['waiting for receipts', words.count(all.waiting), 'taken, not yet known to be in hand'],
        ['orders', words.count(orders.length), 'in force'],
      ], ([term]) => term, total);
    },
  };
}

function total([term, , meaning]) {
  const value = el('dd');
  const node = el('div', meaning ? { title: meaning } : {}, el('dt', {}, term), value);
  return { node, show: ([, text]) => setText(value, text) };
}

/** @param onOrder is given the order that a finding proposes */
export function findings(onOrder) {
  const root = byId('findings');
  return {
    needs: ['findings', 'reading'],
    show({ told }) {
      const all = told.findings;
      sayNone(root.querySelector('.none'), all.length === 0, told);
      setText(root.querySelector('.count'), all.length > 0 ? String(all.length) : '');
      keep(root.querySelector('ul'), all, (finding) => finding.key, () => card(onOrder));
    },
  };
}

function card(onOrder) {
  const shape = mark(words.LEVELS.bad.shape);
  const level = el('span', { class: 'unseen' });
  const title = el('span');
  const since = el('p', { class: 'since' });
  const what = el('dd');
  const done = el('dd');
  const may = el('ul');
  const page = el('p', { class: 'hint' });
  let proposed;
  const button = el('button', { type: 'button', onclick: () => onOrder(proposed) });
  const node = el('li', {},
    el('div', { class: 'head' }, el('h3', {}, shape, level, title), since),
    el('dl', {},
      el('div', {}, el('dt', {}, 'What happens'), what),
      el('div', {}, el('dt', {}, 'What Petrel did'), done),
      el('div', {}, el('dt', {}, 'What you may do'), el('dd', {}, may, button, page))));
  return {
    node,
    show(finding) {
      proposed = finding.order;
      setAttribute(node, 'data-level', finding.level);
      setShape(shape, words.LEVELS[finding.level].shape);
      setText(level, `${words.LEVELS[finding.level].word}: `);
      setText(title, finding.title);
      say(since, ...(finding.since ? ['since ', at(finding.since), ', for ', age(finding.since)] : []));
      say(what, finding.what ?? '–');
      say(done, finding.done ?? 'Nothing.');
      keep(may, finding.may ?? [], (line) => line, line);
      button.hidden = !proposed;
      setText(button, proposed ? `${words.order(proposed)}…` : '');
      setText(page, finding.page ? `More: docs/operations.md #${finding.page}` : '');
    },
  };
}

const line = (text) => ({ node: el('li', {}, text), show() {} });

export function decisions() {
  const root = byId('decisions');
  const more = byId('decisions-all');
  let all = false;
  let latest = [];
  const show = () => {
    more.hidden = latest.length <= DECISIONS_AT_FIRST;
    setText(more, all ? 'Show the latest only' : `Show all ${latest.length}`);
    keep(root.querySelector('ol'), all ? latest : latest.slice(0, DECISIONS_AT_FIRST), (each) => each.key, decision);
  };
  more.addEventListener('click', () => {
    all = !all;
    show();
  });
  return {
    needs: ['decisions', 'reading'],
    show({ told }) {
      latest = told.decisions;
      sayNone(root.querySelector('.none'), latest.length === 0, told);
      show();
    },
  };
}

/** A line of the feed: "US: twilio-main → sns-eu, 14:02:11, breaker open: 27 of 50 timed out". */
export function decision() {
  const way = el('p');
  const when = el('p', { class: 'hint' });
  const node = el('li', {}, way, when);
  return {
    node,
    show({ country, from, to, at: begin, last, words: why, codes, over }) {
      setAttribute(node, 'data-over', String(Boolean(over)));
      say(way, strong(country ?? 'everywhere'), `: ${from ?? 'nobody'} → ${to ?? 'nobody'}, `, at(begin), `, ${why}`);
      say(when, `${words.count(codes)} ${codes === 1 ? 'code' : 'codes'}, `, ...(over ? ['over since ', at(last)] : ['goes on, for ', age(begin)]));
    },
  };
}

export function instances() {
  const root = byId('instances');
  return {
    needs: ['instances', 'partitions', 'unowned', 'by'],
    show({ told }) {
      const unowned = byId('unowned');
      unowned.hidden = told.unowned.length === 0;
      setText(unowned, `Partitions that nobody owns: ${told.unowned.join(', ')}`);
      setText(root.querySelector('.count'), `${told.instances.length}, ${told.partitions} partitions`);
      keep(root.querySelector('tbody'), told.instances, (each) => each.instance, () => instance(told.by));
    },
  };
}

function instance(by) {
  const name = el('th', { scope: 'row' });
  const shape = mark(words.HEALTH.ok.shape);
  const state = el('span');
  const cells = Array.from({ length: 5 }, (_, i) => el('td', i > 0 ? { class: 'number' } : {}));
  const node = el('tr', {}, name, el('td', { class: 'state' }, shape, state), ...cells);
  return {
    node,
    show(told) {
      const well = told.state === 'ok';
      setAttribute(node, 'data-level', well ? 'ok' : 'bad');
      setShape(shape, well ? words.HEALTH.ok.shape : words.LEVELS.bad.shape);
      setText(name, told.instance === by ? `${told.instance} (serves this page)` : told.instance);
      say(state, words.instanceState(told.state), ...(told.state === 'late' ? [' since ', at(told.at), ', for ', age(told.at)] : []));
      const values = [told.partitions.join(', ') || 'none', lease(told.leaseAgeMs), words.count(told.inFlight), words.count(told.held), words.count(told.lag)];
      values.forEach((value, i) => setText(cells[i], value));
    },
  };
}

const lease = (millis) => (millis == null ? '–' : words.seconds(millis / 1000));

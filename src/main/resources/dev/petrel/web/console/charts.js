/** The last 15 minutes as lines, and their latest values as words. */
import { at, byId, el, say, setAttribute, setText, svg } from './dom.js';
import { rate, seconds } from './words.js';

const WIDTH = 300;
const HEIGHT = 80;

const CHARTS = [
  {
    title: 'Codes per second',
    write: rate,
    lines: [
      { name: 'asked for', style: 'first', of: (series) => series.requests.map((each) => each / series.step) },
      { name: 'in hand', style: 'second', of: (series) => series.inHand.map((each) => each / series.step) },
      { name: 'failed', style: 'third', of: (series) => series.failed.map((each) => each / series.step) },
    ],
  },
  {
    title: 'Time to handset',
    write: seconds,
    lines: [
      { name: 'half within', style: 'first', of: (series) => series.p50 },
      { name: '95 of 100 within', style: 'second', of: (series) => series.p95 },
    ],
  },
];

export function charts() {
  const views = CHARTS.map(chart);
  byId('charts').append(...views.map((view) => view.node));
  return {
    needs: ['series', 'findings', 'reading'],
    show({ told }) {
      if (told.series) views.forEach((view) => view.show(told));
    },
  };
}

function chart({ title, write, lines }) {
  const paths = lines.map(({ style }) => svg('path', { class: `line ${style}` }));
  const begins = svg('path', { class: 'begins' });
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' }, begins, ...paths);
  const values = lines.map(() => el('b'));
  const top = el('span', { class: 'top-value' });
  const ends = [el('span'), el('span')];
  const legend = lines.map(({ name, style }, i) =>
    el('li', {}, sample(style), `${name} `, values[i]));
  const node = el('figure', { class: 'panel', hidden: '' },
    el('figcaption', {}, el('h3', {}, title), el('ul', {}, ...legend)),
    el('div', { class: 'plot' }, picture, top),
    el('p', { class: 'axis' }, ...ends));
  return {
    node,
    show({ series, findings, reading, at: now }) {
      node.hidden = false;
      // the last piece is still filling, and would look like a fall
      const numbers = lines.map((line) => line.of(series).slice(0, -1));
      const most = Math.max(...numbers.flat().filter((each) => each != null), 0);
      const scale = most > 0 ? HEIGHT / (most * 1.08) : 0;
      numbers.forEach((each, i) => {
        setAttribute(paths[i], 'd', path(each, scale));
        setText(values[i], write(each.at(-1)));
      });
      setText(top, most > 0 ? write(most) : '');
      setAttribute(begins, 'd', begin(series, findings));
      setAttribute(picture, 'aria-label', `${title}: ${lines.map(({ name }, i) => `${name} ${said(numbers[i], write)}`).join('; ')}`);
      say(ends[0], at(series.begin));
      say(ends[1], reading ? at(now) : 'now');
    },
  };
}

const sample = (style) =>
  svg('svg', { class: 'sample', viewBox: '0 0 24 8', 'aria-hidden': 'true' }, svg('path', { class: `line ${style}`, d: 'M1 4h22' }));

function said(numbers, write) {
  const known = numbers.filter((each) => each != null);
  if (known.length === 0) return 'not known';
  return `${write(numbers.at(-1))} at the end, between ${write(Math.min(...known))} and ${write(Math.max(...known))} in 15 minutes`;
}

function path(numbers, scale) {
  const step = WIDTH / (numbers.length - 1);
  let d = '';
  let pen = 'M';
  numbers.forEach((number, i) => {
    if (number == null) {
      pen = 'M';
      return;
    }
    d += `${pen}${(i * step).toFixed(1)} ${(HEIGHT - number * scale).toFixed(1)}`;
    pen = 'L';
  });
  return d;
}

/** An upright line where something began to be wrong. */
function begin({ begin: first, step, requests }, findings) {
  const from = Date.parse(first);
  const all = step * 1000 * (requests.length - 1);
  return findings
    .map((finding) => (finding.since ? (Date.parse(finding.since) - from) / all : -1))
    .filter((part) => part > 0 && part < 1)
    .map((part) => `M${(part * WIDTH).toFixed(1)} 0V${HEIGHT}`)
    .join('');
}

/** The page: asks for a token, follows the stream, tells each part what is new, and says loudly when nothing comes. */
import { Board } from './board.js';
import { charts } from './charts.js';
import { Detail } from './detail.js';
import { byId, say, setText, tellAges } from './dom.js';
import { Matrix } from './matrix.js';
import { LiftForm, OrderForm, ordersInForce } from './orders.js';
import { decisions, findings, instances, nameTab, nameTabAfter, totals, verdict } from './overview.js';
import { ask, Stream } from './server.js';
import { Explain, Trace } from './tools.js';
import { clock, span, zone } from './words.js';

const TOKEN = 'petrel.token';
const STALE_AFTER = 5_000;

const board = new Board();
let token;
let stream;
let lastNews;
let trouble = '';
let puzzled = false;

const askServer = (path, options) => ask(token, path, options);

const liftForm = new LiftForm(askServer);
const orderForm = new OrderForm(askServer);
const detail = new Detail((order) => orderForm.open(order));
const matrix = new Matrix((provider, country) => detail.open(provider, country));
const parts = [
  verdict(),
  totals(),
  findings((order) => orderForm.open(order)),
  matrix,
  decisions(),
  charts(),
  instances(),
  ordersInForce((order) => liftForm.open(order)),
  orderForm,
  detail,
];
const forgetful = [new Trace(askServer), new Explain(askServer), orderForm, liftForm];
byId('order-new').addEventListener('click', () => orderForm.open());
for (const each of document.querySelectorAll('[data-close]')) {
  each.addEventListener('click', () => each.closest('dialog').close());
}

/* what came since the last frame, for all of it to be shown at once */
let news = new Set();

function take(event, data) {
  const names = board.take(event, data);
  if (news.size === 0) plan(show);
  names.forEach((name) => news.add(name));
}

/** A hidden tab gets no frames. */
function plan(act) {
  if (document.hidden) setTimeout(act);
  else requestAnimationFrame(act);
}

/** So that a part that throws does not stop the others. What it shows may be wrong from then on. */
function attempt(act) {
  try {
    act();
  } catch (failed) {
    puzzled = true;
    console.error(failed);
  }
}

function show() {
  const names = news;
  news = new Set();
  if (!stream) return;
  byId('waiting').hidden = true;
  byId('board').hidden = false;
  document.querySelector('nav').hidden = false;
  tellAges(board.now);
  for (const part of parts) {
    if (part.needs.some((name) => names.has(name))) attempt(() => part.show(board));
  }
  tellState();
}

function begin(secret) {
  token = secret;
  sessionStorage.setItem(TOKEN, secret);
  byId('token-form').hidden = true;
  byId('leave').hidden = false;
  byId('waiting').hidden = !byId('board').hidden;
  lastNews = undefined;
  stream = new Stream(secret, {
    event: (name, data) => {
      lastNews = Date.now();
      trouble = '';
      attempt(() => take(name, data));
    },
    broken: (words) => {
      trouble = words;
    },
    refused: (refusal) => askForToken(`The gateway refuses this token: ${refusal.message}`),
  });
  void stream.run();
}

function askForToken(error = '') {
  stream?.end();
  stream = undefined;
  lastNews = undefined;
  sessionStorage.removeItem(TOKEN);
  document.querySelectorAll('dialog[open]').forEach((each) => each.close());
  forgetful.forEach((each) => each.forget());
  for (const id of ['board', 'waiting', 'leave']) byId(id).hidden = true;
  document.querySelector('nav').hidden = true;
  byId('token-form').hidden = false;
  setText(byId('token-error'), error);
  byId('token').value = '';
  byId('token').focus();
  tellState();
}

/** Twice a second: is what stands here still true? */
function look() {
  tellAges(board.now);
  tellState();
}

function tellState() {
  const silence = lastNews === undefined ? 0 : Date.now() - lastNews;
  const stale = stream !== undefined && silence > STALE_AFTER;
  const lines = alarms(stale, silence);
  const [alarm] = lines;
  document.body.classList.toggle('stale', stale);
  byId('stale').hidden = !alarm;
  [...byId('stale').children].forEach((node, i) => setText(node, lines[i] ?? ''));
  showFreshness(stale ? 'stale, as of ' : puzzled ? 'not understood, as of ' : board.told.reading ? 'behind, as of ' : 'live, ');
  if (!stream || lastNews === undefined) nameTab();
  else if (alarm) nameTab('bad', alarm);
  else nameTabAfter(board.told);
}

function alarms(stale, silence) {
  if (!stale) return puzzled ? ['This page does not understand what it is told: reload it'] : [];
  return [
    `STALE since ${clock(new Date(lastNews).toISOString())}`,
    `Nothing has come for ${span(silence)}: what you see is old.`,
    trouble ? `Trying again; ${trouble}.` : 'Trying again.',
  ];
}

function showFreshness(how) {
  const { at, by } = board.told;
  if (!stream) setText(byId('freshness'), 'not connected');
  else if (lastNews === undefined) setText(byId('freshness'), trouble ? `connecting; ${trouble}` : 'connecting');
  else if (at) say(byId('freshness'), how, { at }, ` (${zone()}), from ${by}`);
}

/** Out of the address, where it would stay in the history and in the next screenshot. */
function tokenOfAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) history.replaceState(null, '', location.pathname + location.search);
  return given;
}

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  begin(byId('token').value.trim());
});
byId('forget').addEventListener('click', () => askForToken());
addEventListener('hashchange', () => {
  const given = tokenOfAddress();
  if (given) {
    stream?.end();
    begin(given);
  }
});
for (const [target, event] of [[window, 'online'], [document, 'visibilitychange']]) {
  target.addEventListener(event, () => {
    stream?.retry();
    look();
  });
}
document.addEventListener('visibilitychange', () => {
  if (document.hidden && news.size > 0) show(); // its frame does not come now
});
setInterval(look, 500);

const known = tokenOfAddress() ?? sessionStorage.getItem(TOKEN);
if (known) begin(known);
else askForToken();

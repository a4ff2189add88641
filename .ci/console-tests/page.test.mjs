/** The page by itself, before boards that are made up. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { board, cell, Fake } from './fake.mjs';
import { DESKTOP, launch, PHONE, Visit } from './visit.mjs';

const SOON = { timeout: 30_000 };
const COUNTRIES = ('US CA MX BR AR CL CO PE GB IE FR DE ES PT IT NL BE LU CH AT SE NO DK FI PL CZ SK HU RO BG GR TR UA IL AE SA EG ZA'
  + ' NG KE IN PK BD LK TH VN ID PH JP KR').split(' ');
const PROVIDERS = Array.from({ length: 20 }, (_, i) => `provider-${i}`);
const CHANGES = 300;

let browser;
let fake;
let visit;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
});

async function gone() {
  await visit.close();
  fake.stop();
  assert.deepEqual(visit.complaints, []);
}

afterEach(gone);

async function on(first, look) {
  fake = await Fake.start(first);
  visit = await Visit.to(browser, fake.url, look);
  return visit.page;
}

const seen = (selector, text) => visit.page.locator(selector).filter({ hasText: text }).first().waitFor(SOON);
/** Not by frames, which may be what is missing. */
const until = (test, value) => visit.page.waitForFunction(test, value, { polling: 50, ...SOON });
const titled = (words) => until((wanted) => document.title.includes(wanted), words);
/** It is later at once, and stays so late. */
const later = (millis) => visit.page.clock.setFixedTime(Date.now() + millis);
const finding = (more = {}) => ({ key: 'k', level: 'bad', title: 'a fails in US', since: null, what: 'w', done: 'd', may: [], order: null, page: null, ...more });

const cellsShown = (page) => page.locator('#matrix td:has(button)').allInnerTexts();

test('a thousand cells on a slow phone are all as the last of many changes left them', async () => {
  const all = new Map(PROVIDERS.flatMap((provider) => COUNTRIES.map((country) => [`${provider}/${country}`, cell(provider, country)])));
  const page = await on(board([...all.values()]), PHONE);
  await page.locator('#matrix-all').click();
  const slow = await visit.context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });

  const begun = Date.now();
  let sent = 0;
  for (let change = 0; change < CHANGES; change++) {
    // each is the last to touch some, so that none can be lost unseen
    const cells = [...all.values()].slice(Math.floor((change * all.size) / CHANGES)).map((each) => ({ ...each, inHandP50: (change * 7 % 999) / 1000 }));
    cells.forEach((each) => all.set(`${each.provider}/${each.country}`, each));
    sent += cells.length;
    fake.change({ at: new Date().toISOString(), cells });
  }
  fake.change({ verdict: { level: 'ok', words: 'That was the last' } });
  await page.locator('#verdict-words').filter({ hasText: 'That was the last' }).waitFor(SOON);
  const seconds = (Date.now() - begun) / 1000;
  console.log(`20 providers x 50 countries, CPU slowed 4 times: ${Math.round(CHANGES / seconds)} changes of ${Math.round(sent / CHANGES)} cells a second`);

  const wrong = await page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll('#matrix tbody tr')];
    const shown = new Map(rows.flatMap((row) => [...row.querySelectorAll('td button')].map((button) =>
      [`${button.querySelector('.who').textContent}/${row.querySelector('.name').textContent}`, button.querySelector('.figures').textContent])));
    return wanted.filter(([key, millis]) => !shown.get(key)?.endsWith(`, ${millis} ms`)).map(([key]) => key);
  }, [...all].map(([key, { inHandP50 }]) => [key, Math.round(inHandP50 * 1000)]));
  assert.deepEqual(wrong, []);
  assert.equal(await visit.sideways(), 0);
});

test('many providers keep nobody out, and no page moves sideways', async () => {
  for (const look of [DESKTOP, PHONE]) {
    const cells = PROVIDERS.map((provider, i) => cell(provider, 'US', { health: ['ok', 'failing', 'silent', 'slow', 'out', 'quiet'][i % 6] }));
    const page = await on(board(cells), look);
    await page.locator('#matrix td:has(button)').first().waitFor(SOON);

    assert.deepEqual(await visit.barriers(), []);
    assert.equal(await visit.sideways(), 0);
    if (look === DESKTOP) await gone();
  }
});

test('a stream that ended is taken up again, and what is no more is gone', async () => {
  const page = await on(board([cell('a', 'US'), cell('b', 'US'), cell('a', 'FR')]));
  await page.locator('#matrix td:has(button)').nth(2).waitFor(SOON);

  fake.change({ gone: ['a/FR'] });
  await page.locator('#matrix tbody tr').nth(1).waitFor({ state: 'detached', ...SOON });

  fake.restart(board([cell('b', 'US', { share: 1 })]));
  await page.locator('#matrix .share').filter({ hasText: '100 %' }).waitFor(SOON);
  assert.equal((await cellsShown(page)).length, 1);
  assert.equal(await page.locator('#stale').isVisible(), false);
});

test('the worst stands first, and moves nothing away from under the keyboard', async () => {
  const page = await on(board([cell('a', 'US'), cell('a', 'ZA', { health: 'failing' }), cell('b', 'FR', { health: 'slow' })]));
  const rows = () => page.locator('#matrix tbody tr .name').allInnerTexts();
  await page.locator('#matrix tbody tr').nth(2).waitFor(SOON);
  assert.deepEqual(await rows(), ['ZA', 'FR', 'US']);

  await page.locator('#matrix td[data-health=slow] button').press('Home');
  fake.change({ cells: [cell('a', 'US', { health: 'silent' }), cell('a', 'ZA')] });
  await page.locator('#matrix td[data-health=silent]').waitFor(SOON);
  assert.deepEqual(await rows(), ['ZA', 'FR', 'US']);

  await later(21_000); // nobody is at work any more, though the focus is where it was
  fake.change({ cells: [cell('a', 'US', { health: 'silent' })] });
  await page.locator('#matrix tbody tr:first-child [data-health=silent]').waitFor(SOON);
  assert.deepEqual(await rows(), ['US', 'FR', 'ZA']);
  assert.ok(await page.evaluate(() => document.activeElement.closest('#matrix td') !== null));
});

test('a country that gets ill is shown, even while somebody is at work on the table', async () => {
  const page = await on(board(COUNTRIES.slice(0, 15).map((country) => cell('a', country))));
  await page.locator('#matrix-all').waitFor(SOON);
  const hidden = await page.locator('#matrix tbody tr[hidden] .name').first().textContent();

  await page.locator('#matrix td button').first().press('Home');
  fake.change({ cells: [cell('a', hidden, { health: 'failing' })] });
  await page.locator('#matrix tbody tr', { has: page.locator('[data-health=failing]') }).waitFor(SOON);
  assert.equal(await page.locator('#matrix tbody tr:not([hidden])').count(), 13);
});

test('a filter by country or by provider leaves these', async () => {
  const page = await on(board([cell('alpha', 'US'), cell('beta', 'US'), cell('alpha', 'IN')]));
  await page.locator('#matrix td:has(button)').nth(2).waitFor(SOON);

  await page.locator('#matrix-filter').fill('india');
  await page.locator('#matrix tbody tr').nth(1).waitFor({ state: 'detached', ...SOON });
  await page.locator('#matrix-filter').fill('beta');
  await page.locator('#matrix thead button').nth(1).waitFor({ state: 'detached', ...SOON });
  assert.equal((await cellsShown(page)).length, 1);
});

test('what comes from elsewhere is text, whatever it looks like', async () => {
  const evil = '<img src=x onerror="document.title=1"><b>';
  const all = [finding({ title: evil, what: evil, done: evil, may: [evil] })];
  const page = await on(board([cell('a', 'US', { health: 'failing', words: evil })], { findings: all, verdict: { level: 'bad', words: evil } }));

  await page.locator('#findings h3').filter({ hasText: evil }).waitFor(SOON);
  assert.equal(await page.locator('img, #board b b').count(), 0);
});

test('who does not see all does not say that all is well', async () => {
  const series = { begin: new Date(Date.now() - 900_000).toISOString(), step: 10, requests: [1, 2, 3], inHand: [1, 2, 3], failed: [0, 0, 0], p50: [1, 1, 1], p95: [2, 2, 2] };
  const page = await on(board([], { reading: 'Kafka can’t be read', series }));
  const nothings = () => page.locator(':is(#findings, #matrix, #decisions) .none').allInnerTexts();

  await page.locator('#verdict[data-level=warn]').waitFor(SOON);
  await seen('#reading', 'Not the whole picture: Kafka can’t be read');
  await seen('#freshness', 'behind, as of');
  assert.deepEqual(await nothings(), ['Not read yet.', 'Not read yet.', 'Not read yet.']);
  assert.match(await page.locator('.axis').first().locator('span').last().innerText(), /\d\d:\d\d:\d\d/);

  fake.change({ reading: null });
  await seen('#freshness', 'live');
  await seen('#findings', 'Nothing is wrong that Petrel can see');
  assert.ok(!(await nothings()).includes('Not read yet.'));
  await seen('.axis', 'now');
});

test('a hidden tab shows what is wrong and is named after it, though it gets no frames', async () => {
  const page = await on(board([]));
  await seen('#verdict', 'All is well');
  await page.evaluate(() => {
    globalThis.requestAnimationFrame = () => (globalThis.asked = true);
  });
  const hide = (hidden) => page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { value: is, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

  fake.change({ verdict: { level: 'bad', words: 'It was still seen' } });
  await until(() => globalThis.asked);
  await hide(true);
  await titled('Trouble: It was still seen');
  await seen('#verdict-words', 'It was still seen');
  fake.change({ verdict: { level: 'warn', words: 'It is hidden' } });
  await titled('Warning: It is hidden');
  await seen('#verdict-words', 'It is hidden');
});

test('a tab that hears nothing is named so, then after the verdict again, and after nothing when it forgets', async () => {
  const page = await on(board([], { verdict: { level: 'warn', words: 'a is slow' } }));
  const icon = () => page.locator('link[rel=icon]').getAttribute('href');
  await titled('Warning: a is slow');
  const warning = await icon();

  await later(10_000);
  await titled('STALE since');
  assert.notEqual(await icon(), warning);
  fake.change({ at: new Date().toISOString() });
  await titled('Warning: a is slow');
  assert.equal(await icon(), warning);

  await page.locator('#forget').click();
  assert.equal(await page.title(), 'Petrel');
  assert.equal(await icon(), 'data:,');
});

test('after midnight what was today has its day', async () => {
  const page = await on(board([], { findings: [finding({ since: new Date().toISOString() })] }));
  const since = page.locator('#findings time');
  await since.filter({ hasText: /^\d\d:\d\d:\d\d$/ }).waitFor(SOON);

  await later(86_400_000);
  await since.filter({ hasText: /^\d+ \w+ \d\d:\d\d:\d\d$/ }).waitFor(SOON);
});

test('who hears the page is told when it is about something else, not when a figure is', async () => {
  const wrong = (title, words) => ({ findings: [finding({ title })], verdict: { level: 'bad', words } });
  const page = await on(board([], wrong('a fails in US', '10 codes wait')));
  const heard = page.locator('#verdict [role=status]');
  await heard.filter({ hasText: 'Trouble: 10 codes wait' }).waitFor(SOON);

  fake.change(wrong('a fails in US', '11 codes wait'));
  await seen('#verdict-words', '11 codes wait');
  assert.equal(await heard.textContent(), 'Trouble: 10 codes wait');

  fake.change(wrong('a fails in FR, US', '12 codes wait'));
  await heard.filter({ hasText: 'Trouble: 12 codes wait' }).waitFor(SOON);
});

test('what is not understood stops no other part, and is not called live', async () => {
  const page = await on(board([]));
  await seen('#freshness', 'live');

  fake.change({ decisions: 7, partitions: 12 });
  await seen('#stale', 'This page does not understand what it is told: reload it');
  await seen('#instances', '12 partitions');
  await seen('#freshness', 'not understood');
  assert.match(await page.title(), /^This page does not understand/);
  assert.equal(visit.complaints.length, 1);
  visit.complaints.length = 0;
});

async function order(page) {
  await page.locator('#order-new').click();
  await page.locator('#order-provider').fill('a');
  await page.locator('#order-author').fill('alice');
  await page.locator('#order-reason').fill('it hangs');
  await page.keyboard.press('Enter');
}

test('an error of no field has the focus, and an answer to who has left is dropped', async () => {
  const page = await on(board([cell('a', 'US')]));
  await seen('#freshness', 'live');
  fake.reply = () => ({ status: 503, body: { error: 'no broker takes it' } });
  await order(page);
  await seen('#order form .error', 'no broker takes it');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'no broker takes it');
  await page.keyboard.press('Escape');

  let answer;
  const asked = new Promise((resolve) => {
    fake.reply = () => new Promise((give) => {
      answer = give;
      resolve();
    });
  });
  await order(page);
  await asked;
  await page.keyboard.press('Escape');
  await page.locator('#order-new').click();
  const came = page.waitForResponse('**/v1/orders');
  answer({ body: { kind: 'drain', provider: 'a', does: 'a gets nothing more', follows: [], end: new Date().toISOString() } });
  await (await came).finished();
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.equal(await page.locator('#order .preview').isVisible(), false);
  assert.equal(await page.locator('#order form .primary').isEnabled(), true);
  visit.complaints.length = 0; // the browser tells of a 503 by itself
});

test('who lets the page forget leaves neither answers nor a name', async () => {
  const page = await on(board([cell('a', 'US')]));
  await seen('#freshness', 'live');
  fake.reply = () => ({ body: { kind: 'drain', provider: 'a', does: 'a gets nothing more', follows: [], end: new Date().toISOString() } });
  await order(page);
  await seen('#order .preview', 'Not done yet');
  await page.keyboard.press('Escape');
  fake.reply = () => ({ body: { lines: ['submitted to a'], remarks: [] } });
  await page.locator('#trace-id').fill('id-1');
  await page.keyboard.press('Enter');
  await seen('#trace .answer', 'submitted to a');

  await page.locator('#forget').click();
  const left = await page.evaluate(() => [document.querySelector('#trace .answer').textContent, ...Object.values(sessionStorage),
    ...[...document.querySelectorAll('#order-author, #trace-id')].map(({ value }) => value)].join(''));
  assert.equal(left, '');
});

test('events are read whole, wherever the network cuts them', async () => {
  const page = await on(board([]));
  const read = await page.evaluate(async () => {
    const { EventReader } = await import('/server.js');
    const text = ': Petrel\n\nevent: board\ndata: {"a":\ndata: 1}\n\nevent: change\r\ndata: {}\r\n\r\ndata: 2\n\n';
    return Array.from({ length: text.length }, (_, cut) => {
      const events = [];
      const reader = new EventReader();
      for (const chunk of [text.slice(0, cut), text.slice(cut)]) reader.read(chunk, (name, data) => events.push([name, JSON.parse(data)]));
      return JSON.stringify(events);
    });
  });
  assert.deepEqual([...new Set(read)], ['[["board",{"a":1}],["change",{}],["",2]]']);
});

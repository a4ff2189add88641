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

  await page.locator('#matrix td[data-health=slow] button').focus();
  fake.change({ cells: [cell('a', 'US', { health: 'silent' }), cell('a', 'ZA')] });
  await page.locator('#matrix td[data-health=silent]').waitFor(SOON);
  assert.deepEqual(await rows(), ['ZA', 'FR', 'US']);

  await later(21_000); // nobody is at work any more, though the focus is where it was
  fake.change({ cells: [cell('a', 'US', { health: 'silent' })] });
  await page.locator('#matrix tbody tr:first-child [data-health=silent]').waitFor(SOON);
  assert.deepEqual(await rows(), ['US', 'FR', 'ZA']);
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
  const finding = { key: 'k', level: 'bad', title: evil, since: null, what: evil, done: evil, may: [evil], order: null, page: null };
  const page = await on(board([cell('a', 'US', { health: 'failing', words: evil })], { findings: [finding], verdict: { level: 'bad', words: evil } }));

  await page.locator('#findings h3').filter({ hasText: evil }).waitFor(SOON);
  assert.equal(await page.locator('img, #board b b').count(), 0);
});

test('who does not see all does not say that all is well', async () => {
  const page = await on(board([], { reading: 'Kafka can’t be read' }));

  await page.locator('#verdict[data-level=warn]').waitFor(SOON);
  await page.locator('#reading').filter({ hasText: 'Not the whole picture: Kafka can’t be read' }).waitFor(SOON);
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

/** The console before real gateways: an outage, from its first second to the order that was lifted again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stage } from './stage.mjs';
import { DESKTOP, launch, PHONE, Visit } from './visit.mjs';

const NUMBER = '+12025550199';
const SOON = { timeout: 45_000 };

let stage;
let browser;
let visit;
let page;

before(async () => {
  browser = await launch();
  stage = await Stage.start();
  visit = await Visit.to(browser, stage.url);
  page = visit.page;
});

after(async () => {
  await browser?.close();
  await stage?.kill();
});

const seen = (selector, text) => page.locator(selector).filter({ hasText: text }).first().waitFor(SOON);
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());

test('a wrong token is refused in words, and another one asked for', async () => {
  await page.keyboard.type('nobody');
  await page.keyboard.press('Enter');

  await seen('#token-error', 'this needs a token');
  assert.equal(await page.locator('#board').isVisible(), false);
  visit.complaints.length = 0; // the browser tells of a 401 by itself
});

test('a token and the Enter key show both instances and three countries', async () => {
  await page.keyboard.type(stage.token);
  await page.keyboard.press('Enter');

  for (const instance of ['petrel-0', 'petrel-1']) await seen('#instances tbody tr', instance);
  for (const country of ['US', 'GB', 'FR']) await seen('#matrix tbody tr', country);
  await seen('#matrix thead', 'twilio-main');
  await seen('#verdict', 'All is well');
});

test('a token in the address is taken, and does not stay there', async () => {
  const other = await Visit.to(browser, `${stage.url}/#token=${stage.token}`);

  await other.page.locator('#matrix tbody tr').first().waitFor(SOON);
  assert.equal(other.page.url(), `${stage.url}/`);
  await other.close();
});

test('who fails, where, since when and what was done stands there soon after a provider hangs', async () => {
  const died = Date.now();
  await stage.behave('twilio-main', { mode: 'black_hole' });

  await seen('#findings li', 'twilio-main fails in FR, GB, US');
  console.log(`an outage is on the page ${((Date.now() - died) / 1000).toFixed(1)} s after its first lost answer`);
  const finding = page.locator('#findings li').first();
  await seen('#findings li .since', /since \d\d:\d\d:\d\d, for/);
  await seen('#findings li', 'no answer in time');
  await seen('#findings li', 'sns-eu instead');
  const since = Date.parse(await finding.locator('time').first().getAttribute('datetime'));
  assert.ok(Math.abs(since - died) < 60_000, 'since about then');
  await seen('#matrix td[data-health=failing]', 'twilio-main');
  await seen('#decisions li', /US: twilio-main → sns-eu, \d\d:\d\d:\d\d, /);
});

for (const [name, look] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`nothing keeps people out during an outage: ${name}, ${colorScheme}`, async () => {
      const other = await Visit.to(browser, `${stage.url}/#token=${stage.token}`, { ...look, colorScheme });
      await other.page.locator('#findings li').first().waitFor(SOON);

      assert.deepEqual(await other.barriers(), []);
      assert.equal(await other.sideways(), 0);
      await other.close();
    });
  }
}

test('a finding leads to an order by the keyboard alone: previewed, confirmed, in force', async () => {
  await page.reload(); // the tab keeps its token
  await page.locator('#findings li').first().waitFor(SOON);
  const keys = await visit.tabTo('#findings button');
  console.log(`Tab leads to the first finding's order in ${keys} strokes`);
  await page.keyboard.press('Enter');
  await visit.tabTo('#order-author');
  await page.keyboard.type('alice');
  await visit.tabTo('#order-reason');
  await page.keyboard.type('it hangs');
  await page.keyboard.press('Enter');

  await seen('#order .preview', 'Not done yet');
  await seen('#order .preview', 'twilio-main gets nothing more');
  assert.deepEqual(await stage.orders(), []);

  await visit.tabTo('#order .danger');
  await page.keyboard.press('Enter');
  await seen('#order .preview', 'In force: Drain twilio-main everywhere');
  assert.deepEqual((await stage.orders()).map(({ key, author }) => [key, author]), [['drain/twilio-main', 'alice']]);
  await page.keyboard.press('Escape');
  assert.match(await focused(), /^Drain twilio-main/);
  await seen('#orders li', 'alice: it hangs');
});

test('a code to a number is explained, the order in it, and the number stays nowhere', async () => {
  await visit.tabTo('#explain-to');
  await page.keyboard.type(NUMBER);
  await page.keyboard.press('Enter');

  await seen('#explain .answer', 'first to sns-eu');
  await seen('#explain .answer', 'twilio-main passed over: an operator has it drained');
  await seen('#explain .answer', '•');
  const all = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll('input')].map(({ value }) => value).join());
  assert.ok(!all.includes(NUMBER.slice(1)));
});

test('a mistake in an order is told at its field', async () => {
  await visit.tabTo('#order-new');
  await page.keyboard.press('Enter');
  await page.locator('#order-provider').fill('twilio-main');
  await page.locator('#order-country').fill('America'.slice(0, 3));
  await page.locator('#order-reason').fill('a slip of the pen');
  await page.keyboard.press('Enter');

  await seen('#order form .error', 'country');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'order-country');
  await page.keyboard.press('Escape');
});

test('the order is lifted by the keyboard, after a preview too', async () => {
  await visit.tabTo('#orders li button');
  await page.keyboard.press('Enter');
  await visit.tabTo('#lift-reason');
  await page.keyboard.type('it works again');
  await page.keyboard.press('Enter');

  await seen('#lift .preview', 'Not done yet');
  assert.equal((await stage.orders()).length, 1);
  await visit.tabTo('#lift .danger');
  await page.keyboard.press('Enter');
  await seen('#lift .preview', 'Lifted: Drain twilio-main');
  await page.keyboard.press('Escape');
  await page.locator('#orders li').waitFor({ state: 'detached', ...SOON });
  assert.deepEqual(await stage.orders(), []);
});

test('the matrix is one stop; arrows move in it, and Enter shows the numbers', async () => {
  await page.evaluate(() => document.activeElement?.blur());
  await visit.tabTo('#matrix table');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
  const cell = await focused();
  await page.keyboard.press('Enter');

  await seen('#detail h2', /^twilio-main in (US|GB|FR)/);
  await seen('#detail', 'Attempts');
  await seen('#detail', 'breaker open at');
  await page.keyboard.press('Escape');
  assert.ok(await page.evaluate(() => document.activeElement.closest('#matrix td') !== null), `back at ${cell}`);
  await visit.tabTo('#decisions, #charts, #instances, #orders', 4);
});

test('a code is traced, its number masked', async () => {
  await page.evaluate(() => document.activeElement?.blur());
  await visit.tabTo('#trace-id');
  await page.keyboard.type('us-0');
  await page.keyboard.press('Enter');

  await seen('#trace .answer', 'submitted');
  await seen('#trace .answer', '•');
  assert.ok(!(await page.locator('#trace .answer').innerText()).includes('2025550100'));
});

test('nothing is asked of anybody else, and the browser has nothing to complain of', () => {
  const strangers = visit.requests.filter((url) => !url.startsWith(`${stage.url}/`) && !url.startsWith('data:'));
  assert.deepEqual(strangers, []);
  const known = /status of 400/; // of the order that was wrong on purpose
  assert.deepEqual(visit.complaints.filter((complaint) => !known.test(complaint)), []);
});

test('a page whose gateway stands still says so, keeps what it has, and is alive again after it', async () => {
  const frozen = Date.now();
  stage.freeze();

  await seen('#stale', 'STALE since');
  console.log(`a frozen gateway is called stale after ${((Date.now() - frozen) / 1000).toFixed(1)} s`);
  assert.match(await page.title(), /^STALE since/);
  assert.match(await page.locator('#matrix tbody').innerText(), /twilio-main/);
  assert.match(await page.locator('main').evaluate((main) => getComputedStyle(main).filter), /grayscale/);
  assert.deepEqual(await visit.barriers(), []);

  stage.wake();
  await page.locator('#stale').waitFor({ state: 'hidden', ...SOON });
  await seen('#freshness', 'live');
  assert.doesNotMatch(await page.title(), /STALE/);
});

test('a page whose gateway is killed says so', async () => {
  await stage.kill();

  await seen('#stale', 'STALE since');
  await seen('#stale', 'does not answer');
  assert.match(await page.title(), /^STALE since/);
});

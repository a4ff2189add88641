/**
 * The scripts of loadtest/ under the stand-in for k6: they hold where Petrel and the providers are well, and each threshold is
 * seen to be crossed where something is wrong that it is there for.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakePetrel } from './fake.mjs';
import { k6, loadtest, tmp } from './k6.mjs';
import { Stage } from './stage.mjs';

/** A machine that tests is busy, and what a sign-in page waits for is not what is tested. */
const PATIENT = { ACCEPT_MS: 10000 };

const PROVIDERS = ['twilio-main', 'sns-eu'];
const DEAD = { mode: 'empty_503' };
const WELL = { mode: 'healthy' };

/** Those of the scripts that hold, with the script in front. @type {Set<string>} */
const thresholds = new Set();
/** @type {Set<string>} */
const crossed = new Set();

/**
 * @param {string} script
 * @param {{ [name: string]: string | number }} env
 */
async function holds(script, env) {
  const run = await k6(script, { ...PATIENT, ...env });
  run.all.forEach((name) => thresholds.add(`${script} ${name}`));
  assert.equal(run.code, 0, run.said);
  return run;
}

/**
 * @param {string} script
 * @param {{ [name: string]: string | number }} env
 * @param {string[]} wanted thresholds; others may be crossed with them
 */
async function crosses(script, env, wanted) {
  const run = await k6(script, env);
  assert.equal(run.code, 99, `${wanted}:\n${run.said}`);
  assert.deepEqual(wanted.filter((name) => !run.crossed.includes(name)), [], run.said);
  for (const name of wanted) {
    const metric = name.slice(0, name.lastIndexOf(' '));
    assert.match(run.said, new RegExp(`thresholds on metrics '.*${metric.replace(/[{}]/g, '\\$&')}.*' have been crossed`));
    crossed.add(`${script} ${name}`);
  }
  return run;
}

describe('the load tests', { concurrency: 1 }, () => {
  describe('with no Petrel', { concurrency: 1 }, () => {
    /** @type {FakePetrel} */
    let fake;
    before(async () => {
      fake = await new FakePetrel().start();
    });
    after(() => fake.stop());

    test('call nobody where a recipient could be somebody’s', async () => {
      for (const RECIPIENTS of ['+4915112345678', '+18005550123', 'US,+12025550123,+12025551234', 'US,DE', '+447700900123,447700900123']) {
        const { code, said } = await k6('steady.js', { PETREL_URL: fake.url, PETREL_TOKEN: 'secret-of-nobody', RECIPIENTS });
        assert.equal(code, 108, said);
        assert.match(said, /test aborted: RECIPIENTS: entry \d is not kept free for fiction/);
        assert.doesNotMatch(said, /15112345678|8005550123|2025551234|secret-of-nobody/);
      }
      assert.equal(fake.calls, 0);
    });

    test('call nobody without a token', async () => {
      const { code, said } = await k6('steady.js', { PETREL_URL: fake.url });
      assert.equal(code, 108, said);
      assert.match(said, /test aborted: PETREL_TOKEN/);
      assert.equal(fake.calls, 0);
    });

    test('say which variable is wrong', async () => {
      const wrong = [
        ['spike.js', 'RATE', '0.5'],
        ['spike.js', 'SPIKE', '0'],
        ['soak.js', 'DURATION', '5 minutes'],
        ['steady.js', 'VUS', '-1'],
        ['outage.js', 'OUTAGE', '2s'],
      ];
      for (const [script, name, value] of wrong) {
        const { code, said } = await k6(script, { PETREL_URL: fake.url, PETREL_TOKEN: 'any', [name]: value });
        assert.equal(code, 107, said);
        assert.match(said, new RegExp(`${name}: is ${value.slice(0, 1)}.*, must be`));
      }
    });

    test('don’t start with a threshold that can’t be read, or is on nothing', async () => {
      const place = await mkdtemp(join(tmp, 'broken-'));
      await cp(new URL('lib', loadtest), join(place, 'lib'), { recursive: true });
      const steady = await readFile(new URL('steady.js', loadtest), 'utf8');
      for (const threshold of ["petrel_lost: ['count=0']", "petrel_lost: ['p(95)<1']", "checks: ['rate>ninety']", "petrel_loost: ['count==0']", "'petrel_lost{how': ['count==0']"]) {
        await writeFile(join(place, 'steady.js'), steady.replace('...inSummary', `...inSummary, ${threshold}`));
        const { code, said } = await k6(join(place, 'steady.js'), { PETREL_URL: fake.url, PETREL_TOKEN: 'any' });
        assert.equal(code, 104, `${threshold}: ${said}`);
      }
      assert.equal(fake.calls, 0);
    });

    test('don’t pass where an answer breaks them', async () => {
      const petrel = await new FakePetrel({ event: () => null }).start();
      await crosses('smoke.js', { PETREL_URL: petrel.url, PETREL_TOKEN: 'any', DURATION: '2s' }, ['petrel_broken count']);
      petrel.stop();
    });

    test('see where an answer breaks the contract', async () => {
      const mistakes = [
        { source: 'somewhere' },
        { event: () => ({ requestId: 'another' }) },
        { event: (/** @type {string} */ to) => ({ recipient: { masked: to } }) },
      ];
      await Promise.all(
        mistakes.map(async (mistake) => {
          const petrel = await new FakePetrel(mistake).start();
          await crosses('smoke.js', { PETREL_URL: petrel.url, PETREL_TOKEN: 'any', DURATION: '2s' }, ['checks rate']);
          petrel.stop();
        }),
      );
    });
  });

  test('bring again what was refused, and ask where there is no stream', async () => {
    const busy = await new FakePetrel({ isBusy: true }).start();
    const { code, said } = await k6('steady.js', { PETREL_URL: busy.url, PETREL_TOKEN: 'any', RATE: 2, DURATION: '1s', ACCEPT_MS: 10000 });
    busy.stop();
    assert.equal(code, 99, said);
    assert.match(said, /thresholds on metrics 'http_req_failed{name:send}' have been crossed/);
    assert.match(said, /submitted +2\n/);
    assert.equal(busy.brought.length, 4);
    assert.equal(new Set(busy.brought).size, 2, 'the same was not brought unchanged');
  });

  describe('with a Petrel that is well', { concurrency: 1 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await Stage.start();
      await stage.behave('twilio-main', {
        rules: [{ mode: 'healthy', country: '+44', receipts: { kind: 'delivered', finalAfter: { ms: 31000 } } }],
      });
    });
    after(() => stage.kill());

    test('hold; and tell of a country whose handsets get their codes late', async () => {
      const here = { ...stage.env, RECIPIENTS: 'US,FR' };
      await Promise.all([
        holds('smoke.js', { ...here, RATE: 2, DURATION: '3s' }),
        holds('steady.js', { ...here, RATE: 5, DURATION: '6s' }),
        holds('spike.js', { ...here, RATE: 2, SPIKE: 8, DURATION: '4s' }),
        holds('soak.js', { ...here, RATE: 5, DURATION: '10s' }),
        crosses('steady.js', { ...stage.env, RECIPIENTS: 'GB', RATE: 2, DURATION: '2s' }, ['petrel_time_to_hand p(99)', 'petrel_prompt rate']),
      ]);
    });

    test('tell of a rate beyond what Petrel takes, and of one that k6 does not make', async () => {
      const few = { ...stage.env, PETREL_TOKEN: stage.tokenForFew, RECIPIENTS: 'US,FR', VUS: 40 };
      const [, , , stopped] = await Promise.all([
        crosses('soak.js', { ...few, RATE: 7, DURATION: '8s', INSISTENCE: '1m' }, [
          ...['petrel_time_to_accept p(95)', 'petrel_time_to_accept p(99)', 'http_req_failed{name:send} rate'],
          'petrel_time_to_accept{part:last} p(95)',
        ]),
        crosses('spike.js', { ...few, RATE: 2, SPIKE: 8, DURATION: '4s', INSISTENCE: '1m' }, ['petrel_time_to_accept{scenario:aftermath} p(95)']),
        crosses('soak.js', { ...stage.env, RATE: 5, DURATION: '4s', VUS: 1 }, ['dropped_iterations count']),
        crosses('soak.js', { ...few, RATE: 8, DURATION: '1m', INSISTENCE: '1s' }, ['petrel_accepted rate']),
      ]);
      assert.match(stopped.said, /stopped early: petrel_accepted/);
    });

    test('tell of codes that nobody takes in time', async () => {
      await Promise.all(PROVIDERS.map((provider) => stage.behave(provider, DEAD)));
      const { next } = await stage.numbers(0);
      const runs = [
        crosses('soak.js', { ...stage.env, RECIPIENTS: 'US', RATE: 3, DURATION: '8s', VUS: 30 }, [
          ...['petrel_time_to_taken p(99)', 'petrel_time_to_taken{part:last} p(99)', 'petrel_prompt rate', 'petrel_prompt{part:last} rate'],
        ]),
        crosses('spike.js', { ...stage.env, RECIPIENTS: 'FR', RATE: 2, SPIKE: 4, DURATION: '2s', VUS: 30 }, [
          ...['petrel_time_to_taken{scenario:spike} p(99)', 'petrel_time_to_taken{scenario:aftermath} p(99)'],
          'petrel_prompt{scenario:aftermath} rate',
        ]),
      ];
      for (const country of ['+1', '+33']) {
        await until(async () => (await stage.numbers(next)).numbers.some((number) => number.startsWith(country)));
      }
      await sleep(25000); // the last is asked after eight seconds, and is to be late by more than ten
      await Promise.all(PROVIDERS.map((provider) => stage.behave(provider, WELL)));
      await Promise.all(runs);
    });

    test('tell of a Petrel that is gone', async () => {
      const dying = crosses('steady.js', { ...stage.env, RATE: 5, DURATION: '8s', INSISTENCE: '2s', PATIENCE: '8s' }, [
        ...['petrel_accepted rate', 'petrel_answered rate', 'petrel_prompt rate', 'petrel_lost count'],
      ]);
      const before = await stage.taken();
      await until(async () => (await stage.taken()) > before + 10);
      await stage.kill();
      await dying;
    });
  });

  describe('with providers in trouble', { concurrency: 1 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await Stage.start();
    });
    after(() => stage.kill());

    const outage = { RATE: 10, CALM: '3s', OUTAGE: '20s' };

    test('hold while one provider is dead, and put it right again', async () => {
      const { said } = await holds('outage.js', { ...stage.env, ...outage, HEALED: '20s', FAILOVER: '10s', VUS: 100 });
      assert.match(said, /failover +\d\.\d s/);
      assert.ok(await stage.isHealthy('twilio-main'));
    });

    test('tell that nobody died, and that nobody came back', async () => {
      const brief = { ...stage.env, RATE: 5, CALM: '1s', FAILOVER: '1s', OUTAGE: '3s', HEALED: '1s', VUS: 2 };
      await Promise.all([
        crosses('outage.js', { ...brief, FAULT: '{ "mode": "healthy", "country": "+99" }' }, [
          ...['petrel_passed_over max', 'dropped_iterations count'],
        ]),
        crosses('outage.js', { ...brief, PROVIDER: 'sns-eu' }, ['petrel_came_back max']), // nobody needs the second of the route
      ]);
    });

    test('tell of a failover that takes long, and heal what the test has killed again', async () => {
      const run = crosses('outage.js', { ...stage.env, ...outage, HEALED: '1s' }, ['petrel_passed_over min']);
      await until(async () => !(await stage.isHealthy('twilio-main')));
      await stage.behave('twilio-main', WELL);
      await sleep(5000);
      await stage.behave('twilio-main', { mode: 'black_hole' });
      await until(() => stage.isHealthy('twilio-main'));
      await stage.behave('twilio-main', { mode: 'black_hole' });
      await run;
      assert.ok(await stage.isHealthy('twilio-main'), 'teardown has not healed it');
    });

    test('tell that nobody took codes in time while one was dead', async () => {
      const run = crosses('outage.js', { ...stage.env, RATE: 3, CALM: '1s', FAILOVER: '5s', OUTAGE: '22s', HEALED: '1s', VUS: 60 }, [
        ...['petrel_prompt{phase:failover} rate', 'petrel_prompt{phase:outage} rate'],
        ...['petrel_time_to_taken{phase:outage} med', 'petrel_time_to_taken{phase:outage} p(99)'],
      ]);
      await until(async () => !(await stage.isHealthy('twilio-main')));
      await stage.behave('sns-eu', DEAD);
      await until(() => stage.isHealthy('twilio-main'));
      await stage.behave('sns-eu', WELL);
      await run;
    });
  });
});

test('each threshold has been seen to be crossed', () => {
  // what all scripts have in common need not be staged for each
  const common = new Set([...thresholds].filter((name) => name.startsWith('smoke.js ')).map((name) => name.slice('smoke.js '.length)));
  const seen = new Set([...crossed].map((name) => name.slice(name.indexOf(' ') + 1)));
  assert.ok(common.size >= 10, `${[...common]}`);
  assert.deepEqual([...common].filter((name) => !seen.has(name)), []);
  const own = [...thresholds].filter((name) => !common.has(name.slice(name.indexOf(' ') + 1)));
  assert.deepEqual(own.filter((name) => !crossed.has(name)), []);
});

/** @param {() => Promise<boolean>} holds */
async function until(holds) {
  const end = Date.now() + 60000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `has not come about within a minute: ${holds}`);
    await sleep(50);
  }
}

import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { plan } from './executors.mjs';
import { Metrics } from './metrics.mjs';
import { Threshold } from './thresholds.mjs';
import { Vu } from './vu-thread.mjs';

/** k6's own exit codes. */
const CROSSED = 99;
const INVALID = 104;
const EXCEPTION = 107;
const ABORTED = 108;

const LOOK_AT_THRESHOLDS_MS = 2000;
const LOADED_AT_ONCE = 4;

/**
 * Runs a script as `k6 run` does: its options, `setup`, the functions of its scenarios at their rates, thresholds, `teardown`,
 * `handleSummary`. Where an iteration throws it says so and goes on.
 * @param {string} script
 * @param {{ [name: string]: string | undefined }} env
 * @returns {Promise<number>} the exit code
 */
export async function run(script, env) {
  const place = await mkdtemp(join(tmpdir(), 'petrel-k6-'));
  const test = new Test({ script: pathToFileURL(join(place, basename(script))).href, env });
  try {
    await copy(resolve(script), place);
    return await test.run();
  } catch (e) {
    complain(e instanceof Failed ? e.message : String(/** @type {Error} */ (e).stack));
    return e instanceof Failed ? e.code : 1;
  } finally {
    await test.stop();
    await rm(place, { recursive: true });
  }
}

/**
 * The scripts, with what stands in for k6's modules where Node.js looks for them. Hooks of `node:module` would do without a
 * copy, but cost each VU a second thread.
 * @param {string} script
 * @param {string} place
 */
async function copy(script, place) {
  await writeFile(join(place, 'package.json'), '{ "type": "module" }');
  await cp(script, join(place, basename(script)));
  await cp(join(dirname(script), 'lib'), join(place, 'lib'), { recursive: true });
  await mkdir(join(place, 'node_modules'));
  await symlink(fileURLToPath(new URL('k6', import.meta.url)), join(place, 'node_modules', 'k6'));
}

/** @param {string} line */
function complain(line) {
  process.stderr.write(`${line}\n`);
}

class Failed extends Error {
  /**
   * @param {number} code
   * @param {string} why
   */
  constructor(code, why) {
    super(why);
    this.code = code;
  }
}

class Test {
  #what;
  #metrics = new Metrics();
  #over = new AbortController();
  /** @type {Vu[]} */
  #vus = [];
  /** @type {Threshold[]} */
  #thresholds = [];
  #begun = performance.now();
  /** @type {string | undefined} */
  #aborted;

  /** @param {{ script: string, env: { [name: string]: string | undefined } }} what */
  constructor(what) {
    this.#what = what;
  }

  async run() {
    const [first, { options, functions }] = await this.#load();
    const scenarios = this.#read(options, functions);
    const data = functions.includes('setup') ? await this.#once(first, 'setup') : undefined;
    if (this.#aborted === undefined) {
      /** @type {Vu[][]} */
      const pools = [];
      for (const { planned } of scenarios) pools.push(await this.#pool(planned.preAllocated));
      this.#begun = performance.now();
      const looking = setInterval(() => this.#abortOnFail(), LOOK_AT_THRESHOLDS_MS);
      await Promise.all(scenarios.map((scenario, i) => this.#play(scenario, pools[i], data)));
      clearInterval(looking);
      if (functions.includes('teardown')) await this.#once(first, 'teardown', data);
    }
    const seconds = this.#seconds();
    const crossed = this.#thresholds.filter((threshold) => !threshold.evaluate(seconds));
    if (functions.includes('handleSummary')) {
      const out = await this.#once(first, 'handleSummary', this.#summary(options, seconds, data));
      await Promise.all(Object.entries(out).map(([where, what]) => write(where, String(what))));
    }
    return this.#end(crossed);
  }

  async stop() {
    this.#over.abort();
    await Promise.all(this.#vus.map((vu) => vu.stop()));
  }

  /** @param {Threshold[]} crossed */
  #end(crossed) {
    if (this.#aborted !== undefined) {
      complain(`test aborted: ${this.#aborted}`);
      return ABORTED;
    }
    if (crossed.length > 0) {
      complain(`thresholds on metrics '${[...new Set(crossed.map(({ metric }) => metric))].join(', ')}' have been crossed`);
      return CROSSED;
    }
    return 0;
  }

  /** @returns {Promise<[Vu, { options: any, functions: string[] }]>} */
  async #load() {
    const vu = new Vu(this.#what, {
      metric: (name, type, isTime) => this.#metrics.declare(name, type, isTime),
      sample: (metric, value, tags) => this.#metrics.add(metric, value, tags),
      aborted: (why) => this.#abort(why),
    });
    this.#vus.push(vu);
    const { ready, failed } = await vu.load();
    if (!ready) throw new Failed(EXCEPTION, failed ?? 'a VU has ended');
    return [vu, ready];
  }

  /**
   * @param {any} options
   * @param {string[]} functions
   */
  #read(options, functions) {
    try {
      for (const [metric, given] of Object.entries(options.thresholds ?? {})) {
        const sink = this.#metrics.watch(metric);
        for (const each of /** @type {any[]} */ (given)) this.#thresholds.push(new Threshold(metric, each, sink));
      }
      return Object.entries(options.scenarios).map(([name, scenario]) => {
        const { exec = 'default', executor } = /** @type {any} */ (scenario);
        if (!functions.includes(exec)) throw new Error(`scenario ${name}: the script exports no function ${exec}`);
        return { name, exec, executor, planned: plan(name, scenario) };
      });
    } catch (e) {
      throw new Failed(INVALID, /** @type {Error} */ (e).message);
    }
  }

  /**
   * @param {Vu} vu
   * @param {string} name
   * @param {unknown} [argument]
   */
  async #once(vu, name, argument) {
    const { done, failed } = await vu.run(name, argument);
    if (!done && this.#aborted === undefined) throw new Failed(EXCEPTION, `${name}: ${failed}`);
    return done?.value === undefined ? undefined : JSON.parse(done.value);
  }

  /** @param {number} size */
  async #pool(size) {
    /** @type {Vu[]} */
    const pool = [];
    while (pool.length < size) {
      const some = Array.from({ length: Math.min(LOADED_AT_ONCE, size - pool.length) }, async () => (await this.#load())[0]);
      pool.push(...(await Promise.all(some)));
    }
    return pool;
  }

  /**
   * @param {{ name: string, exec: string, executor: string, planned: import('./executors.mjs').Plan }} scenario
   * @param {Vu[]} pool
   * @param {unknown} data
   */
  async #play({ name, exec, executor, planned }, pool, data) {
    const { begin, duration, graceful, most, isOpen, arrivals } = planned;
    await this.#until(this.#begun + begin);
    const startTime = Date.now();
    const started = performance.now();
    /** @type {Set<Promise<void>>} */
    const running = new Set();
    let iteration = 0;
    let loading = false;
    for (const arrival of arrivals) {
      await this.#until(started + arrival);
      if (!isOpen) while (pool.every(({ busy }) => busy) && !this.#isOver()) await Promise.race(running);
      if (this.#isOver()) break;
      const free = pool.find(({ busy }) => !busy);
      if (free) {
        const scenario = { name, executor, startTime, duration, iteration: iteration++ };
        const ending = this.#iterate(free, exec, data, scenario).finally(() => running.delete(ending));
        running.add(ending);
        continue;
      }
      // k6 drops it too, and prepares another VU for those that follow
      this.#metrics.add('dropped_iterations', 1, { scenario: name });
      if (pool.length < most && !loading) {
        loading = true;
        void this.#load().then(([vu]) => {
          pool.push(vu);
          loading = false;
        });
      }
    }
    const last = this.#until(started + duration).then(() => this.#until(started + duration + graceful));
    await Promise.race([Promise.all(running), last]);
    if (running.size > 0) complain(`scenario ${name}: ${running.size} iterations were interrupted`);
    this.#metrics.add('vus_max', this.#vus.length);
    await Promise.all(pool.map((vu) => vu.stop()));
  }

  /**
   * @param {Vu} vu
   * @param {string} exec
   * @param {unknown} data
   * @param {import('./vu-state.mjs').Scenario} scenario
   */
  async #iterate(vu, exec, data, scenario) {
    const { done, failed } = await vu.run(exec, data, scenario);
    if (failed) {
      complain(failed);
    }
    if (done) {
      this.#metrics.add('iterations', 1, { scenario: scenario.name });
      this.#metrics.add('iteration_duration', done.took, { scenario: scenario.name });
    }
  }

  /** @param {number} moment by the monotonic clock; at once where the run is over */
  async #until(moment) {
    const left = moment - performance.now();
    if (left > 0) await sleep(left, undefined, { signal: this.#over.signal }).catch(() => undefined);
  }

  #isOver() {
    return this.#over.signal.aborted;
  }

  /** @param {string} why */
  #abort(why) {
    this.#aborted ??= why;
    this.#over.abort();
  }

  #abortOnFail() {
    const seconds = this.#seconds();
    const crossed = this.#thresholds.filter(
      (threshold) => threshold.abortOnFail && !threshold.sink.isEmpty && threshold.delaySeconds < seconds && !threshold.evaluate(seconds),
    );
    if (crossed.length > 0 && !this.#isOver()) {
      complain(`stopped early: ${crossed.map(({ metric, source }) => `${metric} ${source}`).join(', ')}`);
      this.#over.abort();
    }
  }

  #seconds() {
    return (performance.now() - this.#begun) / 1000;
  }

  /**
   * @param {any} options
   * @param {number} seconds
   * @param {unknown} data
   */
  #summary(options, seconds, data) {
    const trendStats = options.summaryTrendStats ?? ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
    const metrics = this.#metrics.summary(trendStats, seconds);
    for (const { metric, source, ok } of this.#thresholds) {
      metrics[metric].thresholds = { ...metrics[metric].thresholds, [source]: { ok } };
    }
    return { metrics, options: { summaryTrendStats: trendStats }, state: { testRunDurationMs: seconds * 1000 }, setup_data: data };
  }
}

/**
 * @param {string} where
 * @param {string} what
 */
async function write(where, what) {
  if (where === 'stdout') process.stdout.write(what);
  else if (where === 'stderr') process.stderr.write(what);
  else await writeFile(where, what);
}

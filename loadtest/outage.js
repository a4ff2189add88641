/**
 * A provider dies under load, and comes back: its death is staged at the simulator, and healed by the script, in `teardown` at
 * the latest. Codes must go on arriving; Petrel must pass the provider over within seconds, and use it again afterwards.
 *
 *     k6 run -e RATE=20 -e SIMULATOR=http://127.0.0.1:9090 -e PROVIDER=twilio-main -e FAULT=black_hole outage.js
 */
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import { begin, code } from './lib/code.js';
import { inSummary, objectives, shown } from './lib/metrics.js';
import { gracefulStop, seconds, text, vus, whole } from './lib/settings.js';
import { behave, healthyBehavior } from './lib/simulator.js';
import { summary, trendStats } from './lib/summary.js';

const RATE = whole('RATE', 20);
const CALM = seconds('CALM', '30s');
const OUTAGE = seconds('OUTAGE', '1m');
/** The breaker waits for 10 s before it tries again. */
const HEALED = seconds('HEALED', '1m');

/** The first of the route, or nobody notices. */
const PROVIDER = text('PROVIDER', 'twilio-main');
/** A mode without fields of its own, or a whole behavior as JSON. */
const FAULT = text('FAULT', 'black_hole');
const fault = FAULT.startsWith('{') ? FAULT : JSON.stringify({ mode: FAULT });

/**
 * After which the first code goes round the provider, in seconds: its timeout (3 s), half of a breaker's window (25 codes), and a
 * second. Each instance has a breaker of its own: with several, say more.
 */
const FAILOVER = seconds('FAILOVER', `${Math.ceil(4 + 25 / RATE)}s`);
if (OUTAGE <= FAILOVER) {
  throw new Error(`OUTAGE: is ${OUTAGE} s, must be more than FAILOVER, ${FAILOVER} s`);
}

/** How long after the fault a code was asked that met the provider no more: the least is the time to fail over. */
const passedOver = new Trend('petrel_passed_over', true);
/** How long after the healing a code was asked that the provider took: the least is the time to come back. */
const cameBack = new Trend('petrel_came_back', true);

const once = /** @type {const} */ ({ executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '30s' });

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    codes: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: `${CALM + OUTAGE + HEALED}s`,
      gracefulStop,
      ...vus(RATE),
    },
    strike: { ...once, exec: 'strike', startTime: `${CALM}s` },
    heal: { ...once, exec: 'heal', startTime: `${CALM + OUTAGE}s` },
  },
  thresholds: {
    ...objectives,
    ...inSummary,
    'petrel_prompt{phase:failover}': ['rate>=0.99'],
    'petrel_prompt{phase:outage}': ['rate>=0.99'],
    // most meet a provider that works at once: only trial calls meet the dead one
    'petrel_time_to_taken{phase:outage}': ['med<1000', 'p(99)<10000'],
    petrel_passed_over: [`min<${FAILOVER * 1000}`, 'max>0'],
    petrel_came_back: ['max>0'],
    ...shown(['calm', 'failover', 'healed'].map((phase) => `petrel_time_to_taken{phase:${phase}}`)),
  },
  summaryTrendStats: trendStats,
};

/** @returns {import('./lib/code.js').Run & { before: string }} */
export function setup() {
  const run = begin();
  return { ...run, before: healthyBehavior(PROVIDER) };
}

/** @param {ReturnType<typeof setup>} data */
export default function (data) {
  const sinceFault = Date.now() - exec.scenario.startTime - CALM * 1000;
  const sinceHealing = sinceFault - OUTAGE * 1000;
  const phase = sinceFault < 0 ? 'calm' : sinceFault < FAILOVER * 1000 ? 'failover' : sinceHealing < 0 ? 'outage' : 'healed';
  exec.vu.metrics.tags.phase = phase;
  const { events, provider } = code(data);
  const met = events.some((event) => event.attempt?.provider === PROVIDER);
  if ((phase === 'failover' || phase === 'outage') && provider && !met) {
    passedOver.add(sinceFault);
  }
  if (phase === 'healed' && provider === PROVIDER) {
    cameBack.add(sinceHealing);
  }
}

export function strike() {
  behave(PROVIDER, fault);
}

/** @param {ReturnType<typeof setup>} data */
export function heal(data) {
  behave(PROVIDER, data.before);
}

/** Whatever ended the run; nothing was staged where `setup` ended it. @param {ReturnType<typeof setup> | undefined} data */
export function teardown(data) {
  if (data) {
    behave(PROVIDER, data.before);
  }
}

export const handleSummary = summary('outage', {
  parts: [
    ['calm', '{phase:calm}'],
    ['failover', '{phase:failover}'],
    ['outage', '{phase:outage}'],
    ['healed', '{phase:healed}'],
  ],
  outage: PROVIDER,
});

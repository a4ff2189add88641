/**
 * Hours at an ordinary rate: what leaks, fills up or slows down shows in the last tenth, which must still meet the objectives.
 *
 *     k6 run -e RATE=20 -e DURATION=2h soak.js
 */
import exec from 'k6/execution';
import { begin, code } from './lib/code.js';
import { inSummary, objectives, shown } from './lib/metrics.js';
import { acceptWithin, gracefulStop, seconds, vus, whole } from './lib/settings.js';
import { summary, trendStats } from './lib/summary.js';

const RATE = whole('RATE', 20);
const DURATION = seconds('DURATION', '2h');

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    codes: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: `${DURATION}s`,
      gracefulStop,
      ...vus(RATE),
    },
  },
  thresholds: {
    ...objectives,
    ...inSummary,
    // nobody needs two hours of refusals
    petrel_accepted: [{ threshold: 'rate>=0.999', abortOnFail: true, delayAbortEval: `${Math.ceil(Math.min(60, DURATION / 10))}s` }],
    // in hours k6 stumbles now and then: one in a thousand
    dropped_iterations: [`count<=${Math.floor((RATE * DURATION) / 1000)}`],
    'petrel_prompt{part:last}': ['rate>=0.99'],
    'petrel_time_to_accept{part:last}': [`p(95)<${acceptWithin}`],
    'petrel_time_to_taken{part:last}': ['p(99)<10000'],
    ...shown(['petrel_time_to_taken{part:first}']),
  },
  summaryTrendStats: trendStats,
};

export const setup = begin;

/** @param {import('./lib/code.js').Run} data */
export default function (data) {
  const progress = exec.scenario.progress;
  exec.vu.metrics.tags.part = progress < 0.1 ? 'first' : progress < 0.9 ? 'middle' : 'last';
  code(data);
}

export const handleSummary = summary('soak', {
  parts: [
    ['first tenth', '{part:first}'],
    ['last tenth', '{part:last}'],
  ],
});

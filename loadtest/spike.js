/**
 * A match ends, and everybody signs in at once: the rate goes up tenfold within seconds, stays there and falls again. The
 * objectives must hold on the way up, and whoever comes afterwards must not find a queue.
 *
 *     k6 run -e RATE=10 -e SPIKE=100 -e DURATION=1m spike.js
 */
import { begin, code } from './lib/code.js';
import { inSummary, objectives } from './lib/metrics.js';
import { acceptWithin, gracefulStop, seconds, vus, whole } from './lib/settings.js';
import { summary, trendStats } from './lib/summary.js';

const RATE = whole('RATE', 10);
const SPIKE = whole('SPIKE', RATE * 10);
/** Of the spike itself, in seconds; before and after it each half of that. */
const DURATION = seconds('DURATION', '1m');
const CALM = Math.ceil(DURATION / 2);
const SLOPE = Math.ceil(DURATION / 12);

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: RATE,
      timeUnit: '1s',
      stages: [
        { target: RATE, duration: `${CALM}s` },
        { target: SPIKE, duration: `${SLOPE}s` },
        { target: SPIKE, duration: `${DURATION}s` },
        { target: RATE, duration: `${SLOPE}s` },
      ],
      gracefulStop,
      ...vus(SPIKE),
    },
    aftermath: {
      executor: 'constant-arrival-rate',
      startTime: `${CALM + SLOPE + DURATION + SLOPE}s`,
      rate: RATE,
      timeUnit: '1s',
      duration: `${CALM}s`,
      gracefulStop,
      ...vus(RATE),
    },
  },
  thresholds: {
    ...objectives,
    ...inSummary,
    'petrel_prompt{scenario:aftermath}': ['rate>=0.99'],
    'petrel_time_to_accept{scenario:aftermath}': [`p(95)<${acceptWithin}`],
    'petrel_time_to_taken{scenario:spike}': ['p(99)<10000'],
    'petrel_time_to_taken{scenario:aftermath}': ['p(99)<10000'],
  },
  summaryTrendStats: trendStats,
};

export const setup = begin;

/** @param {import('./lib/code.js').Run} data */
export default function (data) {
  code(data);
}

export const handleSummary = summary('spike', {
  parts: [
    ['spike', '{scenario:spike}'],
    ['aftermath', '{scenario:aftermath}'],
  ],
});

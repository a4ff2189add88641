/**
 * Does everything work? A few codes from the first call to the final, each brought twice. Before anything else:
 *
 *     k6 run smoke.js
 */
import { check } from 'k6';
import { begin, code } from './lib/code.js';
import { inSummary, objectives } from './lib/metrics.js';
import { send } from './lib/petrel.js';
import { gracefulStop, text, vus, whole } from './lib/settings.js';
import { summary, trendStats } from './lib/summary.js';

const RATE = whole('RATE', 1);

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    codes: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: text('DURATION', '15s'),
      gracefulStop,
      ...vus(RATE),
    },
  },
  thresholds: { ...objectives, ...inSummary },
  summaryTrendStats: trendStats,
};

export const setup = begin;

/** @param {import('./lib/code.js').Run} data */
export default function (data) {
  const { request, accepted } = code(data);
  if (accepted) {
    check(send(request), { 'what is brought again, unchanged, is accepted again': (answer) => answer.status === 202 });
  }
}

export const handleSummary = summary('smoke');

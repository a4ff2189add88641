/**
 * An ordinary day: codes at a constant rate, each followed to its final. The objectives must hold.
 *
 *     k6 run -e RATE=50 -e DURATION=5m steady.js
 */
import { begin, code } from './lib/code.js';
import { inSummary, objectives } from './lib/metrics.js';
import { gracefulStop, text, vus, whole } from './lib/settings.js';
import { summary, trendStats } from './lib/summary.js';

const RATE = whole('RATE', 50);

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    codes: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: text('DURATION', '5m'),
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
  code(data);
}

export const handleSummary = summary('steady');

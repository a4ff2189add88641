import { FINALS, LOST, REASONS, STATUSES } from './metrics.js';
import { lifetime, patience, providers, text, where } from './settings.js';

/** What the texts below read. */
export const trendStats = ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'];

/** @type {{ [value: string]: string }} */
const LABELS = { med: 'p50', 'p(95)': 'p95', 'p(99)': 'p99', max: 'max' };

/**
 * @typedef {{ [value: string]: number }} Values
 * @typedef {{ metrics: { [name: string]: { values: Values, thresholds?: { [threshold: string]: { ok: boolean } } } }, state: { testRunDurationMs: number } }} Data
 * @typedef {{ parts?: [label: string, tags: string][], outage?: string }} More
 */

/**
 * A `handleSummary`: a page for people, and with `-e SUMMARY=file.json` all figures in a file.
 * @param {string} name of the script
 * @param {More} more
 */
export function summary(name, more = {}) {
  return (/** @type {Data} */ data) => {
    /** @type {{ [where: string]: string }} */
    const out = { stdout: page(name, data, more) };
    const file = text('SUMMARY', '');
    if (file) {
      out[file] = JSON.stringify(data, null, 2);
    }
    return out;
  };
}

/**
 * @param {string} name
 * @param {Data} data
 * @param {More} more
 */
function page(name, data, more) {
  const { count, rate, times } = reading(data);
  const asked = count('petrel_asked');
  const lines = [`Petrel, ${name}: ${Math.round(data.state.testRunDurationMs / 1000)} s against ${where}`];
  if (asked === 0) {
    return `\n${lines[0]}\n  nothing was asked\n\n`;
  }
  const decided = total(data, 'petrel_accepted');
  const accepted = passes(data, 'petrel_accepted');
  lines.push(
    row('asked', asked, many(count('dropped_iterations'), 'more were dropped: k6 had no VU for them')),
    row('accepted', accepted, times('petrel_time_to_accept')),
    ...within(STATUSES.map((status) => [`calls: ${status || 'no answer'}`, count(`http_reqs{name:send,status:${status}}`)])),
    row('taken', count('petrel_taken'), times('petrel_time_to_taken')),
    ...within(providers.map((id) => [`by ${id}`, count(`petrel_taken{provider:${id}}`)])),
    row('in hand', count('petrel_time_to_hand'), times('petrel_time_to_hand')),
    row('ended', count('petrel_finals')),
    ...within(FINALS.map((final) => [final, count(`petrel_finals{final:${final}}`)])),
    ...within(REASONS.map((reason) => [`for ${reason}`, count(`petrel_finals{reason:${reason}}`)])),
    row('lost', count('petrel_lost'), many(patience, 'seconds without a final', count('petrel_lost'))),
    ...within(LOST.map((how) => [how, count(`petrel_lost{how:${how}}`)])),
    row('answered', percent(rate('petrel_answered')), `taken, or told what to do, before it expired (${lifetime} s); 99.9 % wanted`),
    row('prompt', percent(rate('petrel_prompt')), 'taken within 10 s and, where receipts tell, in hand within 30 s; 99 % wanted'),
  );
  const cut = asked - decided + accepted - count('petrel_finals') - count('petrel_lost');
  if (cut > 0) lines.push(row('cut off', cut, 'by the end of the run: what became of them was not seen'));
  if (more.outage) lines.push(...outage(data, more.outage));
  if (more.parts) {
    lines.push('', '  until taken, by part');
    for (const [label, tags] of more.parts) {
      lines.push(row(`  ${label}`, count(`petrel_time_to_taken${tags}`), times(`petrel_time_to_taken${tags}`)));
    }
  }
  lines.push('', ...thresholds(data));
  return `\n${lines.join('\n')}\n\n`;
}

/**
 * @param {Data} data
 * @param {string} provider
 */
function outage(data, provider) {
  const { count, value } = reading(data);
  const passed = count('petrel_passed_over');
  const back = count('petrel_came_back');
  return [
    '',
    row('failover', passed ? duration(value('petrel_passed_over', 'min')) : 'none', `from the death of ${provider} to the first code that met it no more`),
    row('return', back ? duration(value('petrel_came_back', 'min')) : 'none', `from its healing to the first code that it took again`),
  ];
}

/** Those that always hold are there to be shown above, and no news. @param {Data} data */
function thresholds(data) {
  return Object.entries(data.metrics).flatMap(([name, metric]) =>
    Object.entries(metric.thresholds ?? {})
      .filter(([threshold]) => !threshold.endsWith('>=0'))
      .map(([threshold, { ok }]) => `  ${ok ? '✓' : '✗'} ${name} ${threshold}${ok ? '' : `, is ${found(metric.values, threshold)}`}`),
  );
}

/**
 * @param {Values} values
 * @param {string} threshold
 */
function found(values, threshold) {
  const [method] = /^[a-z]+(\([\d.]+\))?/.exec(threshold) ?? [''];
  const value = values[method];
  return value === undefined ? 'unknown' : String(Math.round(value * 10000) / 10000);
}

/** @param {Data} data */
function reading(data) {
  const value = (/** @type {string} */ name, /** @type {string} */ of) => data.metrics[name]?.values[of] ?? 0;
  return {
    value,
    count: (/** @type {string} */ name) => value(name, 'count'),
    rate: (/** @type {string} */ name) => (total(data, name) === 0 ? undefined : value(name, 'rate')),
    times: (/** @type {string} */ name) =>
      value(name, 'count') === 0 ? '' : ['med', 'p(95)', 'p(99)', 'max'].map((of) => `${LABELS[of]} ${duration(value(name, of)).padEnd(7)}`).join(' '),
  };
}

/**
 * @param {Data} data
 * @param {string} rate
 */
function passes(data, rate) {
  return data.metrics[rate]?.values.passes ?? 0;
}

/**
 * @param {Data} data
 * @param {string} rate
 */
function total(data, rate) {
  return passes(data, rate) + (data.metrics[rate]?.values.fails ?? 0);
}

/**
 * @param {string} label
 * @param {number | string} figure
 * @param {string} [words]
 */
function row(label, figure, words = '') {
  return `  ${label.padEnd(16)} ${String(figure).padStart(8)}   ${words}`.trimEnd();
}

/** Rows for what there was. @param {[label: string, n: number][]} rows */
function within(rows) {
  return rows.filter(([, n]) => n > 0).map(([label, n]) => row(`  ${label}`, n));
}

/**
 * @param {number} n
 * @param {string} what
 * @param {number} [of] nothing is said of none
 */
function many(n, what, of = n) {
  return of > 0 ? `${n} ${what}` : '';
}

/** @param {number | undefined} share */
function percent(share) {
  return share === undefined ? '–' : `${Math.floor(share * 10000) / 100} %`;
}

/** @param {number} ms */
function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

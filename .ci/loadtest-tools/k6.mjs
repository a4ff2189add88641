/** A script of loadtest/ under the stand-in for k6, in a process of its own, and what it found. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const { LOADTEST_TMP: tmp = '/tmp' } = process.env;
export const loadtest = new URL('../../loadtest/', import.meta.url);
let runs = 0;

/**
 * @typedef {object} Run
 * @property {number} code
 * @property {string} said
 * @property {string[]} all metric and aggregation of each threshold; without those that only show a part of a metric
 * @property {string[]} crossed
 */

/**
 * @param {string} script a name in loadtest/, or a path
 * @param {{ [name: string]: string | number }} env
 * @returns {Promise<Run>}
 */
export async function k6(script, env) {
  const file = join(tmp, `summary-${runs++}.json`);
  const { PETREL_TOKEN, ...told } = env;
  const options = Object.entries({ ...told, SUMMARY: file }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const path = new URL(script, loadtest).pathname;
  const child = spawn(process.execPath, [new URL('stand-in/k6.mjs', loadtest).pathname, 'run', ...options, path], {
    env: { ...process.env, PETREL_TOKEN: String(PETREL_TOKEN ?? '') },
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  const summary = await readFile(file, 'utf8').then(JSON.parse, () => ({ metrics: {} }));
  const thresholds = Object.entries(/** @type {{ [name: string]: { thresholds?: { [source: string]: { ok: boolean } } } }} */ (summary.metrics))
    .flatMap(([metric, { thresholds = {} }]) => Object.entries(thresholds).map(([source, { ok }]) => ({ metric, source, ok })))
    .filter(({ source }) => !source.endsWith('>=0'))
    .map(({ metric, source, ok }) => ({ name: `${metric} ${source.replace(/[<>=!].*/, '')}`, ok }));
  return {
    code,
    said,
    all: thresholds.map(({ name }) => name),
    crossed: thresholds.filter(({ ok }) => !ok).map(({ name }) => name),
  };
}

/** What the stand-ins for k6's modules share within one VU, a worker thread. Scripts are synchronous: a call blocks the thread. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

/**
 * @typedef {{ name: string, executor: string, startTime: number, duration: number, iteration: number }} Scenario
 * @typedef {{ method: string, url: string, body: string | null, headers: { [name: string]: string }, timeout: number }} Call
 * @typedef {{ status: number, body: string | null, headers: { [name: string]: string }, error: string, timings: { duration: number } }} Answer
 */

const never = new Int32Array(new SharedArrayBuffer(4));

/** @type {{ scenario: Scenario | undefined, tags: { [name: string]: string | number | boolean } }} */
export const state = { scenario: undefined, tags: {} };

/** @param {object} message to the thread that runs the test */
export function tell(message) {
  /** @type {import('node:worker_threads').MessagePort} */ (parentPort).postMessage(message);
}

/**
 * @param {string} metric
 * @param {number} value
 * @param {{ [tag: string]: unknown }} tags
 */
export function add(metric, value, tags) {
  const own = state.scenario ? { scenario: state.scenario.name } : {};
  tell({ sample: { metric, value, tags: { ...own, ...state.tags, ...tags } } });
}

/** @param {number} ms */
export function pause(ms) {
  if (ms > 0) Atomics.wait(never, 0, 0, ms);
}

/**
 * The thread that runs the test makes the call, answers on a port of ours, and wakes us.
 * @param {Call} request
 * @returns {Answer}
 */
export function call(request) {
  const { woken, answers } = workerData;
  Atomics.store(woken, 0, 0);
  tell({ call: request });
  Atomics.wait(woken, 0, 0);
  return receiveMessageOnPort(answers)?.message;
}

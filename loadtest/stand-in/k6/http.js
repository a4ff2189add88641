import { add, call } from '../vu-state.mjs';

/**
 * @typedef {(status: number) => boolean} Expectation
 * @typedef {{ headers?: { [name: string]: string }, tags?: { [name: string]: string }, timeout?: number | string, responseCallback?: Expectation }} Params
 */

/** @type {Expectation} */
let isExpected = expectedStatuses({ min: 200, max: 399 });

/** @param {(number | { min: number, max: number })[]} statuses */
export function expectedStatuses(...statuses) {
  return (/** @type {number} */ status) =>
    statuses.some((each) => (typeof each === 'number' ? each === status : each.min <= status && status <= each.max));
}

/** @param {Expectation} callback */
export function setResponseCallback(callback) {
  isExpected = callback;
}

/**
 * @param {string} method
 * @param {string} url
 * @param {string | null} [body]
 * @param {Params} [params]
 */
export function request(method, url, body = null, params = {}) {
  const answer = call({ method, url, body, headers: params.headers ?? {}, timeout: millis(params.timeout ?? 60_000) });
  const name = params.tags?.name ?? url;
  const expected = (params.responseCallback ?? isExpected)(answer.status);
  const tags = { ...params.tags, name, url: name, method, status: String(answer.status), expected_response: String(expected) };
  add('http_reqs', 1, tags);
  add('http_req_duration', answer.timings.duration, tags);
  add('http_req_failed', expected ? 0 : 1, tags);
  return { ...answer, url, json: () => JSON.parse(answer.body ?? '') };
}

/**
 * @param {string} url
 * @param {Params} [params]
 */
export function get(url, params) {
  return request('GET', url, null, params);
}

/**
 * @param {string} url
 * @param {string | null} [body]
 * @param {Params} [params]
 */
export function post(url, body, params) {
  return request('POST', url, body, params);
}

/**
 * @param {string} url
 * @param {string | null} [body]
 * @param {Params} [params]
 */
export function put(url, body, params) {
  return request('PUT', url, body, params);
}

/** @param {number | string} timeout */
function millis(timeout) {
  if (typeof timeout === 'number') return timeout;
  const [, number, unit] = /^(\d+)(ms|s|m)$/.exec(timeout) ?? [];
  if (!unit) throw new Error(`timeout: is ${timeout}, must be milliseconds or such as 10s`);
  return Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000);
}

export default { expectedStatuses, get, post, put, request, setResponseCallback };

import exec from 'k6/execution';
import http from 'k6/http';
import { text } from './settings.js';

/** The simulator's control port, as docs/simulator.md describes it. */
const url = text('SIMULATOR', 'http://127.0.0.1:9090').replace(/\/+$/, '');

/**
 * How a provider behaves now. Ends the run where it misbehaves already: what it does then would prove nothing.
 * @param {string} provider
 * @returns {string} JSON
 */
export function healthyBehavior(provider) {
  const answer = http.get(path(provider), { tags: { name: 'simulator' }, timeout: '10s' });
  if (answer.status !== 200) {
    exec.test.abort(`SIMULATOR, PROVIDER: nobody plays ${provider} at ${url} (${answer.status || answer.error})`);
  }
  const { behavior } = /** @type {{ behavior: { rules: unknown[] } }} */ (/** @type {unknown} */ (answer.json()));
  if (behavior.rules.length > 0) {
    exec.test.abort(`${provider} misbehaves already; heal it: curl -X PUT ${path(provider)}/behavior -d '{"mode": "healthy"}'`);
  }
  return JSON.stringify(behavior);
}

/**
 * Holds for every request that the provider reads once this has returned; ends the run where it was not understood.
 * @param {string} provider
 * @param {string} behavior JSON
 */
export function behave(provider, behavior) {
  const answer = http.put(`${path(provider)}/behavior`, behavior, { tags: { name: 'simulator' }, timeout: '10s' });
  if (answer.status !== 200) {
    exec.test.abort(`the simulator does not take ${behavior} for ${provider}: ${answer.error || answer.body}`);
  }
}

/** @param {string} provider */
function path(provider) {
  return `${url}/providers/${provider}`;
}

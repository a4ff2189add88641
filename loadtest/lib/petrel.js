import { sleep } from 'k6';
import http from 'k6/http';
import { refuseRealPerson } from './recipients.js';
import { insistence, patience, token, url } from './settings.js';

/**
 * Petrel's HTTP in, as docs/http.md says that callers treat it. Each call has a name of its own as tag, and k6 uses it for the
 * URL too: request ids make no time series.
 *
 * @typedef {{ requestId: string, to: string, text: string, lifetimeSeconds: number }} Request
 * @typedef {object} Told one event of the status topic, as far as it is used here
 * @property {string} requestId
 * @property {string} status
 * @property {boolean} final
 * @property {string} at
 * @property {string | null} expiresAt
 * @property {number} elapsedMs
 * @property {{ number: number, provider: string, result?: string } | null} attempt
 * @property {{ class: string } | null} reason
 * @property {{ provider: string, reason: string }[]} skipped
 */

/** Answers after which a request is brought again; 0 is none. A proxy may say 502 and 504 for us. */
const AGAIN = [0, 408, 429, 502, 503, 504];

/** Seconds. */
const SOON = 1;
const PACE = 5;

// A refusal is an answer that the run must show: 429 and 503 count as failed.
http.setResponseCallback(http.expectedStatuses(200, 202, 204));

const headers = { Authorization: `Bearer ${token}` };
const posting = {
  headers: { ...headers, 'Content-Type': 'application/json' },
  tags: { name: 'send' },
  timeout: '10s', // Petrel itself answers within five
};

/**
 * Brings a request until it is accepted or refused for good: after 429, 503 and no answer it is brought again unchanged, when
 * `Retry-After` says so, or somewhat later, lest all come at once. The `requestId` makes it one code.
 * @param {Request} request
 */
export function send(request) {
  refuseRealPerson(request.to);
  const body = JSON.stringify(request);
  const until = Date.now() + insistence * 1000;
  for (;;) {
    const answer = http.post(`${url}/v1/requests`, body, posting);
    if (!AGAIN.includes(answer.status) || Date.now() >= until) {
      return answer;
    }
    sleep(retryAfter(answer) * (1 + Math.random() / 2));
  }
}

/**
 * Follows a request from its 202 to its final. It reads the event stream, which `http.get` returns whole once Petrel has
 * ended it with the final: one call for each code, none in vain, and it returns when the final is told. Polling would
 * make four calls of it, each with the whole story.
 *
 * Any instance knows what was brought to another, so it does not matter where the balancer leads. Each has a thousand streams,
 * for one tenant of several half of them. Where there is none (429), or the stream breaks, what was told is asked for
 * every five seconds.
 *
 * @param {string} requestId
 * @param {string} source
 * @param {number} asked when it was brought first
 * @returns {{ events: Told[], known: boolean }} what was told, perhaps without a final; and whether Petrel knew it when it was asked last
 */
export function follow(requestId, source, asked) {
  const path = `${url}/v1/requests/${requestId}`;
  const left = () => asked + patience * 1000 - Date.now();
  const stream = http.get(`${path}/events?source=${source}`, {
    headers,
    tags: { name: 'follow' },
    timeout: Math.max(left(), 1000),
  });
  let events = stream.status === 200 ? read(stream.body) : [];
  let known = stream.status === 200;
  let wait = retryAfter(stream);
  while (!events.some((event) => event.final) && left() > 0) {
    sleep(Math.min(wait, left() / 1000));
    const answer = http.get(`${path}?source=${source}`, { headers, tags: { name: 'look' }, timeout: '15s' });
    if (answer.status === 200) {
      events = parsed(answer.body)?.events ?? events;
    }
    known = answer.status === 200;
    wait = Math.max(retryAfter(answer), PACE);
  }
  return { events, known };
}

/**
 * The events of a stream: each is a line of JSON.
 * @param {string | ArrayBuffer | null} body
 * @returns {Told[]}
 */
function read(body) {
  return String(body ?? '')
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => parsed(line.slice('data: '.length)))
    .filter((event) => event !== undefined);
}

/**
 * Undefined where it is no JSON: whatever stands between us and Petrel may answer too.
 * @param {string | ArrayBuffer | null} json
 * @returns {any}
 */
export function parsed(json) {
  try {
    return JSON.parse(/** @type {string} */ (json));
  } catch {
    return undefined;
  }
}

/** Whether SMS can be relied on in a country; costs nothing, and says whether Petrel is there and knows the token. @param {string} country */
export function availability(country) {
  return http.get(`${url}/v1/availability/${country}`, { headers, tags: { name: 'availability' }, timeout: '10s' });
}

/**
 * How long to wait, in seconds.
 * @param {import('k6/http').RefinedResponse<any>} answer
 */
function retryAfter(answer) {
  return Number(answer.headers['Retry-After']) || SOON;
}

import { randomBytes } from 'k6/crypto';
import exec from 'k6/execution';
import { check } from 'k6';
import * as metrics from './metrics.js';
import { availability, follow, parsed, send } from './petrel.js';
import { recipient, refuseRealPeople } from './recipients.js';
import { lifetime, token } from './settings.js';

/**
 * @typedef {import('./petrel.js').Told} Told
 * @typedef {{ run: string }} Run
 * @typedef {object} Story one code, from the first call to the last event
 * @property {import('./petrel.js').Request} request
 * @property {number} asked when, by k6's clock
 * @property {boolean} accepted
 * @property {Told[]} events
 * @property {string | undefined} provider the first that took it
 */

/** What the user did, not Petrel; left out of the objectives. */
const THE_USERS_OWN = ['recipient_invalid', 'recipient_unreachable', 'opted_out', 'content'];

const TAKEN_WITHIN_MS = 10000;
const IN_HAND_WITHIN_MS = 30000;

/**
 * For `setup`: refuses to run where somebody real could get a code, or where every call would fail.
 * @returns {Run}
 */
export function begin() {
  refuseRealPeople();
  if (!token) {
    exec.test.abort('PETREL_TOKEN: must be the token of a tenant (petrel.web.tokens)');
  }
  const there = availability('US');
  if (there.status === 401) {
    exec.test.abort('PETREL_TOKEN: Petrel does not know it');
  }
  if (there.status !== 200) {
    exec.test.abort(`PETREL_URL: no Petrel answers there (${there.status || there.error})`);
  }
  // tenants share one space of ids, and runs the window in which a repeat is known
  return { run: Array.from(new Uint8Array(randomBytes(8)), (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/**
 * One code, from the first call to its final.
 * @param {Run} data
 * @returns {Story}
 */
export function code(data) {
  try {
    return played(data);
  } catch (e) {
    metrics.broken.add(1);
    throw e;
  }
}

/**
 * @param {Run} data
 * @returns {Story}
 */
function played(data) {
  const number = exec.scenario.iterationInTest;
  const request = {
    requestId: `k6-${data.run}-${exec.scenario.name}-${number}`,
    to: recipient(number),
    text: `${String(number % 1000000).padStart(6, '0')} is your test code.`,
    lifetimeSeconds: lifetime,
  };
  const asked = Date.now();
  metrics.asked.add(1);
  const answer = send(request);
  const story = { request, asked, accepted: answer.status === 202, events: /** @type {Told[]} */ ([]), provider: undefined };
  metrics.accepted.add(story.accepted);
  if (!story.accepted) {
    return story;
  }
  const wait = Date.now() - asked;
  metrics.timeToAccept.add(wait);
  const body = /** @type {{ requestId?: string, source?: string }} */ (parsed(answer.body) ?? {});
  check(body, {
    'a 202 names the request and its place': ({ requestId, source }) => requestId === request.requestId && /^\d+:\d+$/.test(source ?? ''),
  });
  const { events, known } = follow(request.requestId, body.source ?? '', asked);
  return judge({ ...story, events }, wait, known);
}

/**
 * @param {Story} story
 * @param {number} wait until the 202, in milliseconds
 * @param {boolean} known
 * @returns {Story}
 */
function judge(story, wait, known) {
  const { request, events } = story;
  const first = events.find((event) => event.status === 'submitted');
  const final = events.find((event) => event.final);
  const wasTaken = first ?? (final?.status === 'delivered' ? final : undefined);
  const provider = wasTaken?.attempt?.provider;
  if (wasTaken) {
    metrics.timeToTaken.add(wait + wasTaken.elapsedMs);
    metrics.taken.add(1, { provider: provider ?? 'none' });
  }
  if (final?.status === 'delivered') {
    metrics.timeToHand.add(wait + final.elapsedMs);
  }
  if (final) {
    metrics.finals.add(1, { final: final.status, reason: final.reason?.class ?? 'none' });
  } else {
    metrics.lost.add(1, { how: wasTaken ? 'taken' : known ? 'untaken' : 'unknown' });
  }
  if (!THE_USERS_OWN.includes(final?.reason?.class ?? '')) {
    metrics.answered.add([wasTaken, final].some((event) => event && inTime(event)));
    metrics.prompt.add(isPrompt(wait, wasTaken, final));
  }
  check(events, {
    'the events are of this request alone': () => events.every((event) => event.requestId === request.requestId),
    'nothing shows the number or the code': () => {
      const shown = JSON.stringify(events);
      return !shown.includes(request.to.slice(1)) && !shown.includes(request.text);
    },
  });
  return { ...story, provider };
}

/** @param {Told} event */
function inTime(event) {
  return event.expiresAt === null || Date.parse(event.at) <= Date.parse(event.expiresAt);
}

/**
 * @param {number} wait
 * @param {Told | undefined} wasTaken
 * @param {Told | undefined} final
 */
function isPrompt(wait, wasTaken, final) {
  if (!wasTaken || !final || wait + wasTaken.elapsedMs > TAKEN_WITHIN_MS) {
    return false;
  }
  // of a provider without receipts nothing more will be heard
  return final.status === 'submitted' || (final.status === 'delivered' && wait + final.elapsedMs <= IN_HAND_WITHIN_MS);
}

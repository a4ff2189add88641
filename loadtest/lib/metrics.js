import { Counter, Rate, Trend } from 'k6/metrics';
import { acceptWithin, providers } from './settings.js';

/** Codes that were to be sent. */
export const asked = new Counter('petrel_asked');
/** Whether they were accepted (202), perhaps when brought again. */
export const accepted = new Rate('petrel_accepted');
/** From the first call to the 202. */
export const timeToAccept = new Trend('petrel_time_to_accept', true);
/**
 * From the first call to the moment when a provider took it: until the 202 by k6's clock, and from its record on by Petrel's, so
 * that no clocks need agree. What lies between record and 202 counts twice.
 */
export const timeToTaken = new Trend('petrel_time_to_taken', true);
/** The same, to the receipt that says that the handset has it. */
export const timeToHand = new Trend('petrel_time_to_hand', true);
/** Accepted codes that a provider took, or whose final said what to do instead, before they expired. */
export const answered = new Rate('petrel_answered');
/** Accepted codes that were taken within 10 s and, where receipts tell, in hand within 30 s. */
export const prompt = new Rate('petrel_prompt');
/** Ends, by final and reason. */
export const finals = new Counter('petrel_finals');
/** Codes by the provider that took them first. */
export const taken = new Counter('petrel_taken');
/** Codes whose iteration threw: k6 itself would go on as if nothing had been. */
export const broken = new Counter('petrel_broken');
/** Accepted codes without a final, by what was told of them until patience ended. */
export const lost = new Counter('petrel_lost');

/**
 * The objectives of docs/operations.md (answered, prompt), the promise that every accepted request gets a final, and what a
 * sign-in page can wait for.
 * @type {{ [name: string]: string[] }}
 */
export const objectives = {
  petrel_accepted: ['rate>=0.999'],
  petrel_time_to_accept: [`p(95)<${acceptWithin}`, `p(99)<${2 * acceptWithin}`],
  petrel_time_to_taken: ['p(99)<10000'],
  petrel_time_to_hand: ['p(99)<30000'],
  petrel_answered: ['rate>=0.999'],
  petrel_prompt: ['rate>=0.99'],
  petrel_lost: ['count==0'],
  petrel_broken: ['count==0'],
  'http_req_failed{name:send}': ['rate<0.01'],
  // of the contract, which no answer may break
  checks: ['rate==1'],
  // else the rate that was asked for was not the rate that was made
  dropped_iterations: ['count==0'],
};

export const FINALS = ['delivered', 'submitted', 'failed', 'expired', 'rejected', 'superseded', 'unconfirmed'];

/** Of those that stand behind a final other than delivered, submitted and superseded. */
export const REASONS = [
  ...['recipient_invalid', 'recipient_unreachable', 'opted_out', 'fraud_blocked', 'geo_blocked', 'filtered', 'no_route', 'content'],
  ...['sender_refused', 'bad_request', 'provider_fault', 'throttled', 'unavailable', 'server_error', 'ambiguous', 'no_provider'],
  ...['denied', 'limit', 'invalid', 'saturated', 'expired'],
];

/** Of a call that was not accepted; 0 is no answer. */
export const STATUSES = [0, 400, 401, 403, 409, 413, 415, 429, 500, 502, 503, 504];

/** What was told until patience ended: a provider has it, nobody has, or Petrel did not know it when it was asked last. */
export const LOST = ['taken', 'untaken', 'unknown'];

/**
 * k6 shows a part of a metric in its summary only where a threshold is on it: these always hold.
 * @param {string[]} parts such as `petrel_finals{final:failed}`
 * @returns {{ [name: string]: string[] }}
 */
export function shown(parts) {
  return Object.fromEntries(parts.map((part) => [part, [part.startsWith('petrel_time') ? 'max>=0' : 'count>=0']]));
}

export const inSummary = shown([
  ...FINALS.map((final) => `petrel_finals{final:${final}}`),
  ...REASONS.map((reason) => `petrel_finals{reason:${reason}}`),
  ...providers.map((provider) => `petrel_taken{provider:${provider}}`),
  ...STATUSES.map((status) => `http_reqs{name:send,status:${status}}`),
  ...LOST.map((how) => `petrel_lost{how:${how}}`),
]);

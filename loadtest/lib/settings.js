/** What a run is told by variables: `k6 run -e RATE=100 steady.js`, or the environment. */

export const url = (__ENV.PETREL_URL || 'http://127.0.0.1:8080').replace(/\/+$/, '');

/** The same, to be shown. */
export const where = url.replace(/^(https?:\/\/)[^/@]*@/, '$1');

/** Of a tenant. Better exported than given with `-e`, where it stands in the list of processes. */
export const token = __ENV.PETREL_TOKEN || '';

/** How long each code is of use, in seconds. */
export const lifetime = seconds('LIFETIME', '5m');

/**
 * How long a final is waited for, in seconds from the first call on; then the code counts as lost. Where handsets may
 * stay silent, `unconfirmed` comes after receipts.window (10 min): a run against such a Petrel needs more than that.
 */
export const patience = seconds('PATIENCE', '90s');

/** What a sign-in page can wait for the 202, in milliseconds: 95 of 100 calls; 99 of 100 within twice of that. */
export const acceptWithin = whole('ACCEPT_MS', 500);

/** How long a code that was not accepted is brought again, in seconds. */
export const insistence = seconds('INSISTENCE', '30s');

/** Whose share the summary shows; others are counted too, but not named. */
export const providers = text('PROVIDERS', 'twilio-main,sns-eu').split(',').map((id) => id.trim());

/** Until the last code is followed to its end. */
export const gracefulStop = `${insistence + patience + 5}s`;

/**
 * A VU is held for as long as its code is followed, on a connection of its own; an instance takes 2,000. Six seconds are
 * enough for a handset that reports, and for one provider that hangs. Those that k6 adds beyond cost an iteration
 * each, and dropped_iterations tells of it.
 * @param {number} rate the highest, a second
 */
export function vus(rate) {
  const told = __ENV.VUS === undefined ? undefined : whole('VUS', 1);
  return { preAllocatedVUs: told ?? Math.ceil(rate * 6) + 4, maxVUs: told ?? Math.ceil(rate * 30) + 4 };
}

/**
 * @param {string} name
 * @param {string} otherwise
 */
export function text(name, otherwise) {
  return __ENV[name] || otherwise;
}

/**
 * @param {string} name
 * @param {number} otherwise
 */
export function whole(name, otherwise) {
  const value = text(name, String(otherwise));
  if (!/^[1-9][0-9]{0,6}$/.test(value)) {
    throw new Error(`${name}: is ${value}, must be a whole number from 1 on`);
  }
  return Number(value);
}

/**
 * A time as k6 writes it, such as 90s or 1h30m, in seconds.
 * @param {string} name
 * @param {string} otherwise
 */
export function seconds(name, otherwise) {
  const value = text(name, otherwise);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(value);
  if (!parts || value === '') {
    throw new Error(`${name}: is ${value}, must be a time such as 90s, 5m or 1h30m`);
  }
  const [, h, m, s] = parts.map((part) => Number(part || 0));
  return h * 3600 + m * 60 + s;
}

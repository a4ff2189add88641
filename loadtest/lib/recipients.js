import exec from 'k6/execution';
import { text } from './settings.js';

/**
 * Numbers that their regulators keep free for fiction: nobody's telephone rings. A number out of any other range is
 * refused, wherever it comes from.
 */
const RANGES = {
  US: { is: /^\+1(?!8(?:00|22|33|44|55|66|77|88)|900)[2-9]\d{2}55501\d{2}$/, size: 1000, nth: northAmerican }, // 555-0100 to 555-0199 of any area (NANPA)
  GB: { is: /^\+447700900\d{3}$/, size: 1000, nth: within('+447700900', 3) }, // 07700 900000 to 900999 (Ofcom)
  FR: { is: /^\+3363998\d{4}$/, size: 10000, nth: within('+3363998', 4) }, // 06 39 98 00 00 to 99 99 (ARCEP)
};

const AREA_CODES = [202, 212, 213, 312, 404, 415, 512, 617, 702, 808];

/** Countries whose numbers are taken in turn, or single numbers. */
const wanted = text('RECIPIENTS', 'US,GB,FR').split(',').map((each) => each.trim());

/** The nth recipient of a run: neighbours differ, so that codes spread over the partitions. @param {number} n */
export function recipient(n) {
  const each = wanted[n % wanted.length];
  const range = RANGES[/** @type {keyof typeof RANGES} */ (each)];
  return range ? range.nth(Math.floor(n / wanted.length) % range.size) : each;
}

/** @param {string} number */
export function isFictional(number) {
  return Object.values(RANGES).some((range) => range.is.test(number));
}

/** Ends the run where a recipient could be somebody's. Doesn't show the number: it may be real. */
export function refuseRealPeople() {
  const wrong = wanted.findIndex((each) => !Object.keys(RANGES).includes(each) && !isFictional(each));
  if (wrong >= 0) {
    refuse(`RECIPIENTS: entry ${wrong + 1} is not kept free for fiction`);
  }
}

/** The last gate, before each call. @param {string} number */
export function refuseRealPerson(number) {
  if (!isFictional(number)) {
    refuse('a recipient is not kept free for fiction');
  }
}

/** @param {string} why */
function refuse(why) {
  exec.test.abort(`${why}: give countries out of ${Object.keys(RANGES).join(', ')}, or numbers such as +12025550123`);
}

/** @param {number} n */
function northAmerican(n) {
  return `+1${AREA_CODES[n % AREA_CODES.length]}55501${String(Math.floor(n / AREA_CODES.length)).padStart(2, '0')}`;
}

/**
 * @param {string} begin
 * @param {number} digits
 */
function within(begin, digits) {
  return (/** @type {number} */ n) => begin + String(n).padStart(digits, '0');
}

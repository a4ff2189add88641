import { add, pause } from '../vu-state.mjs';

/** @param {number} seconds */
export function sleep(seconds) {
  pause(seconds * 1000);
}

/**
 * @template T
 * @param {T} value
 * @param {{ [name: string]: (value: T) => unknown }} checks
 */
export function check(value, checks) {
  let all = true;
  for (const [name, holds] of Object.entries(checks)) {
    const held = Boolean(holds(value));
    add('checks', held ? 1 : 0, { check: name });
    all &&= held;
  }
  return all;
}

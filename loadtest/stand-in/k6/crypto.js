import crypto from 'node:crypto';

/** @param {number} size */
export function randomBytes(size) {
  return Uint8Array.from(crypto.randomBytes(size)).buffer;
}

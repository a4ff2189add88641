/** HTTP for all VUs; each has connections of its own, kept alive as k6 keeps them. */
import http from 'node:http';

/**
 * @param {http.Agent} agent
 * @param {import('./vu-state.mjs').Call} call
 * @returns {Promise<import('./vu-state.mjs').Answer>}
 */
export function answer(agent, { method, url, body, headers, timeout }) {
  const begun = performance.now();
  return new Promise((resolve) => {
    /** @param {Partial<import('./vu-state.mjs').Answer>} what */
    const end = (what) => {
      clearTimeout(late);
      resolve({ status: 0, body: null, headers: {}, error: '', ...what, timings: { duration: performance.now() - begun } });
    };
    const length = body === null ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = http.request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', (broken) => end({ error: broken.message }));
      response.on('end', () => {
        end({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), headers: named(response.headers) });
      });
    });
    const late = setTimeout(() => request.destroy(new Error('request timeout')), timeout);
    request.on('error', (broken) => end({ error: broken.message || String(broken) }));
    request.end(body);
  });
}

/** As k6 writes them: Retry-After. @param {http.IncomingHttpHeaders} headers */
function named(headers) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), String(value)]),
  );
}

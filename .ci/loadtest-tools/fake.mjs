/** Answers as Petrel does, but for what a real one can't be brought to do. */
import { once } from 'node:events';
import http from 'node:http';

export class FakePetrel {
  /** Calls that came. */
  calls = 0;
  /** What was brought, call by call. @type {string[]} */
  brought = [];
  #server;

  /**
   * @param {object} [oddity]
   * @param {string} [oddity.source]
   * @param {(to: string) => object | null} [oddity.event] what the final has beside, or instead of, the usual; null: there is none
   * @param {boolean} [oddity.isBusy] every request is refused once, and there is no stream for anybody
   */
  constructor({ source = '0:7', event = () => ({}), isBusy = false } = {}) {
    /** @type {Map<string, string>} */
    const numbers = new Map();
    this.#server = http.createServer(async (request, response) => {
      this.calls++;
      const { pathname } = new URL(request.url ?? '', 'http://fake');
      const [, , what, requestId, events] = pathname.split('/');
      if (request.method === 'POST') {
        const body = Buffer.concat(await request.toArray()).toString();
        const first = !this.brought.includes(body);
        this.brought.push(body);
        const { requestId, to } = JSON.parse(body);
        numbers.set(requestId, to);
        if (isBusy && first) response.writeHead(503, { 'Retry-After': '1' }).end('{}');
        else response.writeHead(202).end(JSON.stringify({ requestId, source }));
      } else if (events && isBusy) {
        response.writeHead(429, { 'Retry-After': '1' }).end('{}');
      } else if (what === 'requests') {
        const at = new Date().toISOString();
        const usual = { requestId, status: 'submitted', final: true, at, expiresAt: null, elapsedMs: 5, attempt: { number: 1, provider: 'fake' }, reason: null, skipped: [] };
        const odd = event(numbers.get(requestId) ?? '');
        const told = odd && { ...usual, ...odd };
        response.end(events ? `: Petrel\n\nid: 1\nevent: status\ndata: ${JSON.stringify(told)}\n\n` : JSON.stringify({ events: [told] }));
      } else {
        response.end('{}');
      }
    });
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url() {
    return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (this.#server.address()).port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

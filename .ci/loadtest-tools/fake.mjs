/** Answers as Petrel does, but for one mistake: a real one makes none that could be staged. */
import { once } from 'node:events';
import http from 'node:http';

export class FakePetrel {
  /** Calls that came. */
  calls = 0;
  #server;

  /** @param {{ source?: string, event?: (to: string) => object }} mistake */
  constructor(mistake = {}) {
    const { source = '0:7', event = () => ({}) } = mistake;
    /** @type {Map<string, string>} */
    const numbers = new Map();
    this.#server = http.createServer(async (request, response) => {
      this.calls++;
      const { pathname } = new URL(request.url ?? '', 'http://fake');
      if (pathname.endsWith('/events')) {
        const requestId = pathname.split('/')[3];
        const at = new Date().toISOString();
        const told = { requestId, status: 'submitted', final: true, at, expiresAt: null, elapsedMs: 5, attempt: { number: 1, provider: 'fake' }, reason: null, skipped: [] };
        response.end(`: Petrel\n\nid: 1\nevent: status\ndata: ${JSON.stringify({ ...told, ...event(numbers.get(requestId) ?? '') })}\n\n`);
      } else if (request.method === 'POST') {
        const { requestId, to } = JSON.parse(Buffer.concat(await request.toArray()).toString());
        numbers.set(requestId, to);
        response.writeHead(202).end(JSON.stringify({ requestId, source }));
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

/** Two real gateways, two simulated providers and a stream of codes: ConsoleStage, in a JVM of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Stage {
  #java;
  #where;

  constructor(java, where) {
    this.#java = java;
    this.#where = where;
  }

  static async start() {
    const { STAGE_CLASSPATH, STAGE_TMP = '/tmp' } = process.env;
    const command = ['-Xmx1g', `-Djava.io.tmpdir=${STAGE_TMP}`, '-cp', STAGE_CLASSPATH, 'dev.petrel.sandbox.ConsoleStage'];
    const java = spawn('java', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface(java.stdout)) {
      if (line.startsWith('{')) return new Stage(java, JSON.parse(line));
    }
    throw new Error('the stage has ended');
  }

  get url() {
    return this.#where.management[0];
  }

  get token() {
    return this.#where.token;
  }

  async behave(provider, behavior) {
    const answer = await fetch(`${this.#where.simulator}/providers/${provider}/behavior`, { method: 'PUT', body: JSON.stringify(behavior) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async orders() {
    const answer = await fetch(`${this.url}/v1/orders`, { headers: { Authorization: `Bearer ${this.token}` } });
    return (await answer.json()).orders;
  }

  /** Connections stay open, and nobody says anything any more. */
  freeze() {
    this.#java.kill('SIGSTOP');
  }

  wake() {
    this.#java.kill('SIGCONT');
  }

  async kill() {
    const ended = this.#java.exitCode === null && this.#java.signalCode === null ? once(this.#java, 'exit') : undefined;
    this.#java.kill('SIGKILL');
    await ended;
  }
}

/** A real Petrel with a broker and two simulated providers: HttpStage, in a JVM of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { STAGE_CLASSPATH = '', LOADTEST_TMP: tmp = '/tmp' } = process.env;
let stages = 0;

export class Stage {
  #java;

  /**
   * @param {import('node:child_process').ChildProcess} java
   * @param {string[]} where
   */
  constructor(java, [url, token, simulator, tokenForFew]) {
    this.#java = java;
    this.url = url;
    this.token = token;
    this.simulator = simulator;
    this.tokenForFew = tokenForFew;
  }

  static async start() {
    const file = join(tmp, `stage-${stages++}`);
    // begins quickly; nobody measures it
    const quick = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
    const command = [...quick, `-Djava.io.tmpdir=${tmp}`, '-cp', STAGE_CLASSPATH, 'dev.petrel.sandbox.HttpStage', file];
    const java = spawn('java', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface(java.stdout)) {
      if (line.startsWith('http')) return new Stage(java, (await readFile(file, 'utf8')).split('\n'));
    }
    throw new Error('the stage has ended');
  }

  /** What a script is told of it. */
  get env() {
    return { PETREL_URL: this.url, PETREL_TOKEN: this.token, SIMULATOR: this.simulator };
  }

  /**
   * @param {string} provider
   * @param {object} behavior
   */
  async behave(provider, behavior) {
    const answer = await fetch(`${this.simulator}/providers/${provider}/behavior`, { method: 'PUT', body: JSON.stringify(behavior) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** @param {string} provider */
  async isHealthy(provider) {
    return (await this.#look(provider)).behavior.rules.length === 0;
  }

  /** How many codes the first provider of the route has taken. */
  async taken() {
    return (await this.#look('twilio-main')).counts.accepted;
  }

  /**
   * The numbers that codes were brought for to the first provider of the route.
   * @param {number} since how many there were
   */
  async numbers(since) {
    const answer = await fetch(`${this.simulator}/providers/twilio-main/calls?since=${since}&limit=10000`);
    const { calls, next } = /** @type {{ calls: { to: string }[], next: number }} */ (await answer.json());
    return { numbers: calls.map(({ to }) => to), next };
  }

  /**
   * @param {string} provider
   * @returns {Promise<{ behavior: { rules: unknown[] }, counts: { accepted: number } }>}
   */
  async #look(provider) {
    return /** @type {any} */ (await (await fetch(`${this.simulator}/providers/${provider}`)).json());
  }

  /** At once, with all that was in flight. */
  async kill() {
    const ended = this.#java.exitCode === null && this.#java.signalCode === null ? once(this.#java, 'exit') : undefined;
    this.#java.kill('SIGKILL');
    await ended;
  }
}

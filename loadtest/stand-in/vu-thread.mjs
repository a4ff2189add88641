import http from 'node:http';
import { MessageChannel, Worker } from 'node:worker_threads';
import { answer } from './calls.mjs';

/**
 * @typedef {object} Hearing what a VU says while it runs
 * @property {(name: string, type: any, isTime: boolean) => void} metric
 * @property {(metric: string, value: number, tags: any) => void} sample
 * @property {(why: string) => void} aborted
 */

const SMALL = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 48 };

/** A VU, seen from the thread that runs the test. It runs one function at a time. */
export class Vu {
  #worker;
  #agent = new http.Agent({ keepAlive: true });
  #answers;
  #woken = new Int32Array(new SharedArrayBuffer(4));
  #hearing;
  /** @type {{ resolve: (end: any) => void } | undefined} */
  #waiting;
  busy = false;

  /**
   * @param {{ script: string, env: { [name: string]: string | undefined } }} what
   * @param {Hearing} hearing
   */
  constructor({ script, env }, hearing) {
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    this.#hearing = hearing;
    this.#worker = new Worker(new URL('./vu.mjs', import.meta.url), {
      workerData: { script, env, woken: this.#woken, answers: port2 },
      transferList: [port2],
      resourceLimits: SMALL,
    });
    this.#worker.on('message', (message) => this.#hear(message));
    this.#worker.on('error', (broken) => this.#end({ failed: String(broken) }));
    this.#worker.on('exit', () => this.#end({ interrupted: true }));
  }

  /** Until the script is loaded. @returns {Promise<{ ready?: { options: any, functions: string[] }, failed?: string }>} */
  load() {
    return this.#wait();
  }

  /**
   * @param {string} name of an exported function
   * @param {unknown} argument
   * @param {import('./vu-state.mjs').Scenario} [scenario]
   * @returns {Promise<{ done?: { value: string | undefined, took: number }, failed?: string, interrupted?: boolean }>}
   */
  run(name, argument, scenario) {
    this.#worker.postMessage({ run: name, argument, scenario });
    return this.#wait();
  }

  /** Whatever it does. */
  async stop() {
    this.#agent.destroy();
    this.#answers.close();
    await this.#worker.terminate();
  }

  #wait() {
    this.busy = true;
    return new Promise((resolve) => {
      this.#waiting = { resolve };
    });
  }

  /** @param {any} end */
  #end(end) {
    this.busy = false;
    this.#waiting?.resolve(end);
    this.#waiting = undefined;
  }

  /** @param {any} message */
  #hear(message) {
    const { metric, sample, call, aborted } = message;
    if (metric) this.#hearing.metric(metric.name, metric.type, metric.isTime);
    else if (sample) this.#hearing.sample(sample.metric, sample.value, sample.tags);
    else if (call) void this.#call(call);
    else if (aborted !== undefined) this.#hearing.aborted(aborted);
    else this.#end(message);
  }

  /** @param {import('./vu-state.mjs').Call} call */
  async #call(call) {
    this.#answers.postMessage(await answer(this.#agent, call));
    Atomics.store(this.#woken, 0, 1);
    Atomics.notify(this.#woken, 0);
  }
}

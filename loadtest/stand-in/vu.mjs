/** One VU: loads the script, and runs one of its functions whenever it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { state, tell } from './vu-state.mjs';

/** @type {any} */ (globalThis).__ENV = workerData.env;

/** @type {{ [name: string]: any }} */
let script = {};
await attempt(async () => {
  script = await import(workerData.script);
  tell({ ready: { options: script.options ?? {}, functions: Object.keys(script) } });
});

parentPort?.on('message', ({ run, argument, scenario }) => {
  state.scenario = scenario;
  const begun = performance.now();
  void attempt(() => tell({ done: { value: JSON.stringify(script[run](argument)), took: performance.now() - begun } }));
});

/** @param {() => unknown} act */
async function attempt(act) {
  try {
    await act();
  } catch (e) {
    const error = /** @type {Error} */ (e);
    tell({ failed: error.constructor.name === 'Aborted' ? undefined : String(error.stack) });
  }
}

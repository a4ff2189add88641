import { state, tell } from '../vu-state.mjs';

/** What `abort` throws, so that nothing more of the script runs. */
export class Aborted extends Error {}

const scenario = {
  get name() {
    return running().name;
  },
  get executor() {
    return running().executor;
  },
  get startTime() {
    return running().startTime;
  },
  get progress() {
    const { startTime, duration } = running();
    return Math.min((Date.now() - startTime) / duration, 1);
  },
  get iterationInTest() {
    return running().iteration;
  },
};

const test = {
  /** @param {string} [why] */
  abort(why) {
    tell({ aborted: why ?? '' });
    throw new Aborted(why);
  },
};

const vu = { metrics: { tags: state.tags } };

function running() {
  if (!state.scenario) throw new Error('getting scenario information outside of the VU context is not supported');
  return state.scenario;
}

export default { scenario, test, vu };

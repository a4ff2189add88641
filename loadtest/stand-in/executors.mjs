/** When the iterations of a scenario begin. */

/**
 * @typedef {object} Plan
 * @property {number} begin milliseconds after the start of the run
 * @property {number} duration milliseconds
 * @property {number} graceful how long iterations may go on after that, in milliseconds
 * @property {number} preAllocated VUs
 * @property {number} most VUs
 * @property {boolean} isOpen arrivals without a free VU are dropped; else each VU makes its iterations one after the other
 * @property {number[]} arrivals milliseconds after the scenario's begin, of all iterations
 */

/**
 * @param {string} name
 * @param {any} scenario
 * @returns {Plan}
 */
export function plan(name, scenario) {
  const begin = millis(scenario.startTime ?? '0s');
  const graceful = millis(scenario.gracefulStop ?? '30s');
  const { preAllocatedVUs: preAllocated, maxVUs: most = preAllocated } = scenario;
  const unit = millis(scenario.timeUnit ?? '1s');
  switch (scenario.executor) {
    case 'constant-arrival-rate': {
      const duration = millis(scenario.duration);
      const arrivals = ramp([{ from: scenario.rate / unit, to: scenario.rate / unit, duration }]);
      return checked(name, { begin, duration, graceful, preAllocated, most, isOpen: true, arrivals });
    }
    case 'ramping-arrival-rate': {
      let from = (scenario.startRate ?? 0) / unit;
      const stages = scenario.stages.map((/** @type {{ target: number, duration: string }} */ stage) => {
        const part = { from, to: stage.target / unit, duration: millis(stage.duration) };
        from = part.to;
        return part;
      });
      const duration = stages.reduce((/** @type {number} */ sum, /** @type {{ duration: number }} */ stage) => sum + stage.duration, 0);
      return checked(name, { begin, duration, graceful, preAllocated, most, isOpen: true, arrivals: ramp(stages) });
    }
    case 'per-vu-iterations': {
      const arrivals = Array(scenario.vus * scenario.iterations).fill(0);
      const duration = millis(scenario.maxDuration ?? '10m');
      return { begin, duration, graceful, preAllocated: scenario.vus, most: scenario.vus, isOpen: false, arrivals };
    }
    default:
      throw new Error(`scenario ${name}: the stand-in does not know the executor ${scenario.executor}`);
  }
}

/**
 * @param {string} name
 * @param {Plan} planned
 */
function checked(name, planned) {
  const { preAllocated, most, duration, arrivals } = planned;
  if (!(preAllocated >= 0) || !(most >= preAllocated) || !(duration >= 1000) || arrivals.length === 0) {
    throw new Error(`scenario ${name}: rate, duration (1s or more), preAllocatedVUs or maxVUs can't be`);
  }
  return planned;
}

/**
 * The moments at which the number of arrivals so far becomes whole: the first is at the beginning.
 * @param {{ from: number, to: number, duration: number }[]} stages rates in arrivals a millisecond
 */
function ramp(stages) {
  const arrivals = [];
  let before = 0;
  let time = 0;
  for (const { from, to, duration } of stages) {
    const slope = (to - from) / duration;
    const made = ((from + to) / 2) * duration;
    for (let n = Math.ceil(before - 1e-9); n < before + made - 1e-9; n++) {
      const wanted = n - before;
      // from·t + slope·t²/2 = wanted
      const t = slope === 0 ? wanted / from : (Math.sqrt(from * from + 2 * slope * wanted) - from) / slope;
      arrivals.push(time + t);
    }
    before += made;
    time += duration;
  }
  return arrivals;
}

/** @param {string} duration such as 1h30m, 10s or 500ms */
export function millis(duration) {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(duration);
  if (!parts || duration === '') throw new Error(`${duration} is no duration`);
  const [, h, m, s, ms] = parts.map((part) => Number(part ?? 0));
  return h * 3_600_000 + m * 60_000 + s * 1000 + ms;
}

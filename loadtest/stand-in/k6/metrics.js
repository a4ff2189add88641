import { add, tell } from '../vu-state.mjs';

class Metric {
  #name;

  /**
   * @param {string} name
   * @param {string} type
   * @param {boolean} isTime
   */
  constructor(name, type, isTime = false) {
    this.#name = name;
    tell({ metric: { name, type, isTime } });
  }

  /**
   * @param {number | boolean} value
   * @param {{ [tag: string]: unknown }} [tags]
   */
  add(value, tags = {}) {
    add(this.#name, Number(value), tags);
  }
}

export class Counter extends Metric {
  /** @param {string} name */
  constructor(name) {
    super(name, 'counter');
  }
}

export class Gauge extends Metric {
  /** @param {string} name */
  constructor(name) {
    super(name, 'gauge');
  }
}

export class Rate extends Metric {
  /** @param {string} name */
  constructor(name) {
    super(name, 'rate');
  }
}

export class Trend extends Metric {
  /**
   * @param {string} name
   * @param {boolean} [isTime]
   */
  constructor(name, isTime) {
    super(name, 'trend', isTime);
  }
}

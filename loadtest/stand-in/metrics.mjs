/** Samples, summed up as k6 sums them up: by metric, and by the parts of metrics that thresholds name. */

/**
 * @typedef {{ [name: string]: string }} Tags
 * @typedef {'counter' | 'gauge' | 'rate' | 'trend'} Type
 */

const BUILT_IN = /** @type {const} */ ({
  checks: 'rate',
  data_received: 'counter',
  data_sent: 'counter',
  dropped_iterations: 'counter',
  http_req_duration: 'trend',
  http_req_failed: 'rate',
  http_reqs: 'counter',
  iteration_duration: 'trend',
  iterations: 'counter',
  vus_max: 'gauge',
});

/** All values of one metric, or of a part of it. */
export class Sink {
  /** @type {number[]} */
  #values = [];
  #sum = 0;
  #sorted = true;

  /** @param {Type} type */
  constructor(type) {
    this.type = type;
  }

  /** @param {number} value */
  add(value) {
    this.#values.push(value);
    this.#sum += value;
    this.#sorted = false;
  }

  get isEmpty() {
    return this.#values.length === 0;
  }

  /**
   * What a threshold or the summary asks for: `count`, `rate`, `value`, `avg`, `min`, `med`, `max` or `p(N)`. Undefined is the rate
   * of nothing: a threshold on it holds.
   * @param {string} method
   * @param {number} seconds since the start of the run
   * @returns {number | undefined}
   */
  read(method, seconds) {
    const n = this.#values.length;
    if (this.type === 'counter') return method === 'rate' ? this.#sum / seconds : this.#sum;
    if (this.type === 'gauge') return this.#values.at(-1) ?? 0;
    if (this.type === 'rate') {
      if (method === 'passes') return this.#sum;
      if (method === 'fails') return n - this.#sum;
      return n === 0 ? undefined : this.#sum / n;
    }
    if (method === 'count') return n;
    if (n === 0) return 0;
    if (method === 'avg') return this.#sum / n;
    return this.#quantile({ min: 0, med: 0.5, max: 1 }[method] ?? Number(method.slice(2, -1)) / 100);
  }

  /** Between two values in proportion. @param {number} share */
  #quantile(share) {
    if (!this.#sorted) {
      this.#values.sort((a, b) => a - b);
      this.#sorted = true;
    }
    const at = share * (this.#values.length - 1);
    const below = this.#values[Math.floor(at)];
    const above = this.#values[Math.ceil(at)];
    return below + (above - below) * (at - Math.floor(at));
  }
}

export class Metrics {
  /** @type {Map<string, { type: Type, isTime: boolean, isWatched: boolean, sink: Sink, parts: Map<string, { tags: Tags, sink: Sink }> }>} */
  #metrics = new Map();

  constructor() {
    for (const [name, type] of Object.entries(BUILT_IN)) this.declare(name, type, name.endsWith('duration'));
  }

  /**
   * Every VU declares what the script declares.
   * @param {string} name
   * @param {Type} type
   * @param {boolean} isTime
   */
  declare(name, type, isTime) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/.test(name)) throw new Error(`${name} is no name for a metric`);
    const known = this.#metrics.get(name);
    if (known && known.type !== type) throw new Error(`metric ${name} is declared twice, as ${known.type} and as ${type}`);
    if (!known) this.#metrics.set(name, { type, isTime, isWatched: false, sink: new Sink(type), parts: new Map() });
  }

  /**
   * Where the values of a metric, or of a part of it such as `name{tag:value,other:value}`, are summed up from now on.
   * @param {string} name
   */
  watch(name) {
    const [, parent, , inner] = /^([^{]*)(\{(.*)\})?$/.exec(name) ?? [];
    const metric = this.#metrics.get(parent ?? '');
    if (!metric) throw new Error(`no metric is named ${name}`);
    if (inner === undefined) {
      metric.isWatched = true;
      return metric.sink;
    }
    const tags = Object.fromEntries(
      inner.split(',').map((pair) => {
        const colon = pair.indexOf(':');
        if (colon < 1) throw new Error(`${name}: a part is named by tag:value`);
        return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
      }),
    );
    const part = metric.parts.get(name) ?? { tags, sink: new Sink(metric.type) };
    metric.parts.set(name, part);
    return part.sink;
  }

  /**
   * @param {string} name
   * @param {number} value
   * @param {Tags} tags
   */
  add(name, value, tags = {}) {
    const metric = this.#metrics.get(name);
    if (!metric) throw new Error(`no metric is named ${name}`);
    metric.sink.add(value);
    for (const part of metric.parts.values()) {
      if (Object.entries(part.tags).every(([tag, wanted]) => String(tags[tag]) === wanted)) part.sink.add(value);
    }
  }

  /**
   * What `handleSummary` reads.
   * @param {string[]} trendStats
   * @param {number} seconds
   */
  summary(trendStats, seconds) {
    /** @type {{ [name: string]: { type: Type, contains: string, values: { [method: string]: number }, thresholds?: { [source: string]: { ok: boolean } } } }} */
    const out = {};
    for (const [name, { type, isTime, isWatched, sink, parts }] of this.#metrics) {
      const methods = { counter: ['count', 'rate'], gauge: ['value'], rate: ['rate', 'passes', 'fails'], trend: trendStats }[type];
      /** @param {Sink} from */
      const values = (from) => Object.fromEntries(methods.map((method) => [method, from.read(method, seconds) ?? 0]));
      const contains = isTime ? 'time' : 'default';
      if (!sink.isEmpty || isWatched || parts.size > 0) out[name] = { type, contains, values: values(sink) };
      for (const [part, own] of parts) out[part] = { type, contains, values: values(own.sink) };
    }
    return out;
  }
}

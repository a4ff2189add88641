/** Thresholds in k6's own words: an aggregation, an operator, a number. What can't be understood is an error before the run. */

/** @typedef {import('./metrics.mjs').Sink} Sink */

const AGGREGATIONS = {
  counter: /^(count|rate)$/,
  gauge: /^value$/,
  rate: /^rate$/,
  trend: /^(avg|min|med|max|p\(\d+(\.\d+)?\))$/,
};

/** @type {{ [operator: string]: (left: number, right: number) => boolean }} */
const OPERATORS = {
  '<=': (left, right) => left <= right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '>': (left, right) => left > right,
  '===': (left, right) => left === right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

export class Threshold {
  /**
   * @param {string} metric
   * @param {string | { threshold: string, abortOnFail?: boolean, delayAbortEval?: string }} given
   * @param {Sink} sink
   */
  constructor(metric, given, sink) {
    const { threshold, abortOnFail = false, delayAbortEval = '0s' } = typeof given === 'string' ? { threshold: given } : given;
    const [, method, operator, value] = /^\s*([a-z]+(?:\([^)]*\))?)\s*(<=|<|>=|>|===|==|!=)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(threshold) ?? [];
    if (!method) throw new Error(`threshold on ${metric} can't be read: ${threshold}`);
    if (!AGGREGATIONS[sink.type].test(method)) throw new Error(`threshold on ${metric}: a ${sink.type} has no ${method}`);
    const after = /^(\d+)s$/.exec(delayAbortEval);
    if (!after) throw new Error(`threshold on ${metric}: delayAbortEval is ${delayAbortEval}, must be such as 10s`);
    this.metric = metric;
    this.source = threshold;
    this.abortOnFail = abortOnFail;
    this.delaySeconds = Number(after[1]);
    this.ok = true;
    this.sink = sink;
    this.method = method;
    this.compare = OPERATORS[operator];
    this.value = Number(value);
  }

  /** @param {number} seconds since the start of the run */
  evaluate(seconds) {
    const found = this.sink.read(this.method, seconds);
    this.ok = found === undefined || this.compare(found, this.value);
    return this.ok;
  }
}

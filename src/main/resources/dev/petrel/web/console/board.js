/** What the gateway has told so far, of the whole cluster. */

const NOTHING = {
  at: null, by: null, reading: null, verdict: null, findings: [], countries: [], providers: [], series: null,
  totals: {}, decisions: [], instances: [], partitions: 0, unowned: [], orders: [],
};

export const keyOf = (cell) => `${cell.provider}/${cell.country}`;

export class Board {
  #told = NOTHING;
  #cells = new Map();
  #ahead = 0;

  /** Takes an event of the stream. @returns the names of what is another than before */
  take(event, data) {
    const whole = event === 'board';
    const { cells = [], gone = [], ...rest } = data;
    if (whole) this.#cells.clear();
    cells.forEach((cell) => this.#cells.set(keyOf(cell), cell));
    gone.forEach((key) => this.#cells.delete(key));
    this.#told = { ...(whole ? NOTHING : this.#told), ...rest };
    if (data.at) this.#ahead = Date.parse(data.at) - Date.now();
    const names = whole ? [...Object.keys(NOTHING), 'cells'] : Object.keys(data);
    return new Set(names.map((name) => (name === 'gone' ? 'cells' : name)));
  }

  /** By the server's clock. */
  now = () => Date.now() + this.#ahead;

  /** All but the cells, as they came. */
  get told() {
    return this.#told;
  }

  /** By key; only where there is traffic. */
  get cells() {
    return this.#cells;
  }

  provider(id) {
    return this.#told.providers.find((each) => each.provider === id);
  }

  country(code) {
    return this.#told.countries.find((each) => each.country === code);
  }

  /** Orders about a provider, or about one of its cells. */
  ordersOn(provider, country) {
    return this.#told.orders.filter((order) =>
      order.kind === 'stop-country' ? order.country === country
        : order.kind === 'weights' ? provider in (order.weights ?? {})
          : order.provider === provider && (!order.country || !country || order.country === country));
  }

  decisionsOn(provider, country) {
    return this.#told.decisions.filter((decision) =>
      (decision.from === provider || decision.to === provider) && (!country || decision.country === country));
  }
}

/** How things are called and written on this page. Knows nothing of the document. */

/** Of a cell: its word, what it means, how bad it is, and a shape of its own on a field of 16 by 16. */
export const HEALTH = {
  failing: { means: 'does not take codes', weight: 5, shape: 'M4 4l8 8M12 4l-8 8' },
  silent: { means: 'takes them, and they don’t arrive', weight: 4, shape: 'M1.5 8h8.5M6.5 4.5L10 8l-3.5 3.5M13.5 3v10' },
  slow: { means: 'takes them, and they come late', weight: 3, shape: 'M8 2a6 6 0 1 0 .01 0M8 4.8V8l2.5 1.8' },
  out: { means: 'nobody is sent there: an order, or it asked for a rest', weight: 2, shape: 'M8 2a6 6 0 1 0 .01 0M4 4l8 8' },
  ok: { means: 'as it should be', weight: 0, shape: 'M3 8.5l3.3 3.3L13 4.5' },
  quiet: { means: 'too few codes to tell', weight: 0, shape: 'M3 8h.01M8 8h.01M13 8h.01' },
};

export const LEVELS = {
  ok: { word: 'All well', shape: HEALTH.ok.shape },
  warn: { word: 'Warning', shape: 'M8 2.5L14.5 13.5h-13zM8 6.5v3M8 11.6v.01' },
  bad: { word: 'Trouble', shape: HEALTH.failing.shape },
};

/** What is worse than this is trouble that nobody has got around yet. */
export const OUT = HEALTH.out.weight;

const COUNTRY_WEIGHT = { down: 10, degraded: 5, ok: 0 };

export const weightOf = (cell) => HEALTH[cell?.health]?.weight ?? 0;
export const weightOfState = (country) => COUNTRY_WEIGHT[country?.state] ?? 0;

const BREAKERS = {
  closed: 'breaker closed',
  open: 'breaker open',
  half_open: 'breaker on trial',
  mixed: 'breaker open',
  held_open: 'breaker held open by order',
  held_closed: 'breaker held closed by order',
};

/** "breaker open at 2 of 3". */
export function breaker(provider) {
  const words = BREAKERS[provider.breaker] ?? `breaker ${provider.breaker}`;
  const open = provider.openAt?.length ?? 0;
  return open > 0 ? `${words} at ${open} of ${provider.instances}` : words;
}

export const isShut = (provider) => Boolean(provider.shut) || !['closed', 'held_closed'].includes(provider.breaker);

const SHUT = { breaker_open: null, held_open: null, resting: 'resting' };

/** Why it is passed over, where the breaker does not say so already. */
export const shut = (provider) => (provider.shut in SHUT ? SHUT[provider.shut] : provider.shut?.replaceAll('_', ' '));

const INSTANCES = { ok: 'at work', late: 'not heard of', not_ready: 'not ready' };

export const instanceState = (state) => INSTANCES[state] ?? state;

/** "Drain twilio-main in US". */
export function order({ kind, provider, country, hold, route, tenant }) {
  switch (kind) {
    case 'drain':
      return `Drain ${provider} ${country ? `in ${country}` : 'everywhere'}`;
    case 'breaker':
      return `Hold the breaker of ${provider} ${hold ?? ''}`.trim();
    case 'weights':
      return `Other weights in the route ${route}`;
    case 'stop-country':
      return `Stop ${country}`;
    case 'stop-tenant':
      return `Stop the tenant ${tenant}`;
    default:
      return kind;
  }
}

const regions = new Intl.DisplayNames('en', { type: 'region' });

/** "India" of "IN"; empty where there is no such name. */
export function countryName(code) {
  try {
    const name = regions.of(code);
    return name === code ? '' : name;
  } catch {
    return '';
  }
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

export const count = (number) => (number == null ? '–' : whole.format(number));

/** Small numbers with two digits that count, others whole. */
export const rate = (number) => (number == null ? '–' : (number < 10 ? precise : whole).format(number));

/** Never "100 %" of what is not all, and never "0 %" of what is not nothing. */
export function percent(share) {
  if (share == null) return '–';
  const rounded = Math.round(share * 100);
  if (rounded === 100 && share < 1) return '>99 %';
  return rounded === 0 && share > 0 ? '<1 %' : `${rounded} %`;
}

export function seconds(number) {
  if (number == null) return '–';
  if (number < 1) return `${Math.round(number * 1000)} ms`;
  return `${number < 10 ? number.toFixed(1) : whole.format(number)} s`;
}

/** "3 min", of milliseconds. */
export function span(millis) {
  const all = Math.max(0, Math.round(millis / 1000));
  if (all < 60) return `${all} s`;
  if (all < 3600) return `${Math.floor(all / 60)} min`;
  if (all < 172_800) return `${Math.floor(all / 3600)} h ${Math.floor((all % 3600) / 60)} min`;
  return `${Math.floor(all / 86_400)} days`;
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** In the viewer's own time: "14:02:11", with the day where it is not today. */
export function clock(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return String(iso);
  const today = date.toDateString() === new Date().toDateString();
  return today ? timeOfDay.format(date) : `${day.format(date)} ${timeOfDay.format(date)}`;
}

/** "2026-11-24 04:05:01 UTC". */
export const utc = (iso) => `${String(iso).replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`;

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

import type { Chance, Filled } from './chance.ts';
import { DAY, HOUR } from './rhythm.ts';

/** Where a lead first came from; written to the contact as `source`. */
export type Source = 'organic' | 'paid_search' | 'paid_social' | 'webinar' | 'partner' | 'outbound' | 'event';

/** What brought somebody to the website, in the names of Segment's `context.campaign`. */
export interface Campaign {
  readonly name: string;
  readonly source: string;
  readonly medium: string;
  readonly content?: string;
}

/** How common each source is. */
export const SOURCES: Filled<readonly [Source, number]> = [
  ['organic', 27],
  ['paid_search', 19],
  ['paid_social', 8],
  ['webinar', 13],
  ['partner', 9],
  ['outbound', 14],
  ['event', 10],
];

const CAMPAIGNS: Record<Exclude<Source, 'organic'>, Filled<Campaign>> = {
  paid_search: [
    { name: 'planning-software-generic', source: 'google', medium: 'cpc', content: 'planning software' },
    {
      name: 'spreadsheet-alternative',
      source: 'google',
      medium: 'cpc',
      content: 'budgeting without spreadsheets',
    },
    { name: 'brand', source: 'google', medium: 'cpc', content: 'fernhollow' },
    { name: 'forecasting-tool', source: 'bing', medium: 'cpc', content: 'forecasting tool' },
  ],
  paid_social: [
    { name: 'budget-season-guide', source: 'linkedin', medium: 'paid-social' },
    { name: 'cfo-checklist', source: 'linkedin', medium: 'paid-social' },
  ],
  webinar: [
    { name: 'webinar-invite', source: 'newsletter', medium: 'email' },
    { name: 'webinar-partner-list', source: 'co-host', medium: 'email' },
  ],
  partner: [
    { name: 'partner-tallow-advisory', source: 'tallow-advisory', medium: 'referral' },
    { name: 'partner-beckline', source: 'beckline-integrators', medium: 'referral' },
  ],
  outbound: [
    { name: 'outbound-cfo-midmarket', source: 'sdr', medium: 'email' },
    { name: 'outbound-supply-chain', source: 'sdr', medium: 'email' },
  ],
  event: [{ name: 'event', source: 'event', medium: 'offline' }],
};

/** The campaign that brings people that the product does not suit: it promises less work, and says nothing of planning. */
export const POOR_FIT = 'spreadsheet-alternative';

/** Draws the campaign behind a source; null for a visitor who found the site alone. */
export function drawCampaign(source: Source, chance: Chance): Campaign | null {
  return source === 'organic' ? null : chance.pick(CAMPAIGNS[source]);
}

/** A webinar or fair: leads gather around its date. */
interface Occasion {
  readonly name: string;
  readonly at: number;
}

const WEBINARS: Filled<string> = [
  'Rolling forecasts that people trust',
  'From spreadsheet to one plan',
  'Headcount planning in a volatile year',
  'Scenario planning in an afternoon',
  'What good looks like: month-end in three days',
  'Demand planning for small teams',
];

const FAIRS: Filled<string> = [
  'Planning Forum Harrogate',
  'Finance Leaders Days',
  'Supply Chain Assembly',
  'Mid-Market Summit',
];

const THURSDAY = 4;
const WEDNESDAY = 3;

/** The webinars around the demo's year: one every four weeks, Thursdays at 14:00 UTC, the next one still to come. */
export function webinarsUntil(now: number): Filled<Occasion> {
  const next = lastWeekday(now + 9 * DAY, THURSDAY) + 14 * HOUR;
  const name = (index: number) => WEBINARS[index % WEBINARS.length] ?? WEBINARS[0];
  const past = Array.from({ length: 13 }, (_, index) => ({
    name: name(index + 1),
    at: next - 28 * (index + 1) * DAY,
  }));
  return [{ name: name(0), at: next }, ...past];
}

/** The fairs of the demo's year: one a quarter, Wednesdays from 10:00 UTC. */
export function fairsUntil(now: number): Filled<Occasion> {
  const fair = (name: string, daysAgo: number) => ({
    name,
    at: lastWeekday(now - daysAgo * DAY, WEDNESDAY) + 10 * HOUR,
  });
  const [latest, ...before] = FAIRS;
  return [fair(latest, 35), ...before.map((name, index) => fair(name, 35 + 91 * (index + 1)))];
}

/** Midnight of the last such weekday at or before an instant. */
function lastWeekday(at: number, weekday: number): number {
  const midnight = Math.floor(at / DAY) * DAY;
  return midnight - ((new Date(midnight).getUTCDay() - weekday + 7) % 7) * DAY;
}

/** The occasion that somebody arriving at `at` comes for: the next one, else the last. */
export function nextOccasion(at: number, occasions: Filled<Occasion>): Occasion {
  const coming = occasions.filter(occasion => occasion.at > at);
  return coming.reduce((next, other) => (other.at < next.at ? other : next), coming[0] ?? occasions[0]);
}

/** The occasion nearest in time to an instant. */
export function nearestOccasion(at: number, occasions: Filled<Occasion>): Occasion {
  return occasions.reduce((best, other) => (Math.abs(other.at - at) < Math.abs(best.at - at) ? other : best));
}

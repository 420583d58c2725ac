import { VENDOR } from './site.ts';

/** Somebody who works with Baton at the invented vendor, Monday to Friday. */
export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly role: 'admin' | 'marketing' | 'manager' | 'rep';
  readonly timezone: string;
  /** From when to when they work on a day, in their time zone. */
  readonly hours: string;
  /** How many times as long as others they take to a first touch. */
  readonly pace: number;
}

/** A team of the template's routing; `weight` is a member's share where the routing says `weighted`. */
interface DemoTeam {
  readonly name: string;
  readonly label: string;
  /** Who deals with its exceptions. */
  readonly manager: string;
  readonly members: readonly { readonly email: string; readonly weight: number }[];
}

function address(name: string): string {
  return `${name.toLowerCase().replace(' ', '.')}@${VENDOR.domain}`;
}

const LONDON = { timezone: 'Europe/London', hours: '09:00-17:30' };
const NEW_YORK = { timezone: 'America/New_York', hours: '09:00-17:30' };
const STOCKHOLM = { timezone: 'Europe/Stockholm', hours: '08:30-17:00' };

function person(
  name: string,
  role: DemoPerson['role'],
  working: Partial<Pick<DemoPerson, 'timezone' | 'hours' | 'pace'>> = {},
): DemoPerson {
  return { name, email: address(name), role, ...LONDON, pace: 1, ...working };
}

/** The people of the demo. The first is the one who is signed in; visitors look through the eyes of the first of each role. */
export const demoPeople: readonly DemoPerson[] = [
  person('Maren Holt', 'admin'),
  person('Josie Adeyemi', 'marketing'),
  person('Daniel Wexford', 'manager'),
  person('Callum Reid', 'rep'),
  person('Ines Carvalho', 'rep', { timezone: 'Europe/Lisbon', hours: '09:00-17:30' }),
  person('Tom Ashby', 'rep'),
  person('Marcus Bell', 'rep', NEW_YORK),
  person('Priya Raman', 'rep', NEW_YORK),
  person('Freya Lindholm', 'rep', { ...STOCKHOLM, pace: 3 }),
];

function team(name: string, label: string, weights: Readonly<Record<string, number>>): DemoTeam {
  const members = Object.entries(weights).map(([member, weight]) => ({ email: address(member), weight }));
  return { name, label, manager: address('Daniel Wexford'), members };
}

/** Who is on time off when the demo begins, for how many days, and why. */
export const demoAway: readonly { readonly email: string; readonly days: number; readonly note: string }[] = [
  { email: address('Marcus Bell'), days: 3, note: 'Family holiday' },
];

/** The teams that the template's routing, disqualifiers and reasons name. */
export const demoTeams: readonly DemoTeam[] = [
  team('enterprise', 'Enterprise', { 'Maren Holt': 1, 'Ines Carvalho': 1, 'Tom Ashby': 1 }),
  team('north_america', 'North America', { 'Marcus Bell': 1, 'Priya Raman': 1 }),
  team('commercial', 'Commercial', {
    'Maren Holt': 1,
    'Priya Raman': 1,
    'Callum Reid': 2,
    'Freya Lindholm': 2,
  }),
  team('customer_success', 'Customer success', { 'Freya Lindholm': 1 }),
  team('inbound_queue', 'Inbound queue', { 'Daniel Wexford': 1 }),
];

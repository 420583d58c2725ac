import { VENDOR } from './site.ts';

/** Somebody who works with Baton at the invented vendor. */
interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly role: 'admin' | 'marketing' | 'manager' | 'rep';
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

function person(name: string, role: DemoPerson['role']): DemoPerson {
  return { name, email: address(name), role };
}

/** The people of the demo. The first is the one who is signed in. */
export const demoPeople: readonly DemoPerson[] = [
  person('Maren Holt', 'admin'),
  person('Josie Adeyemi', 'marketing'),
  person('Daniel Wexford', 'manager'),
  person('Ines Carvalho', 'rep'),
  person('Tom Ashby', 'rep'),
  person('Marcus Bell', 'rep'),
  person('Priya Raman', 'rep'),
  person('Callum Reid', 'rep'),
  person('Freya Lindholm', 'rep'),
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

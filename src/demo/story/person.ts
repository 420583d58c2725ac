import type { Chance, Filled } from './chance.ts';
import type { Company, Taken } from './company.ts';
import { drawName, plainLetters } from './name.ts';

/** Who somebody is behind the form; most are the first. */
export type Persona =
  | 'buyer'
  | 'student'
  | 'job_seeker'
  | 'competitor'
  | 'customer'
  | 'throwaway'
  | 'junk'
  | 'duplicate'
  | 'crawler';

type Level = 'executive' | 'director' | 'manager' | 'specialist' | 'junior';

/** The department somebody works in. */
type Team = keyof typeof TITLES;

/** An invented person. What they did not give is null. */
export interface Person {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly title: string | null;
  readonly phone: string | null;
  readonly level: Level;
  readonly team: Team;
  readonly persona: Persona;
}

const TITLES = {
  finance: {
    executive: ['Chief Financial Officer', 'CFO', 'VP Finance'],
    director: ['Finance Director', 'Head of Finance', 'Director of FP&A', 'Head of Controlling'],
    manager: ['Finance Manager', 'FP&A Manager', 'Financial Controller', 'Planning Lead'],
    specialist: ['Financial Analyst', 'FP&A Analyst', 'Senior Accountant', 'Finance Business Partner'],
    junior: ['Finance Intern', 'Finance Trainee'],
  },
  operations: {
    executive: ['Chief Operating Officer', 'COO', 'VP Operations'],
    director: ['Operations Director', 'Head of Operations', 'Director of Planning'],
    manager: ['Operations Manager', 'Planning Manager', 'Business Planning Lead'],
    specialist: ['Operations Analyst', 'Demand Planner', 'Planning Analyst'],
    junior: ['Operations Intern'],
  },
  supply: {
    executive: ['VP Supply Chain', 'Chief Supply Chain Officer'],
    director: ['Supply Chain Director', 'Head of Supply Chain'],
    manager: ['Supply Chain Manager', 'Inventory Manager'],
    specialist: ['Supply Chain Analyst', 'Inventory Planner'],
    junior: ['Supply Chain Intern'],
  },
  revenue: {
    executive: ['Chief Revenue Officer', 'VP Revenue Operations'],
    director: ['Head of Revenue Operations', 'Commercial Director'],
    manager: ['Revenue Operations Manager', 'Sales Operations Manager'],
    specialist: ['Revenue Analyst', 'Sales Operations Analyst'],
    junior: ['Sales Trainee'],
  },
  technology: {
    executive: ['CTO', 'Chief Information Officer'],
    director: ['IT Director', 'Head of Data'],
    manager: ['IT Manager', 'Data Manager', 'BI Lead'],
    specialist: ['Data Engineer', 'Business Analyst', 'BI Developer'],
    junior: ['IT Apprentice'],
  },
  marketing: {
    executive: ['Chief Marketing Officer'],
    director: ['Marketing Director', 'Head of Marketing'],
    manager: ['Marketing Manager', 'Content Manager'],
    specialist: ['Marketing Coordinator', 'Content Writer'],
    junior: ['Marketing Intern'],
  },
  general: {
    executive: ['Managing Director', 'CEO', 'Founder', 'Founder & CEO', 'Owner'],
    director: ['Director', 'Head of Strategy'],
    manager: ['Office Manager', 'Project Manager', 'HR Manager'],
    specialist: ['Consultant', 'Project Coordinator', 'Executive Assistant'],
    junior: ['Intern'],
  },
} satisfies Record<string, Record<Level, Filled<string>>>;

/** Titles in German that no English rule knows: a gap for the review to find. */
const GERMAN_TITLES: Filled<string> = ['Leiter Controlling', 'Kaufmännischer Leiter', 'Teamleiterin Planung'];

const TEAMS: Filled<readonly [Team, number]> = [
  ['finance', 32],
  ['operations', 21],
  ['supply', 9],
  ['revenue', 9],
  ['technology', 12],
  ['marketing', 6],
  ['general', 11],
];

const LEVELS: Filled<readonly [Level, number]> = [
  ['executive', 12],
  ['director', 24],
  ['manager', 33],
  ['specialist', 27],
  ['junior', 4],
];

/** How many buyers write from a private mailbox. */
const FREE_SHARE = 0.08;

/**
 * Free mailboxes of the demo are all at one provider, and have an underscore, which that provider gives out to nobody:
 * so the address looks real and belongs to no one.
 */
const FREE_DOMAIN = 'gmail.com';

const THROWAWAY_DOMAINS: Filled<string> = ['mailinator.com', 'yopmail.com'];

/** The invented rivals, two of them named as competitors in the template. */
export const COMPETITORS: Filled<{ readonly name: string; readonly domain: string }> = [
  { name: 'Plandrift', domain: 'plandrift.example' },
  { name: 'Quotafold', domain: 'quotafold.example' },
  { name: 'Ledgerloom', domain: 'ledgerloom.example' },
  { name: 'Sumcastle', domain: 'sumcastle.example' },
];

/** Invents a person of a company, with an address nobody else of this demo has. */
export function inventPerson(
  company: Company,
  { persona, taken, chance }: { readonly persona: Persona; readonly taken: Taken; readonly chance: Chance },
): Person {
  const { first, last } = persona === 'junk' ? junkName(chance) : drawName(company.place.names, chance);
  const team = chance.weighted(TEAMS);
  const level = chance.weighted(LEVELS);
  const email = claim(address({ first, last, persona, company, chance }), taken);
  const isReachable = chance.happens(0.62) && persona !== 'junk' && persona !== 'student';
  return {
    first,
    last,
    email,
    title: drawTitle({ team, level, persona, company, chance }),
    phone: isReachable ? (company.place.phone?.(chance) ?? null) : null,
    level: persona === 'student' ? 'junior' : level,
    team,
    persona,
  };
}

/** The same person again from a private mailbox, as people do who forgot that they had signed up. */
export function secondSelf(
  person: Person,
  { taken, chance }: { readonly taken: Taken; readonly chance: Chance },
): Person {
  const email = claim(freeAddress(person.first, person.last, chance), taken);
  return { ...person, email, persona: 'duplicate' };
}

function junkName(chance: Chance): { readonly first: string; readonly last: string } {
  return chance.pick([
    { first: 'Asdf', last: 'Asdf' },
    { first: 'Test', last: 'Test' },
    { first: 'Xx', last: 'Yy' },
    { first: 'Qwe', last: 'Rty' },
  ]);
}

function drawTitle(about: {
  readonly team: Team;
  readonly level: Level;
  readonly persona: Persona;
  readonly company: Company;
  readonly chance: Chance;
}): string | null {
  const { team, level, persona, company, chance } = about;
  if (persona === 'junk') return null;
  // One student in four says so nowhere, and sales finds out.
  if (persona === 'student')
    return chance.happens(0.75) ? chance.pick(['Student', 'MSc Student', 'PhD candidate']) : 'Analyst';
  if (persona === 'buyer' && chance.happens(0.05)) return null;
  if (company.place.names === 'german' && level === 'director' && chance.happens(0.4))
    return chance.pick(GERMAN_TITLES);
  return chance.pick(TITLES[team][level]);
}

function address(about: {
  readonly first: string;
  readonly last: string;
  readonly persona: Persona;
  readonly company: Company;
  readonly chance: Chance;
}): string {
  const { persona, company, chance } = about;
  const [first, last] = [plainLetters(about.first), plainLetters(about.last)];
  if (persona === 'throwaway') return `${first}${chance.whole(10, 999)}@${chance.pick(THROWAWAY_DOMAINS)}`;
  if (persona === 'junk') return `${first}@${last}${chance.whole(1, 99)}.example`;
  const isFree =
    persona === 'student' || persona === 'job_seeker'
      ? chance.happens(0.8)
      : persona === 'buyer' && chance.happens(FREE_SHARE);
  if (isFree) return freeAddress(about.first, about.last, chance);
  const name = chance.weighted([
    [`${first}.${last}`, 6],
    [`${first.slice(0, 1)}.${last}`, 2],
    [`${first.slice(0, 1)}${last}`, 1],
    [first, company.size < 40 ? 4 : 0],
  ]);
  return `${name}@${company.domain}`;
}

function freeAddress(first: string, last: string, chance: Chance): string {
  const number = chance.happens(0.5) ? String(chance.whole(1, 99)) : '';
  return `${plainLetters(first)}_${plainLetters(last)}${number}@${FREE_DOMAIN}`;
}

/** The address itself, or with the first number that makes it new. */
function claim(email: string, taken: Taken): string {
  const [name = '', domain = ''] = email.split('@');
  let free = email;
  for (let number = 2; taken.has(free); number++) free = `${name}${number}@${domain}`;
  taken.add(free);
  return free;
}

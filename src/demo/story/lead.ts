import { arrive, follow } from './arrival.ts';
import { type Campaign, drawCampaign, SOURCES, type Source } from './campaign.ts';
import type { Chance, Filled } from './chance.ts';
import { type Company, inventCompany, type Taken } from './company.ts';
import { KINDS } from './journey.ts';
import { COMPETITORS, inventPerson, type Person, type Persona, secondSelf } from './person.ts';
import type { Kind } from './pursuit.ts';
import { DAY } from './rhythm.ts';

/** Somebody who will come: who, from where, for what and when first. The rest of the story is drawn from `chance`. */
export interface Lead {
  readonly person: Person;
  readonly company: Company;
  readonly source: Source;
  readonly campaign: Campaign | null;
  readonly kind: Kind;
  readonly arriveAt: number;
  readonly chance: Chance;
}

/** What leads are drawn from; `taken` keeps names unique within one demo. */
export interface Making {
  readonly now: number;
  readonly taken: Taken;
  readonly chance: Chance;
}

const PERSONAS: Filled<readonly [Persona, number]> = [
  ['buyer', 894],
  ['student', 30],
  ['customer', 22],
  ['job_seeker', 15],
  ['throwaway', 13],
  ['competitor', 12],
  ['junk', 9],
  ['crawler', 5],
];

/** What people do who are not buyers, and where they come from. */
const OTHER_KINDS: Filled<readonly [Kind, number]> = [
  ['learner', 45],
  ['visitor', 30],
  ['research', 12],
  ['trial', 6],
  ['hand_raiser', 7],
];
const OTHER_SOURCES: Filled<readonly [Source, number]> = [
  ['organic', 60],
  ['paid_search', 20],
  ['paid_social', 20],
];

/** How many colleagues follow the first of a company: mostly none. */
const COLLEAGUES: Filled<readonly [count: number, weight: number]> = [
  [0, 62],
  [1, 22],
  [2, 10],
  [3, 4],
  [4, 2],
];

/** How many buyers sign up a second time from a private mailbox. */
const TWICE = 0.014;

/** Draws a company and those of its people who come. */
export function drawLeads(making: Making): readonly Lead[] {
  const { chance } = making;
  const persona = chance.weighted(PERSONAS);
  const company = companyFor(persona, inventCompany(making.taken, chance), chance);
  const first = drawLead(company, { making, persona, firstAt: null });
  if (first === null) return [];
  const isTeam = persona === 'buyer' || persona === 'customer';
  const count = isTeam ? chance.weighted(COLLEAGUES) : 0;
  const colleagues = Array.from({ length: count }, () =>
    drawLead(company, { making, persona, firstAt: first.arriveAt }),
  );
  const again = persona === 'buyer' && chance.happens(TWICE) ? [comeAgain(first, making)] : [];
  return [first, ...colleagues.filter(lead => lead !== null), ...again];
}

/** Some personas belong to companies of their own; one rival in four hides behind another firm. */
function companyFor(persona: Persona, company: Company, chance: Chance): Company {
  const isOpen = chance.happens(0.75);
  if (persona === 'customer') return { ...company, isCustomer: isOpen };
  if (persona === 'student') {
    return { ...company, name: `University of ${company.root}`, industry: 'Education' };
  }
  if (persona !== 'competitor' || !isOpen) return company;
  return { ...company, ...chance.pick(COMPETITORS), industry: 'Software', employees: null };
}

function drawLead(
  company: Company,
  about: { readonly making: Making; readonly persona: Persona; readonly firstAt: number | null },
): Lead | null {
  const { making, persona, firstAt } = about;
  const { now, taken, chance } = making;
  const isBuyer = persona === 'buyer';
  const source = chance.weighted(isBuyer ? SOURCES : OTHER_SOURCES);
  const coming = { source, place: company.place, now, chance };
  const arriveAt = firstAt === null ? arrive(coming) : follow(firstAt, coming);
  if (arriveAt === null) return null;
  const kind = chance.weighted(isBuyer ? KINDS[source] : OTHER_KINDS);
  const person = inventPerson(company, { persona, taken, chance });
  // The newsletter form does not ask what somebody does.
  const title = kind === 'visitor' && chance.happens(0.5) ? null : person.title;
  const campaign = drawCampaign(source, chance);
  return { person: { ...person, title }, company, source, campaign, kind, arriveAt, chance };
}

function comeAgain(lead: Lead, { now, taken, chance }: Making): Lead {
  const arriveAt = Math.min(now - 2 * DAY, lead.arriveAt + Math.round(chance.between(5, 60) * DAY));
  return { ...lead, person: secondSelf(lead.person, { taken, chance }), arriveAt };
}

/** Draws until somebody comes who would surely be handed over for asking. */
export function drawHandRaiser(making: Making): Lead {
  for (;;) {
    const company = inventCompany(making.taken, making.chance);
    const lead = drawLead(company, { making, persona: 'buyer', firstAt: null });
    if (lead?.kind === 'hand_raiser' && isSuited(lead)) return lead;
  }
}

function isSuited({ person, company, source }: Lead): boolean {
  const isComplete = company.employees !== null && company.industry !== null && person.title !== null;
  const isBusiness = person.email.endsWith(`@${company.domain}`);
  // Webinars and fairs have their dates; such a journey cannot be moved to another day.
  const isMovable = source !== 'webinar' && source !== 'event';
  return isComplete && isBusiness && isMovable && company.size >= 50 && company.size < 20_000;
}

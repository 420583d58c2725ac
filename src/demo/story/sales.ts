import { type Campaign, POOR_FIT, type Source } from './campaign.ts';
import type { Chance, Filled } from './chance.ts';
import type { Company } from './company.ts';
import type { Person } from './person.ts';
import type { Kind } from './pursuit.ts';
import { NOTES, type ReasonId } from './reason.ts';
import { DAY, HOUR, WORKDAY } from './rhythm.ts';

/** What becomes of an accepted lead. Delays are calendar time after the decision. */
interface Deal {
  readonly name: string;
  readonly outcome: 'won' | 'lost';
  readonly opportunityAfterMs: number;
  readonly closedAfterMs: number;
  /** Whether its rep lets it lie once it is accepted, until it ends. */
  readonly isForgotten: boolean;
  readonly amount: number;
  readonly currency: 'GBP';
}

/**
 * How the rep acts if the lead is handed over. Delays count working time of the template's calendar from the handoff;
 * null: it is not done yet. A rejection has a reason, an acceptance has answers and, in sales, a deal.
 */
export interface SalesBehaviour {
  readonly touchAfterWorkMs: number | null;
  readonly touchBy: 'call' | 'email' | 'meeting';
  readonly decideAfterWorkMs: number | null;
  readonly decision: 'accept' | 'reject';
  readonly reason: ReasonId | null;
  readonly note: string | null;
  readonly answers: Readonly<Record<'budget' | 'authority' | 'need' | 'timeline', string>> | null;
  readonly then: Deal | null;
}

/** What a rep's behaviour depends on. `progress` is how far through the year (0 to 1) the handoff falls. */
interface Prospect {
  readonly person: Person;
  readonly company: Company;
  readonly source: Source;
  readonly campaign: Campaign | null;
  readonly kind: Kind;
  readonly progress: number;
  readonly chance: Chance;
}

/** Draws how sales works a lead: how fast, whether it is accepted, why not, and what comes of it. */
export function drawSales(prospect: Prospect): SalesBehaviour {
  const { chance, progress } = prospect;
  const isAccepted = chance.unit() < acceptance(prospect);
  const reason = isAccepted ? null : drawReason(prospect);
  // Both teams meet from spring on: first touches fall from two and a half hours to under one.
  const touchMs = chance.skewed({ median: (2.4 - 1.7 * progress) * HOUR, spread: 0.9 });
  const touchAfterWorkMs = Math.round(Math.min(touchMs, 2 * WORKDAY));
  const thinkMs = chance.skewed({ median: (1.7 - 0.7 * progress) * WORKDAY, spread: 0.6 });
  const attemptsMs = reason === 'unreachable' ? 2.5 * WORKDAY : 0;
  return {
    touchAfterWorkMs,
    touchBy: chance.weighted([
      ['call', prospect.person.phone === null ? 1 : 7],
      ['email', 5],
      ['meeting', 1],
    ]),
    decideAfterWorkMs: Math.round(touchAfterWorkMs + Math.min(thinkMs + attemptsMs, 9 * WORKDAY)),
    decision: isAccepted ? 'accept' : 'reject',
    reason,
    note: reason === null ? null : chance.pick(NOTES[reason]),
    answers: isAccepted ? drawAnswers(chance) : null,
    then: isAccepted ? drawDeal(prospect) : null,
  };
}

/** How customer success works a lead of a customer: at the pace of sales, and it takes the lead. */
export function serveCustomer(sales: SalesBehaviour): SalesBehaviour {
  return {
    ...sales,
    decision: 'accept',
    reason: null,
    note: 'Called back; goes on with the account plan.',
    answers: null,
    then: null,
  };
}

/** People that sales always turns down, however they score, once it learns who they are. */
const ALWAYS: Readonly<Partial<Record<Person['persona'], ReasonId>>> = {
  student: 'student',
  competitor: 'competitor',
  customer: 'existing_customer',
  junk: 'junk',
  throwaway: 'junk',
  duplicate: 'not_interested',
  job_seeker: 'no_need',
  crawler: 'junk',
};

/**
 * How likely sales accepts the lead: a logistic curve over its latent quality. The intercept moves through the year,
 * which is the drift that the reports show: 45 % of the handoffs are accepted in the first months, when marketing
 * hands over whatever scores, and 65 to 75 % late in the year, after the teams have learned what to ask before. It
 * was set by scoring the generated year under the template and counting what qualifies.
 */
function acceptance(prospect: Prospect): number {
  if (ALWAYS[prospect.person.persona] !== undefined) return 0;
  const risen = smooth((prospect.progress - 0.2) / 0.6);
  const intercept = -0.42 + 1.42 * risen;
  return 1 / (1 + Math.exp(-(intercept + quality(prospect))));
}

/** A rise from 0 to 1 without corners. */
function smooth(x: number): number {
  const bounded = Math.min(1, Math.max(0, x));
  return bounded * bounded * (3 - 2 * bounded);
}

const BY_KIND: Record<Kind, number> = {
  hand_raiser: 0.35,
  trial: 0.25,
  research: -0.4,
  learner: -0.8,
  visitor: -0.5,
};
const BY_SOURCE: Record<Source, number> = {
  partner: 0.5,
  organic: 0.1,
  paid_search: -0.05,
  outbound: -0.1,
  event: -0.2,
  webinar: -0.25,
  paid_social: -0.6,
};
const BY_LEVEL: Record<Person['level'], number> = {
  executive: 0.2,
  director: 0.35,
  manager: 0,
  specialist: -0.45,
  junior: -1.2,
};
const BY_TEAM: Record<Person['team'], number> = {
  finance: 0.2,
  operations: 0.15,
  supply: 0.1,
  revenue: 0.1,
  general: -0.1,
  technology: -0.25,
  marketing: -0.6,
};

/** A lead's latent quality in logits: what a better agreement could find out, and some that nobody can. */
function quality({ person, company, source, campaign, kind, chance }: Prospect): number {
  const bySize =
    company.size < 10
      ? -1.1
      : company.size < 50
        ? -0.5
        : company.size < 200
          ? 0.1
          : company.size < 2_000
            ? 0.35
            : 0;
  return (
    BY_KIND[kind] +
    BY_SOURCE[source] +
    BY_LEVEL[person.level] +
    BY_TEAM[person.team] +
    bySize +
    (campaign?.name === POOR_FIT ? -3 : 0) +
    0.5 * chance.normal()
  );
}

function drawReason({ person, company, campaign, chance }: Prospect): ReasonId {
  const forced = ALWAYS[person.persona];
  if (forced !== undefined) return forced;
  const isSmall = company.size < 50 || campaign?.name === POOR_FIT;
  const isJunior = person.level === 'specialist' || person.level === 'junior';
  return chance.weighted<ReasonId>([
    ['bad_timing', 27],
    ['unreachable', person.phone === null ? 26 : 17],
    ['not_interested', 9],
    ['no_need', 7],
    ['wrong_fit', isSmall ? 30 : 13],
    ['no_budget', isSmall ? 16 : 10],
    ['no_authority', isJunior ? 20 : 5],
    ['existing_customer', 1],
    ['competitor', 1],
  ]);
}

const BUDGETS: Filled<string> = [
  'In this year’s plan',
  'Needs sign-off above 20k',
  'Moves from the old tool',
  'To be asked for next quarter',
];
const AUTHORITIES: Filled<string> = [
  'Decides alone',
  'CFO signs, contact prepares',
  'Buying group of three',
  'Director with board approval',
];
const NEEDS: Filled<string> = [
  'Forecast takes two weeks in spreadsheets',
  'Five entities, no common plan',
  'Board wants scenarios every month',
  'Old planning tool runs out of support',
];
const TIMELINES: Filled<string> = [
  'Live before budget season',
  'This quarter',
  'Within six months',
  'After the audit',
];

function drawAnswers(chance: Chance): NonNullable<SalesBehaviour['answers']> {
  return {
    budget: chance.pick(BUDGETS),
    authority: chance.pick(AUTHORITIES),
    need: chance.pick(NEEDS),
    timeline: chance.pick(TIMELINES),
  };
}

/** How a deal goes: after how many days an accepted lead becomes an opportunity, and how many more that lasts. */
const COURSES = {
  won: { outcome: 'won', opens: 5, lasts: 48 },
  lost: { outcome: 'lost', opens: 5, lasts: 38 },
  dragged: { outcome: 'lost', opens: 5, lasts: 90 },
  /** Not much was in it; in the end it is written off. */
  idle: { outcome: 'lost', opens: 34, lasts: 8 },
} as const;

/** How many deals are forgotten by their reps. */
const FORGOTTEN = 0.05;

/** Three accepted leads in four become opportunities soon; of those, about every third is won. */
function drawDeal({ company, chance }: Prospect): Deal {
  const course = chance.weighted<keyof typeof COURSES>([
    ['won', 20],
    ['lost', 39],
    ['dragged', 15],
    ['idle', 26],
  ]);
  const { outcome, opens, lasts } = COURSES[course];
  const opportunityAfterMs = Math.round(chance.skewed({ median: opens, spread: 0.5 }) * DAY);
  const closedAfterMs = opportunityAfterMs + Math.round(chance.skewed({ median: lasts, spread: 0.5 }) * DAY);
  const list = 3_000 + 90 * Math.min(company.size, 5_000) ** 0.8;
  const amount = Math.round(chance.skewed({ median: list, spread: 0.35 }) / 100) * 100;
  return {
    name: `Planning for ${company.name}`,
    outcome,
    opportunityAfterMs,
    closedAfterMs,
    isForgotten: chance.happens(FORGOTTEN),
    amount,
    currency: 'GBP',
  };
}

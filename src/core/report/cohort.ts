import { z } from 'zod';
import type { Definition } from './answer.ts';
import { type Frame, type LeadGroup, leadsOf, type RowHead, rowsOf } from './frame.ts';
import { type Period, periodsOf } from './period.ts';

/** Sums of money by their currency: they are never added across. */
const amounts = z.record(z.string(), z.number());
type Amounts = z.infer<typeof amounts>;

/** What became of contacts until so many months after that of their first handoff. */
const cohortMonth = z.object({
  month: z.number(),
  /** How many are that old; in a row that is all of them. */
  contacts: z.number(),
  customers: z.number(),
  value: amounts,
});

/** What became of the contacts that qualified for the first time in a month. */
export const cohort = z.object({
  contacts: z.number(),
  customers: z.number(),
  value: amounts,
  /** value / contacts */
  valuePerLead: amounts,
  /** value / customers that were won with a value in the currency */
  valuePerCustomer: amounts,
  /** Cumulative, from month 0, that of the first handoff, to the month as of which the report is asked. */
  months: z.array(cohortMonth),
});
export type Cohort = z.infer<typeof cohort>;

/** Contacts of a cohort, counted with what they were won for so many months after it. */
export interface CohortCount {
  /** Those counted nowhere else in the cohort. */
  readonly contacts: number;
  /** Whether they were won: their first win, where they have several. */
  readonly months: number | null;
  readonly customers: number;
  readonly currency: string | null;
  /** Those that were won in the currency for the first time. */
  readonly buyers: number;
  readonly value: number;
}

/** A cohort with the number of months that it can be watched. */
interface Watched {
  readonly counts: readonly CohortCount[];
  readonly age: number;
}

/** The months in which contacts of a frame are watched: from its first to the one in which `until` lies. */
export function watchedMonths({ range, zone }: Frame, until: number): readonly Period[] {
  return periodsOf('month', { from: range.from, to: Math.max(range.to, until + 1) }, zone);
}

/** The report on cohorts: contacts by the month of their first MQL. `until` is the last instant of which something is known. */
export function cohortReport(
  frame: Frame,
  groups: readonly (LeadGroup & CohortCount)[],
  until: number,
): { readonly rows: readonly (RowHead & Cohort)[]; readonly total: Cohort } {
  const months = watchedMonths(frame, until);
  const now = months.filter(({ from }) => from <= until).length - 1;
  const watched: readonly Watched[] = (frame.periods ?? []).map((_, index) => ({
    counts: groups.filter(({ key }) => key === String(index + 1)),
    age: now - index,
  }));
  const byKey = new Map(frame.periods?.map(({ key }, index) => [key, watched[index]]));
  const rows = rowsOf(frame, [], {
    size: () => 0,
    make: (_, period) => {
      const one = byKey.get(period?.key ?? '');
      return cohortOf(one === undefined ? [] : [one]);
    },
    which: () => FIRST,
  });
  return { rows, total: cohortOf(watched) };
}

/** Tells first MQLs from later ones in lists of leads. */
const FIRST = { first: 'yes' };

/** The list of the first MQLs of a report. */
export function firstLeadsOf(frame: Frame): string {
  return leadsOf(frame, { which: FIRST });
}

function cohortOf(cohorts: readonly Watched[]): Cohort {
  const counts = cohorts.flatMap(one => one.counts);
  const contacts = sumOf(counts, count => count.contacts);
  const value = worthOf(counts);
  const buyers = amountsOf(counts, count => count.buyers);
  const oldest = Math.max(-1, ...cohorts.map(({ age }) => age));
  return {
    contacts,
    customers: sumOf(counts, count => count.customers),
    value,
    valuePerLead: mapAmounts(value, sum => sum / contacts),
    valuePerCustomer: mapAmounts(value, (sum, currency) => sum / (buyers[currency] ?? 1)),
    months: Array.from({ length: oldest + 1 }, (_, month) => {
      const old = cohorts.filter(({ age }) => age >= month).flatMap(one => one.counts);
      const byThen = old.filter(({ months }) => months !== null && months <= month);
      return {
        month,
        contacts: sumOf(old, count => count.contacts),
        customers: sumOf(byThen, count => count.customers),
        value: worthOf(byThen),
      };
    }),
  };
}

function worthOf(counts: readonly CohortCount[]): Amounts {
  return amountsOf(counts, count => count.value);
}

function amountsOf(counts: readonly CohortCount[], of: (count: CohortCount) => number): Amounts {
  const sums = new Map<string, number>();
  for (const count of counts)
    if (count.currency !== null) sums.set(count.currency, (sums.get(count.currency) ?? 0) + of(count));
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mapAmounts(from: Amounts, to: (sum: number, currency: string) => number): Amounts {
  return Object.fromEntries(Object.entries(from).map(([currency, sum]) => [currency, to(sum, currency)]));
}

function sumOf(counts: readonly CohortCount[], of: (count: CohortCount) => number): number {
  return counts.reduce((total, count) => total + of(count), 0);
}

/** What the figures of the report on cohorts are. */
export const COHORT_DEFINITIONS: readonly Definition[] = [
  {
    id: 'contacts',
    text: 'A cohort: the contacts that qualified for the first time in the month, under the agreements that are asked for. Each is in one cohort for ever; a later handoff of the same contact counts in it. Filters look at the first handoff. A lead that a disqualifier closed or sent to another team does not count as an MQL.',
  },
  {
    id: 'customers',
    text: 'Customers: contacts of the cohort with a handoff that was won, be it the first or a later one. A contact that was won twice is one customer.',
  },
  {
    id: 'value',
    text: 'Value won: the amounts of everything that these contacts were won for, each currency for itself. Nothing is converted. A win without an amount makes a customer and no value.',
  },
  {
    id: 'perHead',
    text: 'Value per lead: value ÷ contacts of the cohort. Value per customer: value ÷ customers that were won with an amount in that currency.',
  },
  {
    id: 'months',
    text: 'By months since: customers and value until the end of the month that comes so many calendar months after that of the first handoff, which is month 0. In the total each month counts only cohorts that are that old, so it can fall; beside it stands how many contacts these are. A win dated before the handoff counts in month 0.',
  },
];

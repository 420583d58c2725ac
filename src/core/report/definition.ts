import { spanWords } from '../time/span.ts';
import type { Definition } from './answer.ts';
import type { Targets } from './verdict.ts';

/** Which leads a report counts. */
export const POPULATION: Definition = {
  id: 'handedOff',
  text: 'Handed off: leads that qualified and were given to sales in the period. Each belongs to the month of its handoff for ever, whatever happens later. A lead that a disqualifier closed or sent to another team does not count as an MQL: it is listed as “elsewhere” and counted nowhere else.',
};

/** How sure one can be of a rate. */
export const INTERVAL: Definition = {
  id: 'interval',
  text: 'Beside a rate stands the range in which it lies with 95 % certainty (Wilson): few leads make it wide. Where two ranges overlap there is no clear change.',
};

function sampleWords({ minSample }: Targets): string {
  return `Below ${minSample} it is marked as a small sample.`;
}

/** What the figures of the acceptance report are. */
export function acceptanceDefinitions(targets: Targets): readonly Definition[] {
  const { decisionWindowMs } = targets;
  return [
    POPULATION,
    {
      id: 'acceptanceRate',
      text: `Sales acceptance rate: accepted ÷ (accepted + rejected). Open leads are not in it, so it says what sales thinks of the leads it has looked at. ${sampleWords(targets)}`,
    },
    {
      id: 'windowRate',
      text:
        decisionWindowMs === undefined
          ? 'Accepted in time: the agreement sets no time for a decision (targets.decisionWindow), so there is no such rate.'
          : `Accepted in time: accepted within ${spanWords(decisionWindowMs)} of the handoff ÷ handed off, of leads whose time is over. An open lead counts against it, so it cannot be raised by leaving leads undecided.`,
    },
    {
      id: 'verdict',
      text: 'The verdict compares the acceptance rate with the agreement’s band, floor and ceiling. It waits for enough decisions.',
    },
    INTERVAL,
  ];
}

/** What the figures of the conversion report are. */
export function conversionDefinitions(targets: Targets): readonly Definition[] {
  return [
    POPULATION,
    {
      id: 'reached',
      text: 'Reached SQL: accepted by sales, whatever came of it later. Reached opportunity: an opportunity was opened, or it was won. Reached won: the deal was won. Each counts within 30, 60 or 90 days of the handoff, and ever.',
    },
    {
      id: 'mature',
      text: 'Mature: the youngest lead that a row may hold has had its 30, 60 or 90 days. Until then there is no rate, only the day on which there will be one, so young months do not look worse than they are. “Ever” is shown at once and still rises.',
    },
    { id: 'sample', text: `Share: reached ÷ handed off. ${sampleWords(targets)}` },
    INTERVAL,
  ];
}

/** What the figures of the velocity report are. */
export function velocityDefinitions(): readonly Definition[] {
  return [
    POPULATION,
    {
      id: 'spans',
      text: 'First touch: from the handoff to the first call, mail, meeting or message of a person. Decision: from the handoff to accepting or rejecting. Opportunity: from accepting to the opportunity, of accepted leads. Won: from the opportunity to winning it.',
    },
    {
      id: 'median',
      text: 'Median: after this time it has happened to half of the leads; p90: to nine of ten. Leads to which it has not happened yet count for as long as they have waited (Kaplan and Meier), so leaving leads alone never makes the figure better; a lead that ended otherwise counts until its end. A dash: not reached yet.',
    },
    {
      id: 'working',
      text: 'Working time counts only the hours of the calendar by which the lead was due (its SLA entry, under the version of its handoff; imported leads: the first entry of that version). Without one all time counts.',
    },
  ];
}

/** What the figures of the SLA report are. */
export function slaDefinitions(targets: Targets): readonly Definition[] {
  return [
    POPULATION,
    {
      id: 'kept',
      text: 'Kept: first touched, or decided, by the time it was due, or ended before it. Missed: not by then; once missed it stays missed, however fast the work was after that. Running: not due yet. Leads without a clock, such as imported ones, are in none of them.',
    },
    { id: 'keptRate', text: `Kept rate: kept ÷ (kept + missed). ${sampleWords(targets)}` },
    {
      id: 'late',
      text: 'How late: working time from when it was due until it was done, by the calendar of its SLA entry. The median covers half of the missed ones, p90 nine of ten; those still not done count for as long as they are late.',
    },
    INTERVAL,
  ];
}

/** What the figures of the sources report are. */
export function sourceDefinitions(targets: Targets): readonly Definition[] {
  return [
    ...acceptanceDefinitions(targets).filter(({ id }) => id !== 'verdict'),
    {
      id: 'source',
      text: 'Source, campaign and content are those of the contact at the moment of its handoff; they do not change later. Where there is none the lead is under “Unknown”.',
    },
    {
      id: 'value',
      text: 'SQL: accepted by sales, whatever came of it. Won: deals that were won, and their amounts; each currency is added up for itself.',
    },
    {
      id: 'medianFirstTouchMs',
      text: 'Median to first touch: after this time half of the leads had been reached for the first time; leads not reached yet count for as long as they have waited (Kaplan and Meier).',
    },
  ];
}

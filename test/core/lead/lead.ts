import { readFileSync } from 'node:fs';
import { readAgreementFile } from '../../../src/contract/file/agreement.ts';
import { type Agreement, readAgreement } from '../../../src/core/agreement/agreement.ts';
import type { Happening } from '../../../src/core/condition/event.ts';
import type { Profile } from '../../../src/core/contact/profile.ts';
import { withEmailFacts } from '../../../src/core/scoring/facts.ts';
import { compile, type Program } from '../../../src/core/scoring/program.ts';
import { type Breakdown, historyUntil, makeSubject, scoreAt } from '../../../src/core/scoring/score.ts';
import { parseInstant } from '../../../src/core/time/instant.ts';

/** An event of a made-up lead: its day or instant, its name, and what it carries. */
export type Deed = readonly [at: string, name: string, properties?: Readonly<Record<string, unknown>>];

/** A lead as a test writes it down. */
export interface Story {
  readonly createdAt?: string;
  readonly contact?: Readonly<Record<string, unknown>>;
  readonly company?: Readonly<Record<string, unknown>>;
  readonly deeds?: readonly Deed[];
}

/** Epoch ms of an RFC 3339 instant or day. */
export function instant(text: string): number {
  const at = parseInstant(text);
  if (at === null) throw new Error(`no instant: ${text}`);
  return at;
}

/** Reads an agreement that a test writes down. */
export function agreementOf(raw: unknown): Agreement {
  const { agreement, problems } = readAgreement(raw);
  if (agreement === null) throw new Error(JSON.stringify(problems));
  return agreement;
}

/** The B2B agreement that comes with the project. */
export function template(): Agreement {
  const { agreement } = readAgreementFile(readFileSync('templates/b2b-saas.yaml', 'utf8'));
  if (agreement === null) throw new Error('the template is refused');
  return agreement;
}

/** A story made ready to be scored under an agreement. */
export function leadOf(agreement: Agreement, story: Story) {
  const program = compile(agreement);
  const kindOf = (domain: string) => (domain === 'gmail.com' ? ('free' as const) : ('business' as const));
  const profile: Profile = {
    contact: withEmailFacts(story.contact ?? {}, kindOf),
    company: story.company ?? {},
  };
  const events = (story.deeds ?? [])
    .map(([at, name, properties = {}], index) => ({
      id: `e${index + 1}`,
      at: instant(at),
      name,
      properties,
      context: {},
    }))
    .sort((a, b) => a.at - b.at);
  const createdAt = instant(story.createdAt ?? '2025-01-01');
  const history = historyOf(program, events);
  return { agreement, program, profile, events, createdAt, history };
}

export type Lead = ReturnType<typeof leadOf>;

/** The times of events in each slot of a program, ascending. */
export function historyOf(program: Program, events: readonly Happening[]): readonly (readonly number[])[] {
  const times = Array.from({ length: program.slots }, (): number[] => []);
  for (const event of events) for (const slot of program.slotsOf(event)) times[slot]?.push(event.at);
  return times;
}

/** The score of a lead, which must apply. */
export function breakdownOf(lead: Lead, at: number): Breakdown {
  const { program, profile, history, createdAt } = lead;
  const subject = makeSubject(program, { profile, history: historyUntil(history, at), createdAt });
  const score = scoreAt(program, subject, at);
  if (!score.applies) throw new Error('the agreement does not score this lead');
  return score;
}

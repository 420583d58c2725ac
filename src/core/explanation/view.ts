import type { Rule } from '../agreement/agreement.ts';
import type { Condition, Field } from '../condition/condition.ts';
import type { Happening } from '../condition/event.ts';
import { read, valueAt } from '../condition/reading.ts';
import type { Profile } from '../contact/profile.ts';
import type { Program } from '../scoring/program.ts';
import { historyUntil, makeSubject, type Score, scoreAt } from '../scoring/score.ts';
import type { History } from '../scoring/tally.ts';
import { whole } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';

/** An event as explanations name it. */
export interface KnownEvent extends Happening {
  readonly id: string;
}

/** A contact as a program sees it at an instant (epoch ms). `history` may go on beyond it, `createdAt` null is not yet. */
export interface View {
  readonly program: Program;
  readonly profile: Profile;
  readonly history: History;
  readonly createdAt: number | null;
  readonly at: number;
}

/** The score of a view: of what happened up to its instant. */
export function scoreOfView({ program, profile, history, createdAt, at }: View): Score {
  if (createdAt === null) return { applies: false };
  const subject = makeSubject(program, { profile, history: historyUntil(history, at), createdAt });
  return scoreAt(program, subject, at);
}

/** Whether a rule looks at who somebody is alone, not at what they did or when. */
export function isTrait({ evidence }: Rule): boolean {
  return evidence.kind === 'trait' || evidence.kind === 'cases';
}

/** The conditions of a rule: its gate and its cases. */
export function conditionsOf({ when, evidence }: Rule): readonly Condition[] {
  const cases = evidence.kind === 'cases' ? evidence.cases.map(entry => entry.when) : [];
  return when === null ? cases : [when, ...cases];
}

/** The fields that a condition reads. */
export function fieldsIn(condition: Condition): readonly Field[] {
  if (condition.kind === 'not') return fieldsIn(condition.of);
  return condition.kind === 'field' ? [condition.field] : condition.of.flatMap(fieldsIn);
}

/** The value of a profile's field; undefined where there is none. */
export function valueIn({ contact, company }: Profile, { source, path }: Field): unknown {
  return valueAt(source === 'contact' ? contact : company, path);
}

/** The longest value that is shown. */
const MAX_VALUE = 40;

/** A value of a profile in words; null when it is missing. @example valueWords(['a', 2]) // 'a, 2' */
export function valueWords(value: unknown): string | null {
  if (read(value).missing) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return whole(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, 5) : [value];
  const shown = items.flatMap(item =>
    typeof item === 'string' || typeof item === 'number' ? [String(item)] : [],
  );
  const words = oneLine(shown.join(', '), MAX_VALUE);
  return words === '' ? '…' : words;
}

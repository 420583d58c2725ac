import { isObject } from '../condition/reading.ts';
import { nameOf, quote } from '../problem.ts';
import { amountFault, currencyFault, type Money, moneyWords } from '../text/currency.ts';
import { figure } from '../text/number.ts';
import { manyLines, oneLine } from '../text/safe.ts';
import { dateWords } from '../time/span.ts';
import { unreachable } from '../unreachable.ts';
import type { Question } from './question.ts';

/** The longest answer in words, and the longest name of a person. */
export const MAX_TEXT = 4000;
const MAX_PERSON = 200;

/** What a question is answered with: yes or no, a number, a text (also a date such as 2026-03-01), or money. */
export type AnswerValue = boolean | number | string | Money;

/** An answer as it was read: a value, or null where the answer is taken back; or what was expected instead. */
export type ReadAnswer =
  | { readonly value: AnswerValue | null; readonly fault: null }
  | { readonly value: null; readonly fault: string };

/**
 * Reads what somebody gives as the answer to a question, by its type. Nothing at all, and blank text, take the answer back.
 *
 * @example readAnswer({ type: 'yes_no', options: [] }, 'Yes').value // true
 * @example readAnswer({ type: 'date', options: [] }, '2026-02-30').fault // 'expected a date such as 2026-03-01, got "2026-02-30"'
 */
export function readAnswer(question: Pick<Question, 'type' | 'options'>, raw: unknown): ReadAnswer {
  if (raw === null || raw === undefined || (typeof raw === 'string' && raw.trim() === '')) return value(null);
  switch (question.type) {
    case 'yes_no':
      return readYesNo(raw);
    case 'choice':
      return readChoice(raw, question.options);
    case 'text':
      return readText(raw, MAX_TEXT, 'expected text');
    case 'person':
      return readText(raw, MAX_PERSON, 'expected the name of a person');
    case 'number':
      return readNumber(raw);
    case 'amount':
      return readMoney(raw);
    case 'date':
      return readDay(raw);
    default:
      return unreachable(question.type);
  }
}

function value(read: AnswerValue | null): ReadAnswer {
  return { value: read, fault: null };
}

function fault(expected: string, raw?: unknown): ReadAnswer {
  return { value: null, fault: raw === undefined ? expected : `${expected}, got ${gotWords(raw)}` };
}

function gotWords(raw: unknown): string {
  return typeof raw === 'string' ? quote(raw) : nameOf(raw);
}

function readYesNo(raw: unknown): ReadAnswer {
  if (typeof raw === 'boolean') return value(raw);
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
  return word === 'yes' || word === 'no' ? value(word === 'yes') : fault('expected true or false', raw);
}

function readChoice(raw: unknown, options: readonly string[]): ReadAnswer {
  const word = typeof raw === 'string' ? raw.trim() : null;
  const chosen =
    options.find(option => option === word) ??
    options.find(option => option.trim().toLowerCase() === word?.toLowerCase());
  return chosen === undefined ? fault(`expected one of ${options.join(', ')}`, raw) : value(chosen);
}

function readText(raw: unknown, max: number, expected: string): ReadAnswer {
  if (typeof raw !== 'string') return fault(expected, raw);
  if (raw.length > max) return fault(`expected at most ${max} characters`);
  const text = max === MAX_TEXT ? manyLines(raw, max) : oneLine(raw, max);
  return text === '' ? fault(expected, raw) : value(text);
}

const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;

function numberIn(raw: unknown): number | null {
  const number = typeof raw === 'string' && NUMBER.test(raw.trim()) ? Number(raw) : raw;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function readNumber(raw: unknown): ReadAnswer {
  const number = numberIn(raw);
  return number === null ? fault('expected a number such as 12 or 1.5', raw) : value(number);
}

function readMoney(raw: unknown): ReadAnswer {
  if (!isObject(raw)) return fault('expected an amount and its currency', raw);
  const amount = numberIn(raw.amount);
  const currency = typeof raw.currency === 'string' ? raw.currency.trim().toUpperCase() : '';
  const faults = [
    amount === null
      ? `expected an amount such as 12000, got ${gotWords(raw.amount)}`
      : amountFault(amount, currency),
    currencyFault(currency),
  ].filter(words => words !== null);
  return amount === null || faults.length > 0 ? fault(faults.join('; ')) : value({ amount, currency });
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

function readDay(raw: unknown): ReadAnswer {
  const day = typeof raw === 'string' ? raw.trim() : '';
  const at = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  const isThere = !Number.isNaN(at) && new Date(at).toISOString().startsWith(day) && !day.startsWith('0000');
  return isThere ? value(day) : fault('expected a date such as 2026-03-01', raw);
}

/**
 * An answer as people read it. A text that is a date alone is written out.
 *
 * @example replyWords(true) // 'Yes'
 * @example replyWords({ amount: 5000, currency: 'EUR' }) // '€5,000'
 */
export function replyWords(answer: AnswerValue): string {
  if (typeof answer === 'boolean') return answer ? 'Yes' : 'No';
  if (typeof answer === 'number') return figure(answer);
  if (typeof answer === 'string') return DAY.test(answer) ? dateWords(Date.parse(answer)) : answer;
  return moneyWords(answer);
}

/** Whether two answers are one. @example isSameValue('a', 'a') // true */
export function isSameValue(a: AnswerValue | null, b: AnswerValue | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

import { normaliseText } from '../text/normalise.ts';
import { figure, listed } from '../text/number.ts';
import { dateWords, spanWords } from '../time/span.ts';
import { unreachable } from '../unreachable.ts';
import type { Check, Comparison, Condition, Field, Scalar, TextMode } from './condition.ts';
import type { EventMatch } from './event.ts';
import { isObject } from './reading.ts';

/** How names are shown: texts as the author spelled them, else as they are; scores by their labels. */
export interface Spelling {
  readonly text: (text: string) => string;
  readonly score: (id: string) => string;
}

/** Keys whose texts are words for people or point to other parts: nothing that conditions or events are compared with. */
const TITLES: readonly string[] = ['name', 'label', 'description', 'id', 'score', 'group'];

/**
 * Finds how the author of an agreement spelled its texts, by their normalised form, since reading one normalises them. Of
 * several spellings the first is taken.
 *
 * @example spellingsIn({ on: 'Demo Requested' }).get('demo requested') // 'Demo Requested'
 */
export function spellingsIn(source: unknown): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  const visit = (value: unknown) => {
    if (typeof value === 'string') {
      const name = normaliseText(value);
      if (!spellings.has(name)) spellings.set(name, value.trim());
    } else if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) {
      for (const [key, part] of Object.entries(value))
        if (typeof part !== 'string' || !TITLES.includes(key)) visit(part);
    }
  };
  visit(source);
  return spellings;
}

/**
 * Prepares to show the names of an agreement.
 *
 * @example makeSpelling({ spellings: spellingsIn('VP'), scores: [] }).text('vp') // 'VP'
 */
export function makeSpelling(agreement: {
  readonly spellings: ReadonlyMap<string, string>;
  readonly scores: readonly { readonly id: string; readonly label: string }[];
}): Spelling {
  const { spellings, scores } = agreement;
  return {
    text: text => spellings.get(normaliseText(text)) ?? text,
    score: id => scores.find(score => score.id === id)?.label ?? id,
  };
}

/**
 * A condition in words.
 *
 * @example conditionWords(parseCondition({ 'company.employees': { gte: 50 } }, 'profile', report), spelling) // 'company employees is at least 50'
 */
export function conditionWords(condition: Condition, spelling: Spelling): string {
  switch (condition.kind) {
    case 'field':
      return `${fieldWords(condition.field, spelling)} ${listed(
        condition.checks.map(check => checkWords(check, spelling)),
        'and',
      )}`;
    case 'not':
      return `not (${conditionWords(condition.of, spelling)})`;
    case 'all':
      if (condition.of.length === 0) return 'always';
      return joined(condition.of, ' and ', spelling);
    case 'any':
      if (condition.of.length === 0) return 'never';
      return joined(condition.of, ' or ', spelling);
    default:
      return unreachable(condition);
  }
}

/** The parts of a condition that all must hold, each in words, to be shown as a list. */
export function conditionParts(condition: Condition, spelling: Spelling): readonly string[] {
  if (condition.kind !== 'all' || condition.of.length === 0) return [conditionWords(condition, spelling)];
  return condition.of.map(part => conditionWords(part, spelling));
}

function joined(of: readonly Condition[], glue: string, spelling: Spelling): string {
  const words = of.map(part => {
    const isMixed = of.length > 1 && (part.kind === 'all' || part.kind === 'any') && part.of.length > 1;
    return isMixed ? `(${conditionWords(part, spelling)})` : conditionWords(part, spelling);
  });
  return words.join(glue);
}

/**
 * A field as people call it.
 *
 * @example fieldWords({ source: 'contact', path: ['title'] }, makeSpelling({ spellings: new Map(), scores: [] })) // 'job title'
 */
export function fieldWords({ source, path }: Field, spelling: Spelling): string {
  const name = path.map(nameWords).join(' ');
  switch (source) {
    case 'contact':
      return CONTACT_WORDS[path.join('.')] ?? name;
    case 'company':
      return `company ${name}`;
    case 'context':
      return `context ${name}`;
    case 'property':
      return name;
    case 'score':
      return spelling.score(path.join('.'));
    case 'total':
      return 'total';
    default:
      return unreachable(source);
  }
}

const CONTACT_WORDS: Readonly<Record<string, string>> = {
  title: 'job title',
  emailKind: 'kind of e-mail address',
  emailDomain: 'e-mail domain',
  createdAt: 'first seen',
};

/**
 * A field of a profile as people call it, by its dotted name.
 *
 * @example profileFieldWords('company.annualRevenue') // 'company annual revenue'
 */
export function profileFieldWords(field: string): string {
  const [source, ...path] = field.split('.');
  if (field === 'contact.email') return 'e-mail address';
  const name = path.map(nameWords).join(' ');
  if (source === 'company') return `company ${name}`;
  const known = source === 'contact' ? CONTACT_WORDS[path.join('.')] : undefined;
  return known ?? (name === '' ? nameWords(field) : name);
}

/** A property's name in words. @example nameWords('annualRevenue') // 'annual revenue' */
export function nameWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
}

function checkWords(check: Check, spelling: Spelling): string {
  switch (check.op) {
    case 'equals': {
      const words = listed(check.operands.map(scalarWords), 'or');
      return check.negated ? `is not ${words}` : `is ${words}`;
    }
    case 'compare':
      return check.as === 'number'
        ? `is ${NUMBER_WORDS[check.by]} ${figure(check.operand)}`
        : `is ${INSTANT_WORDS[check.by]} ${dateWords(check.operand)}`;
    case 'exists':
      return check.present ? 'is known' : 'is not known';
    case 'text':
      return `${TEXT_WORDS[check.mode]} ${listed(check.operands.map(spelling.text).map(quoted), 'or')}`;
    case 'within':
      return `lies in the last ${spanWords(check.durationMs)}`;
    case 'olderThan':
      return `is at least ${spanWords(check.durationMs)} ago`;
    default:
      return unreachable(check);
  }
}

const NUMBER_WORDS: Readonly<Record<Comparison, string>> = {
  gt: 'more than',
  gte: 'at least',
  lt: 'less than',
  lte: 'at most',
};
const INSTANT_WORDS: Readonly<Record<Comparison, string>> = {
  gt: 'after',
  gte: 'on or after',
  lt: 'before',
  lte: 'on or before',
};
const TEXT_WORDS: Readonly<Record<TextMode, string>> = {
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  hasWord: 'has the word',
};

function scalarWords(value: Scalar): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? figure(value) : value.trim();
}

function quoted(text: string): string {
  return `“${text}”`;
}

/**
 * An event match in words.
 *
 * @example matchWords({ names: ['page'], where: null }, makeSpelling({ spellings: new Map(), scores: [] })) // '“page”'
 */
export function matchWords({ names, where }: EventMatch, spelling: Spelling): string {
  const words = listed(names.map(spelling.text).map(quoted), 'or');
  return where === null ? words : `${words} where ${conditionWords(where, spelling)}`;
}

/** With its first letter small, unless the word begins with several large ones. @example uncapital('VP of sales') // 'VP of sales' */
export function uncapital(words: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/** With its first letter large. @example capital('strong fit') // 'Strong fit' */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * As a sentence of its own: with its first letter large, and a full stop where it ends without a mark.
 *
 * @example sentenceWords('nobody is there') // 'Nobody is there.'
 */
export function sentenceWords(words: string): string {
  return capital(/[.!?:]$/.test(words) ? words : `${words}.`);
}

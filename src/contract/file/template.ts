import {
  AssignTag,
  IfTag,
  Output,
  type Template,
  type Token,
  TypeGuards,
  toValueSync,
  Value,
} from 'liquidjs';
import { isObject } from '../../core/condition/reading.ts';
import { formatPath, type PathStep, type Problem } from '../../core/problem.ts';
import { oneLine } from '../../core/text/safe.ts';
import { type Landing, parseLiquid, renderLiquid } from './liquid.ts';
import { type Markup, openMarkup } from './markup.ts';

/** A mail to leads as an agreement has it. */
export interface TemplateText {
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
}

/** The values that a template may name, but those of the profile, and whether one is always there. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  owner: { name: false, firstName: false, email: false, bookingUrl: false },
  sender: { name: true, firstName: true, email: true, bookingUrl: false },
};
/** The values of a profile that are always there when a letter is sent. */
const CERTAIN = new Set(['contact.name', 'contact.email']);
/** Addresses of the web that are ours, or were checked when they were given. */
const ADDRESSES = new Set(['unsubscribeUrl', 'owner.bookingUrl', 'sender.bookingUrl']);
const NAMES = 'contact, company, owner, sender or unsubscribeUrl';
/** The longest subject, in characters. */
const MAX_SUBJECT = 200;
/** How many problems of one text are told. */
const MAX_PROBLEMS = 20;

/** The parts of a template, and where each lands. */
const PARTS = [
  ['subject', 'text'],
  ['text', 'text'],
  ['html', 'html'],
] as const;

/**
 * Everything that is wrong with the templates of an agreement as written: syntax, tags and filters that there are not, names
 * that no letter has, values that may be missing and have no default, and values of a page where no escape holds.
 */
export function checkTemplates(agreement: unknown): readonly Problem[] {
  const templates = isObject(agreement) ? agreement.templates : undefined;
  if (!isObject(templates)) return [];
  return Object.entries(templates).flatMap(([id, template]) => {
    if (!isObject(template)) return [];
    return PARTS.flatMap(([part, landing]) => {
      const text = template[part];
      return typeof text === 'string' ? problemsOf(text, landing, ['templates', id, part]) : [];
    });
  });
}

function problemsOf(text: string, landing: Landing, steps: readonly PathStep[]): readonly Problem[] {
  const { templates, problem } = parseLiquid(landing, text);
  const found = problem === null ? findProblems(templates, landing) : [problem];
  const isLong = text.trim().includes('\n');
  return found.slice(0, MAX_PROBLEMS).map(({ message, line }) => ({
    path: formatPath(steps),
    steps,
    message: isLong ? `line ${line} of the text: ${message}` : message,
  }));
}

interface Found {
  readonly message: string;
  readonly line: number;
}

/** What is known where a part of a template stands. */
interface Scope {
  /** Names that the template has given itself. */
  readonly own: Set<string>;
  /** Values that are there, since a condition around it asks for them. */
  readonly sure: ReadonlySet<string>;
}

function findProblems(templates: readonly Template[], landing: Landing): readonly Found[] {
  const found: Found[] = [];
  const markup = landing === 'html' ? openMarkup() : null;
  walk(templates, { own: new Set(), sure: new Set() }, { found, markup });
  return found;
}

interface Walk {
  readonly found: Found[];
  readonly markup: Markup | null;
}

function walk(templates: readonly Template[], scope: Scope, to: Walk): void {
  for (const template of templates) {
    const line = lineOf(template.token);
    const add = (message: string) => void to.found.push({ message, line });
    if (template instanceof Output) {
      checkValue(template.value, scope, { add, mustBe: true });
      const why = to.markup?.whyNot(isAddress(template.value)) ?? null;
      if (why !== null) add(why);
    } else if (TypeGuards.isHTMLToken(template.token)) {
      for (const problem of to.markup?.pass(template.token.getContent()) ?? []) add(problem);
    } else walkTag(template, scope, { ...to, add });
  }
}

function walkTag(
  template: Template,
  scope: Scope,
  to: Walk & { readonly add: (message: string) => void },
): void {
  if (template instanceof IfTag) {
    for (const { value, templates } of template.branches) {
      checkValue(value, scope, { add: to.add, mustBe: false });
      walk(templates, { ...scope, sure: new Set([...scope.sure, ...askedBy(value)]) }, to);
    }
    walk(template.elseTemplates ?? [], scope, to);
    return;
  }
  const mustBe = template instanceof AssignTag;
  for (const argument of template.arguments?.() ?? []) {
    if (argument instanceof Value) checkValue(argument, scope, { add: to.add, mustBe });
    else checkToken(argument, scope, { add: to.add, mustBe: false });
  }
  for (const name of template.localScope?.() ?? []) scope.own.add(name.content);
  const children: unknown =
    template.children === undefined ? [] : toValueSync(template.children(false, true));
  walk(templatesIn(children), scope, to);
}

function templatesIn(children: unknown): readonly Template[] {
  return Array.isArray(children) ? children.filter(isTemplate) : [];
}

function isTemplate(child: unknown): child is Template {
  return isObject(child) && 'token' in child;
}

interface Ask {
  readonly add: (message: string) => void;
  /** Whether a value that may be missing needs a default. */
  readonly mustBe: boolean;
}

function checkValue(value: Value, scope: Scope, { add, mustBe }: Ask): void {
  const hasDefault = value.filters.some(({ name }) => name === 'default');
  for (const token of value.initial.postfix) checkToken(token, scope, { add, mustBe: mustBe && !hasDefault });
  for (const { args } of value.filters)
    for (const argument of args.flat())
      if (argument !== undefined && typeof argument !== 'string')
        checkToken(argument, scope, { add, mustBe: true });
}

function checkToken(token: Token, scope: Scope, { add, mustBe }: Ask): void {
  const problem = TypeGuards.isRangeToken(token)
    ? 'expected no range: nothing repeats in a letter'
    : problemOfName(pathOf(token), scope, mustBe);
  if (problem !== null) add(problem);
}

function problemOfName(
  path: readonly (string | null)[] | null,
  scope: Scope,
  mustBe: boolean,
): string | null {
  if (path === null) return null;
  if (path.includes(null)) return 'expected a name that is written out, such as contact.firstName';
  const [root = '', ...rest] = path.flatMap(step => step ?? []);
  const name = [root, ...rest].join('.');
  if (scope.own.has(root)) return null;
  if (root === 'unsubscribeUrl')
    return rest.length === 0 ? null : `there is no ${name}; expected unsubscribeUrl`;
  if (root !== 'contact' && root !== 'company' && !Object.hasOwn(KNOWN, root))
    return `there is no ${name}; expected ${NAMES}`;
  if (rest.length === 0) return `expected a value of ${root}, such as ${root}.name`;
  const known = KNOWN[root];
  const field = rest[0] ?? '';
  if (known !== undefined && (!Object.hasOwn(known, field) || rest.length > 1))
    return `there is no ${name}; expected ${root} with ${Object.keys(known).join(', ')}`;
  const isCertain = known?.[field] === true || CERTAIN.has(name) || scope.sure.has(name);
  return mustBe && !isCertain
    ? `${name} may be missing; expected a default, as in {{ ${name} | default: "…" }}`
    : null;
}

/** The steps of a name; a step that is not written out is null. Null for what is not a name. */
function pathOf(token: Token): readonly (string | null)[] | null {
  if (!TypeGuards.isPropertyAccessToken(token)) return null;
  if (token.variable !== undefined) return null;
  return token.props.map(prop => {
    if (TypeGuards.isQuotedToken(prop) || TypeGuards.isWordToken(prop)) return prop.content;
    return TypeGuards.isNumberToken(prop) ? String(prop.content) : null;
  });
}

/** The values that are there where a condition holds: those that it asks for and joins by `and`. */
function askedBy({ initial, filters }: Value): readonly string[] {
  const { postfix } = initial;
  const isPlain = postfix.every(
    token =>
      TypeGuards.isPropertyAccessToken(token) ||
      (TypeGuards.isOperatorToken(token) && token.operator === 'and'),
  );
  return isPlain && filters.length === 0 ? postfix.flatMap(token => pathOf(token)?.join('.') ?? []) : [];
}

function isAddress({ initial }: Value): boolean {
  const [token, ...more] = initial.postfix;
  return token !== undefined && more.length === 0 && ADDRESSES.has(pathOf(token)?.join('.') ?? '');
}

function lineOf(token: Token): number {
  return token.getPosition()[0] ?? 1;
}

/** A letter as it is sent. */
export interface FilledLetter {
  readonly subject: string;
  readonly text: string;
  /** The page of the template; null where it has none. */
  readonly html: string | null;
}

/** Values by name, as a letter has them: plain data that is fit to be shown. */
export interface LetterValues {
  readonly contact: Readonly<Record<string, unknown>>;
  readonly company: Readonly<Record<string, unknown>>;
  readonly owner: Readonly<Record<string, string>>;
  readonly sender: Readonly<Record<string, string>>;
  readonly unsubscribeUrl: string;
}

type Filling =
  | { readonly letter: FilledLetter; readonly problem: null }
  | { readonly letter: null; readonly problem: string };

/**
 * Fills a template in. Values are escaped for where they land: the subject is one line without signs that steer, the text is
 * plain, the page is HTML. One that cannot be filled in says in which part, in which line and why.
 */
export function fillTemplate(template: TemplateText, values: LetterValues): Filling {
  const filled: Partial<Record<'subject' | 'text' | 'html', string>> = {};
  for (const [part, landing] of PARTS) {
    const text = template[part];
    if (text === undefined) continue;
    const parsed = parseLiquid(landing, text);
    const rendered =
      parsed.problem === null
        ? renderLiquid(landing, parsed.templates, { ...values })
        : { text: null, ...parsed };
    if (rendered.text === null)
      return {
        letter: null,
        problem: `${part}, line ${rendered.problem?.line ?? 1}: ${rendered.problem?.message ?? ''}`,
      };
    filled[part] = rendered.text;
  }
  const { subject = '', text = '', html = null } = filled;
  const line = oneLine(subject, MAX_SUBJECT);
  if (line === '') return { letter: null, problem: 'subject: nothing is left of it' };
  return { letter: { subject: line, text: text.trim(), html }, problem: null };
}

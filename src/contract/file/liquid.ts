import { Liquid, LiquidError, type Template } from 'liquidjs';
import { escapeHtml } from '../../core/text/safe.ts';

/** Where a filled-in text lands: that decides how values are escaped. */
export type Landing = 'text' | 'html';

/** What a template may do. Nothing repeats: a template ends when its text does. */
const TAGS = ['if', 'unless', 'case', 'assign', 'comment', 'raw', '#'];
/** Filters that make text a little longer at most, or that count what they make. */
const FILTERS = [
  'default',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'truncate',
  'truncatewords',
  'append',
  'prepend',
  'remove',
  'size',
  'url_encode',
  'round',
  'plus',
  'minus',
  'times',
  'divided_by',
];
/** The longest template, in characters: a long mail with all its styles. */
const MAX_TEMPLATE = 50_000;
/** How much a filled-in template may make of text on the way, in characters, and at its end. */
const MAX_MEMORY = 500_000;
const MAX_OUTPUT = 200_000;
/** How many parts of a template may be filled in; it has fewer, as nothing repeats. */
const MAX_PARTS = 20_000;
/** How long filling in may take, in ms; a usual mail takes less than one. */
const MAX_MS = 500;

const engines: Readonly<Record<Landing, Liquid>> = {
  text: makeEngine(plain),
  html: makeEngine(value => escapeHtml(plain(value))),
};

/** Liquid without files, loops, inherited properties and whatever else a mail does not need. */
function makeEngine(outputEscape: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    outputEscape,
    ownPropertyOnly: true,
    strictFilters: true,
    dynamicPartials: false,
    templates: {},
    parseLimit: MAX_TEMPLATE,
    memoryLimit: MAX_MEMORY,
    renderLimit: MAX_MS,
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.includes(name)) engine.unregisterFilter(name);
  return engine;
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** What is wrong with a template, and in which of its lines, counted from 1. */
export interface LiquidProblem {
  readonly message: string;
  readonly line: number;
}

type Parsed =
  | { readonly templates: readonly Template[]; readonly problem: null }
  | { readonly templates: null; readonly problem: LiquidProblem };

/**
 * Reads a template; what is wrong with its syntax, or a tag or a filter that there is not, is its problem.
 *
 * @example parseLiquid('text', '{% include "x" %}').problem?.line // 1
 */
export function parseLiquid(landing: Landing, text: string): Parsed {
  if (text.length > MAX_TEMPLATE) {
    const message = `the template has ${text.length} characters; expected at most ${MAX_TEMPLATE}`;
    return { templates: null, problem: { message, line: 1 } };
  }
  try {
    return { templates: engines[landing].parse(text), problem: null };
  } catch (error) {
    return { templates: null, problem: problemOf(error) };
  }
}

type Rendered =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: LiquidProblem };

/** Fills a template in with values, which must be plain data; one that makes too much of them has a problem. */
export function renderLiquid(
  landing: Landing,
  templates: readonly Template[],
  values: Readonly<Record<string, unknown>>,
): Rendered {
  try {
    const text: unknown = engines[landing].renderSync([...templates], values, { templateLimit: MAX_PARTS });
    if (typeof text !== 'string' || text.length > MAX_OUTPUT) {
      const message = `the text is longer than ${MAX_OUTPUT} characters`;
      return { text: null, problem: { message, line: 1 } };
    }
    return { text, problem: null };
  } catch (error) {
    return { text: null, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): LiquidProblem {
  if (!LiquidError.is(error)) {
    if (error instanceof Error) return { message: wordsOf(error.message), line: 1 };
    throw error;
  }
  const [line = 1] = error.token.getPosition();
  return { message: wordsOf(error.message), line };
}

/** The library's words without its place, and with what would be right where it says only what is not. */
function wordsOf(message: string): string {
  const told = message.replace(/,? ?(?:file:[^,]*, )?line:\d+, col:\d+$/s, '').trim();
  if (/^tag ".*" not found/.test(told)) return `${told}; expected one of ${TAGS.slice(0, -1).join(', ')}`;
  if (told.startsWith('undefined filter')) return `${told}; expected one of ${FILTERS.join(', ')}`;
  if (told.includes('limit exceeded')) return 'the template makes too much text, or takes too long';
  return told;
}

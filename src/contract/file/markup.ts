/** Where in a page a value would stand. */
type Spot =
  | { readonly kind: 'text' }
  | { readonly kind: 'tag' }
  | {
      readonly kind: 'attribute';
      readonly name: string;
      readonly quote: '"' | "'";
      readonly isEmpty: boolean;
    }
  | { readonly kind: 'raw'; readonly tag: string }
  | { readonly kind: 'comment' };

/** Elements whose content is not text, where no escape holds. */
const RAW = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'iframe',
  'noscript',
  'xmp',
  'template',
  'svg',
  'math',
]);
/** Attributes that are an address, or a program. */
const ADDRESSES = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'poster',
  'cite',
  'xlink:href',
]);

/** Follows the text of a page to know where a value in it would stand. */
export interface Markup {
  /** Goes on past some text of the page; gives what it may not have. */
  readonly pass: (html: string) => readonly string[];
  /** Why a value may not stand here; null where it may. `isAddress` says that it is a checked web address. */
  readonly whyNot: (isAddress: boolean) => string | null;
}

/**
 * Begins a page. Values may stand in text and in quoted attributes, where escapes hold; in an attribute that is an address, at
 * its beginning, only a checked one.
 */
export function openMarkup(): Markup {
  let spot: Spot = { kind: 'text' };
  let tag = '';
  return {
    pass: html => {
      const problems: string[] = [];
      for (let at = 0; at < html.length; ) {
        const step = next(spot, html, { at, tag });
        if (step.problem !== undefined) problems.push(step.problem);
        ({ spot, at } = step);
        tag = step.tag ?? tag;
      }
      return problems;
    },
    whyNot: isAddress => {
      const why = whyNotAt(spot, isAddress);
      if (spot.kind === 'attribute') spot = { ...spot, isEmpty: false };
      return why;
    },
  };
}

function whyNotAt(spot: Spot, isAddress: boolean): string | null {
  switch (spot.kind) {
    case 'text':
      return null;
    case 'attribute':
      if (spot.name.startsWith('on') || spot.name === 'style' || spot.name === 'srcdoc')
        return `a value may not stand in the attribute ${spot.name}`;
      return ADDRESSES.has(spot.name) && spot.isEmpty && !isAddress
        ? `the attribute ${spot.name} may begin with unsubscribeUrl, owner.bookingUrl or sender.bookingUrl alone: what a lead typed is not an address to follow`
        : null;
    case 'tag':
      return 'a value may stand in text or in an attribute with quotes around it';
    case 'raw':
      return `a value may not stand in <${spot.tag}>`;
    default:
      return 'a value may not stand in a comment';
  }
}

interface Step {
  readonly spot: Spot;
  readonly at: number;
  readonly tag?: string;
  readonly problem?: string;
}

const TEXT: Spot = { kind: 'text' };
const TAG: Spot = { kind: 'tag' };

function next(spot: Spot, html: string, of: { readonly at: number; readonly tag: string }): Step {
  const { at } = of;
  const rest = html.slice(at);
  switch (spot.kind) {
    case 'text':
      return inText(html, at);
    case 'comment': {
      const end = html.indexOf('-->', at);
      return end < 0 ? { spot, at: html.length } : { spot: TEXT, at: end + 3 };
    }
    case 'raw': {
      const end = rest.toLowerCase().indexOf(`</${spot.tag}`);
      return end < 0 ? { spot, at: html.length } : { spot: TAG, at: at + end + spot.tag.length + 2, tag: '' };
    }
    case 'attribute': {
      const end = html.indexOf(spot.quote, at);
      return end < 0
        ? { spot: { ...spot, isEmpty: spot.isEmpty && rest.trim() === '' }, at: html.length }
        : { spot: TAG, at: end + 1 };
    }
    default:
      return inTag(html, of);
  }
}

function inText(html: string, at: number): Step {
  const open = html.indexOf('<', at);
  if (open < 0) return { spot: TEXT, at: html.length };
  if (html.startsWith('<!--', open)) return { spot: { kind: 'comment' }, at: open + 4 };
  const tag = /^<([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 40))?.[1]?.toLowerCase() ?? '';
  const length = tag === '' ? 1 : tag.length + 1;
  const isTag = tag !== '' || /^<[/!?]/.test(html.slice(open, open + 2));
  const problem = tag === 'script' ? { problem: 'mails run no scripts; expected no <script>' } : {};
  return { spot: isTag ? TAG : TEXT, at: open + length, tag, ...problem };
}

const ATTRIBUTE = /^[\s/]*([^\s"'<>/=]+)\s*=\s*(["'])/;

function inTag(html: string, { at, tag }: { readonly at: number; readonly tag: string }): Step {
  const rest = html.slice(at, at + 300);
  const found = ATTRIBUTE.exec(rest);
  const [whole = '', name = '', quote] = found ?? [];
  if (quote === '"' || quote === "'")
    return {
      spot: { kind: 'attribute', name: name.toLowerCase(), quote, isEmpty: true },
      at: at + whole.length,
    };
  if (html[at] === '>') return { spot: RAW.has(tag) ? { kind: 'raw', tag } : TEXT, at: at + 1 };
  return { spot: TAG, at: at + 1 };
}

import { escapeHtml } from '../text/safe.ts';

/** What the page behind the link of a letter shows. */
export interface StopPage {
  /** Whose mail it is. */
  readonly company: string;
  /** `ask`: mail goes on unless they stop it; `stopped`; `again`: it goes on after all; `test`: a letter that nobody got; `unknown`. */
  readonly state: 'ask' | 'stopped' | 'again' | 'test' | 'unknown';
  /** The address that mail goes to; null where it is not known. */
  readonly address: string | null;
}

/**
 * An address that its owner recognises and nobody else learns.
 *
 * @example veiled('ann.lee@acme.com') // 'a…@acme.com'
 */
export function veiled(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${[...address][0] ?? ''}…${address.slice(at)}`;
}

const STYLE = [
  'body{margin:0;padding:48px 24px;font:17px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif;color:#1c2329;background:#f6f7f8}',
  'main{max-width:440px;margin:0 auto;padding:32px;background:#fff;border:1px solid #d9dfe4;border-radius:12px}',
  'h1{margin:0 0 12px;font-size:22px;line-height:1.3}p{margin:0 0 20px;overflow-wrap:anywhere}',
  'button{font:inherit;padding:12px 20px;border-radius:8px;border:1px solid #0b5f5a;background:#0b5f5a;color:#fff;cursor:pointer}',
  'button.second{background:transparent;color:#0b5f5a}',
  'button:focus-visible{outline:3px solid #7cc4bf;outline-offset:2px}',
  '@media(prefers-color-scheme:dark){body{background:#14191d;color:#e6eaed}main{background:#1c2329;border-color:#37424b}button{background:#7cc4bf;border-color:#7cc4bf;color:#14191d}button.second{color:#7cc4bf}}',
].join('');

/** The page on which the reader of a letter says that they want no more, or that they do: it needs no script and no sign-in. */
export function stopPage(page: StopPage): string {
  const { title, text, action } = wordsOf(page);
  const button =
    action === null
      ? ''
      : `<form method="post"><input type="hidden" name="wish" value="${action.wish}"><button${action.wish === 'again' ? ' class="second"' : ''}>${escapeHtml(action.label)}</button></form>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${button}</main></body></html>\n`,
  ].join('');
}

interface Words {
  readonly title: string;
  readonly text: string;
  readonly action: { readonly wish: 'stop' | 'again'; readonly label: string } | null;
}

function wordsOf({ state, company, address }: StopPage): Words {
  const reader = address === null ? 'you' : veiled(address);
  switch (state) {
    case 'ask':
      return {
        title: `Stop mail from ${company}?`,
        text: `We would send no more of these mails to ${reader}.`,
        action: { wish: 'stop', label: 'Unsubscribe' },
      };
    case 'stopped':
      return {
        title: 'You are unsubscribed',
        text: `${company} sends no more of these mails to ${reader}.`,
        action: { wish: 'again', label: 'Subscribe again' },
      };
    case 'again':
      return {
        title: 'You are subscribed again',
        text: `${company} may write to ${reader}.`,
        action: { wish: 'stop', label: 'Unsubscribe' },
      };
    case 'test':
      return {
        title: 'This was a test',
        text: 'The link stands in a test of a mail. In a mail to a lead it stops further ones.',
        action: null,
      };
    default:
      return {
        title: 'This link does not work',
        text: 'It may be cut off: please open it from the mail again, or answer the mail and say that you want no more.',
        action: null,
      };
  }
}

import { escapeHtml, oneLine } from '../text/safe.ts';

/** A name and an address, as a header has them. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/**
 * Reads a mailbox as settings have it: an address alone, or `Name <address>`.
 *
 * @example readMailbox('Acme <hello@acme.com>') // { name: 'Acme', address: 'hello@acme.com' }
 */
export function readMailbox(text: string): Mailbox {
  const found = /^([^<>]*)<([^<>]+)>$/.exec(text.trim());
  if (found === null) return { name: '', address: text.trim() };
  return { name: (found[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address: (found[2] ?? '').trim() };
}

/** A mailbox in words. @example mailboxWords({ name: '', address: 'a@b.co' }) // 'a@b.co' */
export function mailboxWords({ name, address }: Mailbox): string {
  return name === '' ? address : `${name} <${address}>`;
}

/**
 * What the company is called in letters: by the name of the mailbox that mails leave from, else by the domain of its address.
 *
 * @example companyName({ name: '', address: 'baton@acme.com' }) // 'acme.com'
 */
export function companyName({ name, address }: Mailbox): string {
  return name === '' ? address.slice(address.lastIndexOf('@') + 1) : name;
}

/** The longest name in a header, in characters. */
const MAX_NAME = 100;

/**
 * Who a letter is from: in the name of a person it leaves as “Ann Reed via Acme”, from the address that the mail server may
 * send for, so that it is not taken for a forgery.
 *
 * @example fromOf('Ann Reed', { name: 'Acme', address: 'hello@acme.com' }).name // 'Ann Reed via Acme'
 */
export function fromOf(owner: string | null, company: Mailbox): Mailbox {
  const name = companyName(company);
  const shown = owner === null ? name : `${owner} via ${name}`;
  return { name: oneLine(shown, MAX_NAME), address: company.address };
}

/** The line by which a letter that does not say so itself says how to stop it. @example stopWords('u') // 'No more mail like this: u' */
export function stopWords(unsubscribeUrl: string): string {
  return `No more mail like this: ${unsubscribeUrl}`;
}

/**
 * The text of a letter as a page, for one whose template has none: paragraphs and lines as they are, web addresses as links.
 *
 * @example pageOfText('Hi <you>').includes('Hi &lt;you&gt;') // true
 */
export function pageOfText(text: string): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .map(part => `<p style="margin:0 0 16px">${linked(part).replaceAll('\n', '<br>')}</p>`);
  return pageOf(paragraphs.join(''));
}

/** A part of a page as a whole page; what is one already stays. @example pageOf('<html></html>') // '<html></html>' */
export function pageOf(html: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>',
    '<body style="margin:0;padding:24px;font:16px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif;color:#1c2329;overflow-wrap:anywhere">',
    `${html}</body></html>`,
  ].join('');
}

/** A page with one more line at its end, of small text. */
export function withFooter(page: string, line: string): string {
  const footer = `<p style="margin:24px 0 0;font-size:13px;color:#5b6670">${linked(line)}</p>`;
  const end = page.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? `${page}${footer}` : `${page.slice(0, end)}${footer}${page.slice(end)}`;
}

/** Addresses in a text whose values lead nowhere, so that only ours are left. */
const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

function linked(text: string): string {
  let html = '';
  let at = 0;
  for (const { 0: url, index } of text.matchAll(ADDRESS)) {
    const shown = escapeHtml(url);
    html += `${escapeHtml(text.slice(at, index))}<a href="${shown}" style="color:#0b5f5a">${shown}</a>`;
    at = index + url.length;
  }
  return html + escapeHtml(text.slice(at));
}

/**
 * Whether an address may be where a calendar is booked: on the web, over https.
 *
 * @example isBookingUrl('https://cal.example/ann') // true
 * @example isBookingUrl('javascript:alert(1)') // false
 */
export function isBookingUrl(text: string): boolean {
  return text.length <= 500 && /^https:\/\/[^\s/?#<>"'\\@]+(?:[/?#][^\s<>"'\\]*)?$/.test(text);
}

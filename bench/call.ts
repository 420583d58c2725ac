import { closeSync, openSync, writeSync } from 'node:fs';
import { type Chance, pick } from './chance.ts';
import { YEAR } from './column.ts';

/** How many bytes are gathered before they are written. */
const WRITE_CHARACTERS = 4 * 1024 * 1024;

const PAGES = ['/pricing', '/product/export', '/customers/acme', '/docs/start', '/blog/how-to', '/'] as const;
const TITLES = ['VP Finance', 'Head of Operations', 'Controller', 'Intern', 'Director of Planning'] as const;
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1',
] as const;

/** Writes a contacts file as `baton score` reads it: JSON lines, a profile each. */
export function writeContacts(path: string, chance: Chance, contacts: number): void {
  writeLines(path, contacts, index =>
    JSON.stringify({
      id: `user-${index}`,
      createdAt: new Date(YEAR.from).toISOString(),
      contact: {
        email: `ann.${index}@${chance() < 0.2 ? 'gmail.com' : `firm${index % 5_000}.example`}`,
        title: pick(chance, TITLES),
      },
      company: {
        industry: pick(chance, ['Software', 'Retail', 'Mining', 'Energy']),
        employees: Math.floor(10 ** (chance() * 4)),
        country: pick(chance, ['Germany', 'Brazil', 'United Kingdom']),
      },
    }),
  );
}

/** Writes an events file as `baton score` reads it: calls as clients send them, JSON lines in the order of time. */
export function writeEvents(path: string, chance: Chance, of: { contacts: number; events: number }): void {
  const step = (YEAR.to - YEAR.from) / of.events;
  writeLines(path, of.events, index => {
    // Two draws multiplied: some contacts do much, most do little.
    const contact = Math.floor(chance() * chance() * of.contacts);
    const timestamp = new Date(Math.floor(YEAR.from + index * step)).toISOString();
    const { type, ...particulars } = particularsOf(chance);
    return JSON.stringify({
      messageId: `msg-${index.toString(36).padStart(8, '0')}-${Math.floor(chance() * 2 ** 32).toString(36)}`,
      type,
      userId: `user-${contact}`,
      timestamp,
      ...particulars,
      context: { userAgent: pick(chance, AGENTS), ip: `192.0.2.${contact % 256}`, locale: 'en-GB' },
    });
  });
}

function particularsOf(chance: Chance) {
  const share = chance();
  if (share < 0.6) {
    const path = pick(chance, PAGES);
    return { type: 'page', name: path, properties: { path, url: `https://www.baton.example${path}` } };
  }
  if (share < 0.8)
    return {
      type: 'track',
      event: 'Feature Used',
      properties: { feature: 'export', rows: Math.floor(share * 1e4) },
    };
  if (share < 0.95)
    return { type: 'track', event: 'Email Clicked', properties: { campaign: 'spring', link: '/a' } };
  if (share < 0.99)
    return { type: 'track', event: 'Whitepaper Downloaded', properties: { title: 'How to plan', pages: 12 } };
  return { type: 'track', event: 'Demo Requested', properties: { form: 'top', plan: 'team' } };
}

function writeLines(path: string, count: number, lineOf: (index: number) => string): void {
  const file = openSync(path, 'w');
  let text = '';
  for (let index = 0; index < count; index++) {
    text += `${lineOf(index)}\n`;
    if (text.length < WRITE_CHARACTERS && index < count - 1) continue;
    writeSync(file, text);
    text = '';
  }
  closeSync(file);
}

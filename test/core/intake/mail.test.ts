import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { classifyBurst } from '../../../src/core/intake/burst.ts';
import { MAIL_BOOK, MAIL_KINDS, mailBook } from '../../../src/core/intake/mail.ts';
import { normaliseText } from '../../../src/core/text/normalise.ts';
import { readText } from '../../tidy/tree.ts';

const kindOf = (name: string) => MAIL_BOOK.kindOf(normaliseText(name));

describe('the events of mails', () => {
  test.each([
    ['sent', ['Email Sent', 'Sent Email', 'email_sent', 'Send Email', 'email.sent']],
    [
      'delivered',
      ['Email Delivered', ' email DELIVERED ', 'Received Email', 'email_delivered', 'email.delivered'],
    ],
    [
      'opened',
      [
        'Email Opened',
        'Opened Email',
        'Open Email',
        'Email Open',
        'email_opened',
        'Marketing Email Opened',
        'email.open',
      ],
    ],
    [
      'clicked',
      [
        ...[
          'Email Link Clicked',
          'Email Clicked',
          'Clicked Email',
          'Click Email',
          'Email Click',
          'email_link_clicked',
        ],
        ...[
          'email.clicked',
          'Clicked Link in Email',
          'Newsletter Clicked',
          'Marketing Email Clicked',
          'email_clicked',
        ],
      ],
    ],
    ['bounced', ['Email Bounced', 'Bounced Email', 'Email Soft Bounced', 'Email Dropped', 'email_bounced']],
    [
      'unsubscribed',
      [
        'Unsubscribed',
        'Email Unsubscribed',
        'Email Marked as Spam',
        'Marked Email as Spam',
        'email.complained',
      ],
    ],
  ] as const)('%s are known by the names of the common tools', (kind, names) => {
    expect(names.map(name => [name, kindOf(name)])).toEqual(names.map(name => [name, kind]));
  });

  test.each([
    'Clicked',
    'Opened',
    'Button Clicked',
    'Link Clicked',
    'page',
    'Form Submitted',
    'Email Captured',
    'Mail',
    '',
  ])('what need not be of a mail is not: %s', name => {
    expect(kindOf(name)).toBeNull();
  });

  test('are those that the templates and the demo name', () => {
    const isOfMail = (name: string) => /mail|newsletter|unsubscrib/i.test(name);
    const namesIn = (value: unknown): readonly string[] => {
      if (Array.isArray(value)) return value.flatMap(namesIn);
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, item]) =>
        key === 'on' || key === 'of' || key === 'event'
          ? [item].flat().flatMap(one => (typeof one === 'string' ? [one] : namesIn(one)))
          : namesIn(item),
      );
    };
    const templates = readdirSync('templates').flatMap(file =>
      file.endsWith('.yaml') ? namesIn(parse(readText(`templates/${file}`))) : [],
    );
    const files = ['src/demo/story/journey.ts', 'src/demo/story/call.ts'].map(readText).join('');
    const told = [...files.matchAll(/'([A-Z][a-z]+(?: [A-Z][a-z]+)+)'/g)].flatMap(([, name = '']) => name);
    const named = [...templates, ...told].filter(isOfMail);
    expect(new Set(named)).toContain('Email Clicked');
    expect(named.filter(name => kindOf(name) === null)).toEqual([]);
  });

  test('are those, too, that a workspace adds or sees in another way', () => {
    const book = mailBook([
      { name: ' Nudge Tapped ', kind: 'clicked' },
      { name: 'Email Sent', kind: 'bounced' },
    ]);
    expect(book.kindOf('nudge tapped')).toBe('clicked');
    expect(book.kindOf('email sent')).toBe('bounced');
    expect(book.isWatched('email sent')).toBe(false);
    expect(book.watched).toContain('nudge tapped');
    expect(book.watched).not.toContain('email sent');
    // They go to the database with every batch that has a mail in it.
    expect(book.watched.length).toBeLessThan(400);
    expect(new Set(book.watched.map(name => book.kindOf(name)))).toEqual(new Set(MAIL_KINDS.slice(0, 4)));
  });
});

test.each(['email clicked', 'clicked email', 'email_link_clicked', 'email click'])(
  'five links within two seconds of delivery are a machine’s by the name %s',
  nameKey => {
    const one = { context: {}, machine: null, isSettled: false };
    const delivery = { ...one, id: 1, at: 0, nameKey: 'received email', properties: { email_id: 'n1' } };
    const clicks = [1000, 1300, 1600, 2000, 2300].map((at, index) => ({
      ...one,
      id: index + 2,
      at,
      nameKey,
      properties: { email_id: 'n1', link_url: `https://e.example/${index}` },
    }));
    expect(classifyBurst([delivery, ...clicks]).map(({ id }) => id)).toEqual([2, 3, 4, 5, 6]);
  },
);

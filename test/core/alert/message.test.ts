import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALERT_KINDS,
  type AlertPayload,
  alertPayload,
  lineOf,
  linkTo,
  MAX_ITEMS,
  messageOf,
  plainAlert,
  subjectOf,
} from '../../../src/core/alert/message.ts';
import { htmlOf, mailSubject, textOf } from '../../../src/core/delivery/mail.ts';
import { type SlackText, slackOf } from '../../../src/core/delivery/slack.ts';
import { cut, escapeHtml, escapeSlack, manyLines, oneLine } from '../../../src/core/text/safe.ts';
import { momentWords, timeWords } from '../../../src/core/time/zone.ts';

const LEAD = { name: 'Ann Lee', title: 'VP Sales', company: 'Acme', email: 'ann@acme.example' };
const PAYLOAD: AlertPayload = {
  kind: 'handoff',
  episodeId: 'e1',
  contactId: 'c1',
  lead: LEAD,
  sentence: 'Asked for a demo: Demo requested (+40) and Target industry (+15).',
  lines: [
    { label: 'Demo requested', points: 40, count: 1 },
    { label: 'Pricing page visit', points: 16, count: 2 },
    { label: 'Free mailbox', points: -12 },
  ],
  total: 87,
  grade: 'A1',
  pathLabel: 'Asked for a demo',
  ownerName: 'Bob Ray',
  dueAt: Date.UTC(2026, 2, 2, 14, 30),
  dueKind: 'firstTouch',
  source: 'webinar',
  alertId: null,
};
const BASE = 'https://baton.acme.example';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '<!channel> <@U1> <https://evil.example|Open the lead>',
    'Ann\r\nBcc: everybody@acme.example\r\n\r\nHello',
    '\u202eecilA',
    '&amp;&lt;',
    '*bold* _it_ ~no~ `code` :tada:',
    'https://evil.example/login?x=1',
    'Ann of www.evil.example, evil.co.uk/a and MAILTO:x',
    'www.evil.example@x ann@evil.example/login evil\u3002example \\\\evil\\share',
  ),
  fc.string({ unit: fc.constantFrom('<', '&', '>', '😀', 'a', '\n'), minLength: 2000, maxLength: 5000 }),
);
const payloads = fc.record({
  kind: fc.constantFrom(...ALERT_KINDS),
  episodeId: fc.option(fc.uuid()),
  contactId: fc.option(fc.uuid()),
  lead: fc.option(
    fc.record({
      name: hostile,
      title: fc.option(hostile),
      company: fc.option(hostile),
      email: fc.option(hostile),
    }),
  ),
  sentence: hostile,
  lines: fc.array(fc.record({ label: hostile, points: fc.integer({ min: -99, max: 99 }) }), {
    maxLength: 80,
  }),
  total: fc.option(fc.integer({ min: -500, max: 500 })),
  grade: fc.option(hostile),
  pathLabel: hostile,
  ownerName: fc.option(hostile),
  dueAt: fc.option(fc.integer({ min: 0, max: 4e12 })),
  dueKind: fc.option(fc.constantFrom('firstTouch', 'decision')),
  source: fc.option(hostile),
  alertId: fc.option(fc.uuid()),
  occasion: hostile,
  recent: fc.array(fc.record({ label: hostile, at: fc.integer({ min: 0, max: 4e12 }) }), { maxLength: 9 }),
  nextStep: hostile,
  grouped: fc.record({ count: fc.integer({ min: 0, max: 99 }), since: fc.integer({ min: 0, max: 4e12 }) }),
  zone: fc.constantFrom('UTC', 'Europe/London', 'Asia/Kolkata', 'America/St_Johns', 'Mars/Base'),
  items: fc.array(
    fc.record({
      title: hostile,
      text: hostile,
      contactId: fc.option(fc.uuid()),
      at: fc.option(fc.integer({ min: 0, max: 4e12 })),
    }),
    { maxLength: 70, size: 'max' },
  ),
}) satisfies fc.Arbitrary<AlertPayload>;

describe('an alert', () => {
  test('has a subject that says what happened, who and how strong', () => {
    expect(subjectOf(PAYLOAD)).toBe('New lead: Ann Lee, Acme (A1, 87 points)');
    expect(subjectOf({ ...PAYLOAD, kind: 'waiting', grade: null })).toBe(
      'Nobody owns this lead: Ann Lee, Acme (87 points)',
    );
    const early = { ...PAYLOAD, kind: 'early', total: null, grade: null } as const;
    expect(subjectOf({ ...early, lead: { ...LEAD, name: ' ', company: null } })).toBe(
      'Early signal: Somebody without a name',
    );
    expect(subjectOf({ ...PAYLOAD, grade: null, total: -1 })).toBe('New lead: Ann Lee, Acme (−1 point)');
  });

  test('reads as plain text with every fact and the link', () => {
    expect(textOf(messageOf(PAYLOAD, BASE))).toBe(
      [
        'New lead: Ann Lee, Acme',
        'VP Sales, Acme, ann@acme.example',
        '',
        'Asked for a demo: Demo requested (+40) and Target industry (+15).',
        '',
        '+40 Demo requested',
        '+16 Pricing page visit, 2 times',
        '−12 Free mailbox',
        '',
        'Score: A1, 87 points',
        'Reason: Asked for a demo',
        'Owner: Bob Ray',
        'Source: Webinar',
        'First touch due: Mon 2 Mar 2026, 14:30 UTC',
        '',
        'Next: Reach out before the first touch is due; then accept the lead, or reject it with a reason.',
        '',
        'Open the lead: https://baton.acme.example/contacts/c1',
        'Accept the lead: https://baton.acme.example/contacts/c1?do=accept&episode=e1',
        '',
      ].join('\n'),
    );
  });

  test('says so when nobody owns the lead, and leaves out what is not known', () => {
    const bare = { ...PAYLOAD, ownerName: null, source: null, dueAt: null, grade: null, lines: [] };
    const text = textOf(messageOf(bare, BASE));
    expect(text).toContain('Owner: nobody yet');
    expect(text).not.toContain('Source');
    expect(text).not.toMatch(/^First touch due:/m);
    expect(textOf(messageOf({ ...bare, kind: 'early' }, BASE))).not.toContain('Owner');
  });

  test('is one line for the list in the app', () => {
    expect(lineOf(PAYLOAD)).toBe(
      'Ann Lee, Acme (A1, 87 points): Asked for a demo: Demo requested (+40) and Target industry (+15).',
    );
  });

  test('survives the outbox: what is stored is read as the same', () => {
    fc.assert(
      fc.property(payloads, payload => {
        expect(alertPayload.parse(JSON.parse(JSON.stringify(payload)))).toEqual(payload);
      }),
    );
  });

  test('has a subject and a line without line breaks, control or direction characters', () => {
    fc.assert(
      fc.property(payloads, payload => {
        for (const line of [subjectOf(payload), lineOf(payload)]) {
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        }
        expect(subjectOf(payload).length).toBeLessThanOrEqual(150);
      }),
    );
  });

  test('lets no markup of a lead into HTML', () => {
    const tags =
      /<\/?(?:!doctype|html|head|meta|title|body|h1|p|ul|li|table|tr|td|a|b|br)(?: [a-z]+="[^"<>]*")*>/gi;
    fc.assert(
      fc.property(payloads, payload => {
        const rest = htmlOf(messageOf(payload, BASE)).replace('<!doctype html>', '').replace(tags, '');
        expect(rest).not.toMatch(/[<>"']/);
        expect(rest.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  test('shows nothing of which a mail program makes a link but our links and mail addresses', () => {
    const address =
      /[a-z][a-z0-9+.-]*:\/\/|\bmailto:[\p{L}\p{N}]|\\\\|(?:[\p{L}\p{N}_-]+[.\u3002\uff0e\uff61])+\p{L}{2,}/giu;
    const mail = /[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+(?![\p{L}\p{N}/:?#@-])/gu;
    const seen = (text: string) => text.replace(mail, '').match(address) ?? [];
    expect(seen('see HTTPS://evil or evil.example, not ann@acme.example')).toEqual([
      'HTTPS://',
      'evil.example',
    ]);
    fc.assert(
      fc.property(payloads, payload => {
        const message = messageOf(payload, BASE);
        const text = message.links.reduce(
          (rest, { url }) => rest.replaceAll(url, ''),
          textOf(message).replaceAll(/^https:\/\/baton\.acme\.example\/contacts\/.*$/gm, ''),
        );
        const html = htmlOf(message).replace(/<[^>]*>/g, ' ');
        for (const shown of [text, html, mailSubject(subjectOf(payload)), slackOf(message).text])
          expect(seen(shown)).toEqual([]);
      }),
    );
  });

  test('leaves what is not a web address as it is, and the address of a lead to be copied', () => {
    const lead = {
      name: 'Dr. Ann Lee',
      title: 'VP: Sales',
      company: 'Acme Inc.',
      email: 'ann.lee@acme.co.uk',
    };
    const text = textOf(messageOf({ ...PAYLOAD, lead, sentence: 'Saw 1.5 pages at 10:30.' }, BASE));
    expect(text).toContain('Dr. Ann Lee, Acme Inc.\nVP: Sales, Acme Inc., ann.lee@acme.co.uk\n');
    expect(text).toContain('Saw 1.5 pages at 10:30.');
    expect(text).not.toContain('\u2060');
    const named = messageOf({ ...PAYLOAD, lead: { ...lead, company: 'Acme.io' } }, BASE);
    expect(textOf(named)).toContain('Acme.\u2060io');
  });

  test('leads into the app alone: to the contact, to accepting it there, to the exceptions', () => {
    const page =
      /^\/(?:contacts\/[^/?#<>"]+(?:\?do=accept&amp;episode=[^/?#<>"]+)?|exceptions(?:\?show=rejected)?)?$/;
    fc.assert(
      fc.property(payloads, payload => {
        const hrefs = htmlOf(messageOf(payload, BASE)).match(/(?<=href=")[^"]*/g) ?? [];
        expect(hrefs.length).toBeGreaterThan(0);
        for (const href of hrefs) {
          expect(href.startsWith(`${BASE}/`)).toBe(true);
          expect(href.slice(BASE.length)).toMatch(page);
        }
      }),
    );
    expect(linkTo('https://acme.example/baton/', 'c1')).toBe('https://acme.example/baton/contacts/c1');
  });

  test.each([
    ['a new lead', PAYLOAD, ['Open the lead', 'Accept the lead']],
    [
      'a lead given to somebody',
      { ...PAYLOAD, kind: 'reassigned' as const },
      ['Open the lead', 'Accept the lead'],
    ],
    ['a lead that nobody owns', { ...PAYLOAD, kind: 'waiting' as const }, ['Open the lead']],
    ['an early signal', { ...PAYLOAD, kind: 'early' as const }, ['Open the lead']],
    ['an exception', { ...PAYLOAD, kind: 'exception' as const }, ['Open the exceptions', 'Open the lead']],
    ['a breach', { ...PAYLOAD, kind: 'breach' as const, contactId: null }, ['Open the exceptions']],
    [
      'calls that cannot be used',
      { ...PAYLOAD, kind: 'rejected' as const, contactId: null },
      ['Open the rejected calls'],
    ],
    ['a bulletin', { ...PAYLOAD, kind: 'bulletin' as const, contactId: null }, ['Open Baton']],
  ])('links %s to what comes next', (_name, payload, labels) => {
    expect(messageOf(payload, BASE).links.map(({ label }) => label)).toEqual(labels);
  });

  test('tells an early signal with what was done lately, how often, and the due time in the zone of its reader', () => {
    const payload: AlertPayload = {
      ...PAYLOAD,
      kind: 'early',
      occasion: 'Back on the pricing page',
      sentence: 'Back after 95 days of silence: Viewed “Pricing”.',
      lines: [],
      recent: [{ label: 'Viewed “Pricing” (2 times)', at: Date.UTC(2026, 2, 2, 13, 2) }],
      grouped: { count: 3, since: Date.UTC(2026, 2, 2, 10, 2) },
      zone: 'America/New_York',
      nextStep: 'Call her.\nNow.',
    };
    expect(textOf(messageOf(payload, BASE))).toBe(
      [
        'Back on the pricing page: Ann Lee, Acme',
        'VP Sales, Acme, ann@acme.example',
        '',
        'Back after 95 days of silence: Viewed “Pricing”. And 3 more since Mon 2 Mar, 05:02.',
        '',
        'Lately:',
        'Viewed “Pricing” (2 times), Mon 2 Mar, 08:02',
        '',
        'Score: A1, 87 points',
        'Reason: Asked for a demo',
        'Owner: Bob Ray',
        'Source: Webinar',
        'First touch due: Mon 2 Mar 2026, 09:30 GMT-5',
        '',
        'Next: Call her. Now.',
        '',
        'Open the lead: https://baton.acme.example/contacts/c1',
        '',
      ].join('\n'),
    );
    expect(lineOf(payload)).toContain('And 3 more since Mon 2 Mar, 05:02.');
  });

  test('is about no lead where there is none', () => {
    const breach = plainAlert({ kind: 'breach', occasion: 'Two leads may be lost', sentence: 'No owner.' });
    const payload = { ...breach, alertId: null };
    expect(subjectOf(payload)).toBe('Two leads may be lost');
    expect(lineOf(payload)).toBe('Two leads may be lost: No owner.');
    expect(messageOf(payload, BASE)).toMatchObject({ who: '', facts: [], link: `${BASE}/exceptions` });
  });

  test('tells the first of many messages one by one and says how many more there are', () => {
    const item = (index: number) => ({ title: `Lead ${index}`, text: 'New', contactId: 'c1', at: null });
    const items = Array.from({ length: MAX_ITEMS + 12 }, (_, index) => item(index));
    const bulletin = plainAlert({ kind: 'bulletin', occasion: 'While you were away', sentence: '', items });
    const message = messageOf({ ...bulletin, alertId: null }, BASE);
    expect(message.items).toHaveLength(MAX_ITEMS + 1);
    expect(message.items.at(-1)?.title).toBe('And 12 more');
    expect(htmlOf(message)).toContain('<a href="https://baton.acme.example/contacts/c1"');
  });

  test('stored by an older version is still read', () => {
    const { occasion: _, ...old } = { ...PAYLOAD, occasion: 'new' };
    expect(alertPayload.parse(JSON.parse(JSON.stringify(old)))).toEqual(PAYLOAD);
  });
});

describe('a Slack message', () => {
  const textsOf = (payload: AlertPayload): readonly SlackText[] =>
    slackOf(messageOf(payload, BASE)).blocks.flatMap((block): readonly SlackText[] => {
      if (block.type === 'actions') return block.elements.map(({ text }) => text);
      return 'fields' in block ? block.fields : 'elements' in block ? block.elements : [block.text];
    });

  test('keeps within the limits of Slack', () => {
    fc.assert(
      fc.property(payloads, payload => {
        const { text, blocks } = slackOf(messageOf(payload, BASE));
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(3000);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          if ('fields' in block) expect(block.fields.length).toBeLessThanOrEqual(10);
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
          if (block.type !== 'actions') continue;
          expect(block.elements.length).toBeLessThanOrEqual(25);
          expect(new Set(block.elements.map(button => button.action_id)).size).toBe(block.elements.length);
          for (const { text: label, url } of block.elements) {
            expect(label.text.length).toBeLessThanOrEqual(75);
            expect(url.length).toBeLessThanOrEqual(3000);
          }
        }
        for (const { text: part } of textsOf(payload)) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(3000);
        }
      }),
    );
  });

  test('has words of strangers in plain text only, and no mention or link but ours', () => {
    fc.assert(
      fc.property(payloads, payload => {
        for (const part of textsOf(payload)) {
          const ours = /<!date\^\d+\^[^<>|]*\|[^<>|]*>/g;
          const rest = part.type === 'mrkdwn' ? part.text.replace(ours, '') : part.text;
          expect(rest).not.toMatch(/[<>]/);
          expect(rest.replace(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
        }
        expect(slackOf(messageOf(payload, BASE)).text).not.toMatch(/[<>]/);
      }),
    );
  });

  test('shows the deadline in the time of the reader', () => {
    const marked = textsOf(PAYLOAD).find(({ type }) => type === 'mrkdwn')?.text;
    expect(marked).toBe(
      'First touch due <!date^1772461800^{date_short_pretty} {time}|Mon 2 Mar 2026, 14:30 UTC>',
    );
  });
});

describe('a Slack message with buttons', () => {
  test('opens the lead and accepts it in the app', () => {
    const actions = slackOf(messageOf(PAYLOAD, BASE)).blocks.find(({ type }) => type === 'actions');
    expect(actions).toMatchObject({
      elements: [
        { url: 'https://baton.acme.example/contacts/c1', style: 'primary' },
        { url: 'https://baton.acme.example/contacts/c1?do=accept&episode=e1' },
      ],
    });
  });
});

describe('text that strangers typed', () => {
  test.each([
    ['Ann\r\nBcc: all@acme.example', 'Ann Bcc: all@acme.example'],
    ['  a \t b  ', 'a b'],
    ['\u202eevil\u202c', 'evil'],
    ['a\u0000b', 'a b'],
    ['Zoë 😀', 'Zoë 😀'],
  ])('%j on one line is %j', (text, line) => {
    expect(oneLine(text, 100)).toBe(line);
  });

  test('keeps its lines where lines are wanted', () => {
    expect(manyLines('a\r\nb\u0007c\n\nd', 100)).toBe('a\nb c\n\nd');
  });

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 4, 'abc…'],
    ['ab😀cd', 4, 'ab…'],
    ['ab', 1, '…'],
  ])('%j cut to %i is %j', (text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
  });

  test.each([
    ['a<b', 100, 'a&lt;b'],
    ['a<b', 6, 'a&lt;b'],
    ['a<b', 5, 'a…'],
    ['<<', 5, '&lt;…'],
    ['<<', 4, '…'],
    ['😀😀', 4, '😀😀'],
    ['😀😀', 3, '😀…'],
    ['😀😀', 2, '…'],
  ])('%j escaped for Slack in %i characters is %j', (text, max, expected) => {
    expect(escapeSlack(text, max)).toBe(expected);
  });

  test('escaped for Slack is never longer than allowed and never ends in half an escape', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 200 }), (text, max) => {
        const escaped = escapeSlack(text, max);
        expect(escaped.length).toBeLessThanOrEqual(max);
        expect(escaped.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      }),
    );
  });

  test('escaped for HTML can be read back', () => {
    const back: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
    fc.assert(
      fc.property(hostile, text => {
        const read = escapeHtml(text).replace(
          /&(amp|lt|gt|quot|#39);/g,
          (_, name: string) => back[name] ?? '',
        );
        expect(read).toBe(text);
      }),
    );
  });
});

test('an instant is told with its weekday, in UTC or in a zone that it names', () => {
  expect(timeWords(0)).toBe('Thu 1 Jan 1970, 00:00 UTC');
  expect(timeWords(Date.UTC(2026, 11, 31, 23, 59, 59))).toBe('Thu 31 Dec 2026, 23:59 UTC');
  expect(timeWords(Date.UTC(2026, 6, 1, 23, 30), 'Europe/Berlin')).toBe('Thu 2 Jul 2026, 01:30 CEST');
  expect(timeWords(0, 'Mars/Base')).toBe('Thu 1 Jan 1970, 00:00 UTC');
  expect(momentWords(Date.UTC(2026, 6, 1, 12), 'Asia/Kolkata')).toBe('Wed 1 Jul, 17:30');
});

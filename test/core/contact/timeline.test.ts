import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventWords, journalWords } from '../../../src/core/contact/timeline.ts';

describe('an event in words', () => {
  const page = (properties: unknown, type = 'page') =>
    eventWords({ type, name: type, properties, machine: null });

  test.each([
    [{ title: 'Pricing', path: '/pricing' }, 'Viewed “Pricing”', '/pricing'],
    [{ name: 'Home' }, 'Viewed “Home”', null],
    [{ path: '/pricing' }, 'Viewed /pricing', null],
    [{ url: 'https://acme.example/a?token=secret#x' }, 'Viewed acme.example/a', null],
    [{ title: 'T', url: 'https://acme.example/a?token=secret' }, 'Viewed “T”', 'acme.example/a'],
    [{}, 'Viewed a page', null],
    [null, 'Viewed a page', null],
    [{ title: 7, path: ['/'] }, 'Viewed a page', null],
  ])('for the page %j is %j', (properties, title, detail) => {
    expect(page(properties)).toEqual({ title, detail });
  });

  test('for a screen says so', () => {
    expect(page({ name: 'Settings' }, 'screen').title).toBe('Opened the screen “Settings”');
    expect(page({}, 'screen').title).toBe('Opened a screen');
  });

  test('for anything else is its name and the first of its properties', () => {
    const properties = {
      plan: 'Pro',
      seats: 5,
      trial: true,
      list: [1],
      none: null,
      link: 'https://x.example/?t=1',
      more: 1,
    };
    expect(eventWords({ type: 'track', name: 'Trial Started', properties, machine: null })).toEqual({
      title: 'Trial Started',
      detail: 'plan: Pro · seats: 5 · trial: true · link: x.example/',
    });
  });

  test('says when a machine made it', () => {
    const made = { type: 'track', name: 'Clicked', properties: {}, machine: 'link scanner' };
    expect(eventWords(made).detail).toBe('Made by a machine (link scanner), so it does not score');
    expect(eventWords({ ...made, properties: { a: 1 } }).detail).toBe(
      'a: 1\nMade by a machine (link scanner), so it does not score',
    );
  });
});

describe('a journal entry in words', () => {
  test.each([
    ['handoff', { owner: 'Bob', sentence: 'Why.' }, 'handoff', 'Handed over to Bob', 'Why.'],
    [
      'handoff',
      { owner: null, sentence: 'Why.', waitingFor: 'nobody to take it' },
      'handoff',
      'Handed over; nobody owns it yet',
      'Why.\nnobody to take it',
    ],
    ['stage', { from: 'lead', to: 'mql' }, 'stage', 'Stage: Lead to MQL', null],
    ['stage', { to: 'sql' }, 'stage', 'Stage: SQL', null],
    ['accepted', { note: 'good fit' }, 'decision', 'Accepted by sales', 'good fit'],
    [
      'rejected',
      { reason: 'timing', reasonLabel: 'Bad timing' },
      'decision',
      'Rejected by sales: Bad timing',
      null,
    ],
    ['decision', { decision: 'accepted' }, 'decision', 'Accepted by sales', null],
    ['reopened', {}, 'decision', 'Decision taken back', null],
    ['reassigned', { owner: 'Cy' }, 'handoff', 'Given to Cy', null],
    ['activity', { activity: 'call', note: 'no answer\nagain' }, 'activity', 'Call', 'no answer\nagain'],
    ['alert', { label: 'Hot page' }, 'alert', 'Alert: Hot page', null],
    [
      'merged',
      { because: 'the same e-mail address' },
      'merge',
      'Joined with another contact',
      'the same e-mail address',
    ],
    [
      'profile',
      { changes: { title: 'CFO', tags: ['a'] } },
      'profile',
      'Profile changed',
      'title: CFO · tags',
    ],
    ['some_thing', {}, 'some_thing', 'some thing', null],
  ])('of kind %s with %j', (kind, particulars, shown, title, detail) => {
    expect(journalWords({ kind, particulars })).toEqual({ kind: shown, title, detail });
  });
});

test('words are never empty, too long, or carry control characters, whatever is stored', () => {
  const kinds = [
    'handoff',
    'stage',
    'accepted',
    'decision',
    'activity',
    'alert',
    'merged',
    'profile',
    'outcome',
    'x',
  ];
  const bag = fc.dictionary(
    fc.constantFrom(
      'owner',
      'note',
      'from',
      'to',
      'label',
      'changes',
      'reason',
      'title',
      'path',
      'kind',
      'decision',
    ),
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5000 }),
      fc.constantFrom('\u0000', ' \u202e '),
      fc.jsonValue(),
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.oneof(bag, fc.jsonValue()),
      fc.constantFrom('N', '\u0001'),
      (kind, particulars, name) => {
        const events = ['track', 'page', 'screen'].map(type =>
          eventWords({ type, name, properties: particulars, machine: null }),
        );
        for (const { title, detail } of [...events, journalWords({ kind, particulars })]) {
          expect(title).not.toBe('');
          expect(title.length).toBeLessThanOrEqual(200);
          expect(title).not.toMatch(/[\p{Cc}\u202e]/u);
          expect((detail ?? '').length).toBeLessThanOrEqual(2000);
          expect(detail).not.toBe('');
          expect((detail ?? '').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
        }
      },
    ),
  );
});

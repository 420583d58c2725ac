import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalKind, Particulars } from '../../../src/core/contact/journal.ts';
import { journalWords } from '../../../src/core/contact/journalwords.ts';
import { eventWords } from '../../../src/core/contact/timeline.ts';

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

/** What an entry of a kind says, and how: what the timeline calls it, the title, and the line below. */
type Worded<Kind extends JournalKind> = readonly [Particulars<Kind>, string, string, string | null];

const because = 'by the entry “EMEA”';
const handedOver = {
  path: 'threshold',
  pathLabel: 'Threshold',
  sentence: 'Why.',
  total: 60,
  owner: 'Bob',
  team: 'sales',
  waitingFor: null,
  because,
  qualifiedAt: '2026-03-01T10:00:00.000Z',
};
const moved = { owner: 'Cy', note: 'on leave', previousOwner: 'bob' };
const decided = { reason: null, reasonLabel: null, note: null, stage: 'sql', previous: 'open' };

/** Each kind that is written, once: a kind that is not here does not compile. */
const WORDED: { readonly [Kind in JournalKind]: Worded<Kind> } = {
  handoff: [handedOver, 'handoff', 'Handed over to Bob', `Why.\n${because}`],
  closed: [
    { ...handedOver, owner: null, reason: 'student', reasonLabel: 'A student' },
    'decision',
    'Closed: A student',
    'Why.',
  ],
  assigned: [{ owner: 'Cy', team: 'sales', because }, 'handoff', 'Given to Cy', because],
  reassigned: [moved, 'handoff', 'Given to Cy', 'on leave'],
  taken_over: [moved, 'handoff', 'Taken over by Cy', 'on leave'],
  handed_back: [{ note: 'too far', previousOwner: 'bob' }, 'handoff', 'Handed back by its owner', 'too far'],
  clock_paused: [
    { reason: 'procurement', until: '2026-03-09T09:00:00.000Z' },
    'decision',
    'The clock of the decision was paused',
    'procurement\nUntil Mon 9 Mar 2026, 09:00 UTC',
  ],
  clock_resumed: [
    { reason: 'procurement', dueAt: '2026-03-10T09:00:00.000Z' },
    'decision',
    'The clock of the decision goes on',
    'Due Tue 10 Mar 2026, 09:00 UTC',
  ],
  clock_missed: [
    { clock: 'firstTouch', dueAt: '2026-03-10T09:00:00.000Z', owner: 'Bob', to: 'manager' },
    'decision',
    'The first touch was missed',
    'It was due Tue 10 Mar 2026, 09:00 UTC\nTold: manager',
  ],
  reminded: [
    { clock: 'decision', share: 80, dueAt: '2026-03-10T09:00:00.000Z', to: 'Bob' },
    'alert',
    'Reminded Bob of the decision',
    '80 % of the time was gone; due Tue 10 Mar 2026, 09:00 UTC',
  ],
  taken_away: [
    { clock: 'firstTouch', owner: 'Bob', previousOwner: 'bob' },
    'handoff',
    'Taken from Bob, to be given to somebody else',
    'The first touch was missed',
  ],
  review_entry: [
    {
      review: 'monthly',
      key: '2026-10',
      entry: 'todo',
      text: 'Look at the webinar list',
      change: 'finished',
    },
    'setting',
    'A to-do of the monthly review 2026-10 was finished',
    'Look at the webinar list',
  ],
  permissions_changed: [
    { given: ['replayCalls'], taken: ['classEvents', 'reviewDuplicates'] },
    'setting',
    'What marketing may do was changed',
    [
      'Marketing may take rejected calls in again',
      'Marketing may no longer say whether a machine made an event',
      'Marketing may no longer merge possible duplicates and keep them apart',
    ].join('\n'),
  ],
  intake_changed: [
    {
      oldestYears: 5,
      before: 10,
      added: ['free mailboxes of ziggo.nl'],
      removed: ['Nudge Tapped (clicked)'],
    },
    'setting',
    'The settings of incoming calls were changed',
    [
      'Calls may lie 5 years back, before 10',
      'Added: free mailboxes of ziggo.nl',
      'Removed: Nudge Tapped (clicked)',
    ].join('\n'),
  ],
  owner_left: [
    { owner: 'Bob', previousOwner: 'bob' },
    'handoff',
    'Bob may no longer work leads; the lead waits for somebody else',
    null,
  ],
  exception_taken: [
    { owner: 'Mia', exception: 'unassigned' },
    'handoff',
    'Mia looks after what holds it up',
    null,
  ],
  kept_open: [
    { because: '“Demo” was classed as made by a machine' },
    'handoff',
    'The lead no longer qualifies; the handoff stays open',
    '“Demo” was classed as made by a machine',
  ],
  handled: [{ ...decided, note: 'renewal' }, 'decision', 'Done with, by a team that is not sales', 'renewal'],
  requalified: [{ note: 'asked again' }, 'decision', 'A new handoff was opened by hand', 'asked again'],
  woken: [
    { reasonLabel: 'Bad timing' },
    'decision',
    'The date has come to look at the lead again',
    'Bad timing',
  ],
  wakeup_moved: [
    { until: '2026-09-01T00:00:00.000Z' },
    'decision',
    'To be looked at again on 1 Sept 2026',
    null,
  ],
  nurture_entered: [
    { track: 'later', label: 'Stay in touch' },
    'decision',
    'Entered the track Stay in touch',
    null,
  ],
  nurture_step: [
    { label: 'Stay in touch', step: 1, action: 'email', name: 'customer_story', refused: null },
    'decision',
    'Stay in touch, step 2: mail “customer story”',
    null,
  ],
  nurture_left: [
    { label: 'Stay in touch', because: 'event', note: 'Pricing Viewed' },
    'decision',
    'Left the track Stay in touch',
    'They did “Pricing Viewed”',
  ],
  accepted: [{ ...decided, note: 'good fit' }, 'decision', 'Accepted by sales', 'good fit'],
  rejected: [
    { ...decided, reason: 'timing', reasonLabel: 'Bad timing' },
    'decision',
    'Rejected by sales: Bad timing',
    null,
  ],
  recycled: [{ ...decided, reason: 'timing' }, 'decision', 'Recycled: timing', null],
  reopened: [decided, 'decision', 'Decision taken back', null],
  outcome: [
    { ...decided, type: 'lost', reason: 'price', reasonLabel: 'Price', amount: 7, currency: 'EUR' },
    'decision',
    'Outcome: lost',
    'Price',
  ],
  answered: [
    {
      question: 'need',
      label: 'Need',
      value: 'Two weeks',
      unknown: false,
      note: 'by phone',
      before: 'Unknown',
    },
    'activity',
    'Answered: Need',
    'Two weeks\nby phone\nBefore: Unknown',
  ],
  opportunity: [
    {
      ...{ change: 'lost', name: 'Acme', stage: 'lost', stageLabel: 'Lost' },
      ...{ amount: 12_000, currency: 'GBP', reason: 'Price' },
    },
    'decision',
    'Opportunity lost: Acme',
    'Price\n£12,000',
  ],
  snoozed: [
    { until: '2026-03-02T14:00:00.000Z', note: 'After lunch' },
    'activity',
    'Snoozed until Mon 2 Mar 2026, 14:00 UTC',
    'After lunch',
  ],
  unsnoozed: [{}, 'activity', 'Back in the queue before its time', null],
  activity: [{ activity: 'call', note: 'no answer\nagain' }, 'activity', 'Call', 'no answer\nagain'],
  alert: [
    { rule: 'hot', label: 'Hot page', text: 'Viewed /pricing.', to: 'owner', more: 0 },
    'alert',
    'Alert: Hot page',
    'Viewed /pricing.',
  ],
  letter_sent: [
    { purpose: 'outreach', template: 'hello', owner: 'Ann Reed', subject: 'Hi', address: 'x@acme.com' },
    'letter',
    'Acknowledged by mail in the name of Ann Reed',
    'Hi',
  ],
  letter_refused: [
    { purpose: 'nurture', template: 'hello', because: 'They want no mail from us', detail: null },
    'letter',
    'The mail hello was not sent',
    'They want no mail from us',
  ],
  outreach_announced: [
    { entry: 'sms', webhook: 'send_sms', owner: 'Ann' },
    'letter',
    'Other software was told to answer: send_sms',
    null,
  ],
  opted_out: [
    { address: 'x@acme.com', detail: 'the link of a letter' },
    'letter',
    'Wants no mail from us',
    'x@acme.com\nthe link of a letter',
  ],
  mail_wanted: [{ address: 'x@acme.com' }, 'letter', 'Wants mail from us again', 'x@acme.com'],
  mail_bounced: [
    { address: 'x@acme.com', detail: '550 no such user' },
    'letter',
    'Mail came back; no more goes to the address',
    'x@acme.com\n550 no such user',
  ],
  bounce_taken_back: [{ address: 'x@acme.com' }, 'letter', 'The address may get mail again', 'x@acme.com'],
  merged: [
    { from: 'c2', because: 'the same e-mail address' },
    'merge',
    'Joined with another contact',
    'the same e-mail address',
  ],
  company_parted: [
    { group: 'prod' },
    'merge',
    'Taken out of a company that it was not of',
    'The group id "prod" stood for different companies',
  ],
  unmerged: [{ other: 'c2', mergedAt: null }, 'merge', 'A merge was undone: two contacts again', null],
  kept_apart: [
    { other: 'c2', note: 'father and son' },
    'merge',
    'Kept apart from a contact that resembles this one',
    'father and son',
  ],
  apart_taken_back: [
    { other: 'c2' },
    'merge',
    'Up for review again with a contact that resembles this one',
    null,
  ],
  call_replayed: [
    { call: 'r1', because: 'userId: expected userId or anonymousId', isMended: true, trust: 'public' },
    'other',
    'A rejected call was corrected and taken in',
    'userId: expected userId or anonymousId\nBelieved as a public key is',
  ],
  corrected: [
    { fields: [{ field: 'title', before: null, after: 'CFO' }] },
    'other',
    'Corrected by hand',
    'Title: unknown → CFO',
  ],
  reclassed: [
    { eventId: 1, event: 'Demo', machine: true, was: null, note: 'their scanner' },
    'class',
    '“Demo” counts as made by a machine',
    'their scanner',
  ],
  team_changed: [
    { team: 'sales', label: 'Sales', managerId: null, slackChannel: null, members: [] },
    'setting',
    'The team Sales was changed',
    null,
  ],
  availability_changed: [
    { user: 'bob', timeOff: { id: 't', from: '2026-03-01', to: '2026-03-08' } },
    'setting',
    'Time off was added',
    '2026-03-01 to 2026-03-08',
  ],
  agreement_activated: [
    { name: 'Core', version: 3, before: 2, handsOver: true },
    'setting',
    'Version 3 of “Core” was activated',
    'Version 2 was active before\nThe contacts that it makes qualify are handed over',
  ],
  user_added: [{ user: 'bob', name: 'Bob', role: 'rep' }, 'setting', 'Bob was added', 'Role: rep'],
  password_reset: [{ user: 'bob', name: 'Bob' }, 'setting', 'Bob got a new password', null],
  contact_added: [{}, 'other', 'Added by hand', null],
  user_invited: [{ user: 'bob', name: 'Bob', isMailed: true }, 'setting', 'Bob was invited', 'By mail'],
  password_chosen: [{ user: 'bob', name: 'Bob' }, 'setting', 'Bob chose a password by a link', null],
  user_changed: [
    {
      user: 'bob',
      name: 'Rob',
      role: 'manager',
      active: false,
      before: { name: 'Bob', role: 'rep', active: true },
    },
    'setting',
    'Rob was changed',
    'Name: Bob to Rob\nRole: rep to manager\nMay no longer sign in',
  ],
  key_added: [
    { key: 'k', name: 'CRM', opens: 'api', role: 'admin' },
    'setting',
    'The key CRM was made',
    'Role: admin',
  ],
  key_revoked: [{ key: 'k', name: 'CRM' }, 'setting', 'The key CRM was revoked', null],
  webhook_added: [
    { webhook: 'w', host: 'acme.example' },
    'setting',
    'A webhook to acme.example was added',
    null,
  ],
  webhook_changed: [
    { webhook: 'w', host: 'acme.example', change: 'secret' },
    'setting',
    'The webhook to acme.example got a new secret',
    null,
  ],
  webhook_deleted: [
    { webhook: 'w', host: 'acme.example' },
    'setting',
    'The webhook to acme.example was deleted',
    null,
  ],
};

const stored = (kind: string, particulars: unknown) => {
  const { title, detail, ...rest } = journalWords({ kind, particulars });
  return [rest.kind, title, detail];
};

describe('a journal entry in words', () => {
  test.each(Object.entries(WORDED))('of kind %s', (kind, [particulars, shownAs, title, detail]) => {
    expect(stored(kind, particulars)).toEqual([shownAs, title, detail]);
  });

  test.each([
    [
      'handoff',
      { owner: null, sentence: '', pathLabel: 'Demo', waitingFor: 'somebody to take it', because },
      'Handed over; nobody owns it yet',
      'Demo\nsomebody to take it',
    ],
    ['activity', { activity: 'touch', note: null }, 'Touch', null],
    ['activity', { activity: 'fax', note: null }, 'fax', null],
    ['reclassed', { event: 'Demo', machine: false, note: null }, '“Demo” counts as made by a person', null],
    ['availability_changed', { paused: true, pausedNote: 'ill' }, 'Somebody was taken out of routing', 'ill'],
    ['availability_changed', { paused: false }, 'The working time of somebody was changed', null],
    [
      'availability_changed',
      { timeOffTakenBack: { from: '2026-03-01', to: '2026-03-08' } },
      'Time off was taken back',
      '2026-03-01 to 2026-03-08',
    ],
  ])('of kind %s with %j', (kind, particulars, title, detail) => {
    expect(stored(kind, particulars).slice(1)).toEqual([title, detail]);
  });

  test.each([
    ['handoff', {}, 'Handed over; nobody owns it yet', null],
    ['assigned', { owner: 7 }, 'Given to somebody else', null],
    ['taken_over', [], 'Taken over by somebody', null],
    ['owner_left', null, 'Its owner may no longer work leads; the lead waits for somebody else', null],
    ['closed', 'x', 'Closed: disqualified', null],
    ['rejected', { note: 'no', reason: [1] }, 'Rejected by sales', 'no'],
    ['outcome', { type: null }, 'Outcome: unknown', null],
    ['activity', { activity: 'constructor' }, 'constructor', null],
    ['activity', {}, 'Note', null],
    ['snoozed', { until: 'soon' }, 'Snoozed', null],
    ['alert', { label: '\u0000' }, 'Alert: sent', null],
    ['reclassed', {}, '“An event” counts as made by a person', null],
    ['user_changed', { name: 'Bob', active: true, before: 7 }, 'Bob was changed', null],
    ['team_changed', {}, 'The team (without a name) was changed', null],
    ['webhook_changed', { host: 'a.b', change: 'x' }, 'The webhook to a.b was changed', null],
  ])('of an earlier version is told as far as it goes: %s with %j', (kind, particulars, title, detail) => {
    expect(stored(kind, particulars).slice(1)).toEqual([title, detail]);
  });

  test.each([
    ['gone_away', { note: 'for good' }, 'gone away', 'for good'],
    ['constructor', {}, 'constructor', null],
    ['', null, 'Something happened', null],
    ['\u0000', { note: [] }, 'Something happened', null],
  ])('of the kind %j, which this version does not write, is its name', (kind, particulars, title, detail) => {
    expect(stored(kind, particulars)).toEqual(['other', title, detail]);
  });
});

test('words are never empty, too long, or carry control characters, whatever is stored', () => {
  const kinds = [...Object.keys(WORDED), 'x', '', '\u0001', '__proto__', 'constructor', 'a'.repeat(5000)];
  const keys = new Set(Object.values(WORDED).flatMap(([particulars]) => Object.keys(particulars)));
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5000 }),
    fc.constantFrom('\u0000', ' \u202e ', 'constructor', '__proto__', 'toString'),
    fc.jsonValue(),
  );
  const bag = fc.dictionary(fc.constantFrom(...keys, 'title', 'path', 'name', '__proto__'), value);
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.oneof(bag, value),
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

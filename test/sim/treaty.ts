import type { Chance } from './chance.ts';

/** The reason that sends a rejected lead on to another team. */
export const SENT_ON = 'partner';

/** The reasons that every agreement of the simulator offers for a rejection. */
export const REASONS = ['timing', 'busy', 'junk', SENT_ON] as const;

/** Draws the name of an event; rules, paths and alerts speak of all but the last. */
export function drawEvent(chance: Chance): string {
  return chance.weighted([
    ['Demo Requested', 2],
    ['Pricing Viewed', 4],
    ['Docs Read', 1],
  ]);
}

/**
 * One version of an agreement, as its file would say it: different seeds make different rules, paths, decays and waits.
 * What stays is what steps rely on: the reasons, the team names, the scores.
 */
export function drawAgreement(chance: Chance): object {
  const decay = chance.weighted<object>([
    [{}, 3],
    [{ decay: { halfLife: chance.pick(['1d', '3d', '36h']) } }, 3],
    [{ decay: { linear: chance.pick(['4d', '9d']) } }, 1],
    [{ decay: { lose: '25%', every: chance.pick(['1d', '30h']) } }, 1],
  ]);
  const optional = <Rule>(rule: Rule, probability: number): readonly Rule[] =>
    chance.hit(probability) ? [rule] : [];
  return {
    agreement: 1,
    name: 'Simulated',
    scores: { fit: { min: -100 }, intent: chance.hit(0.3) ? { max: 80 } : {} },
    rules: [
      { id: 'vp', score: 'fit', points: 20, when: { 'contact.title': 'VP' } },
      { id: 'clerk', score: 'fit', points: -15, when: { 'contact.title': 'Clerk' } },
      { id: 'software', score: 'fit', points: 15, when: { 'company.industry': 'Software' } },
      {
        id: 'demo',
        score: 'intent',
        points: 40,
        on: 'Demo Requested',
        window: chance.pick(['3d', '7d', '30d']),
      },
      {
        id: 'visit',
        score: 'intent',
        points: chance.pick([5, 9, 12]),
        on: 'page',
        ...(chance.hit(0.7) ? { window: chance.pick(['2d', '10d']) } : {}),
        ...(chance.hit(0.6) ? { limit: chance.int(2, 5) } : {}),
        ...decay,
      },
      ...optional(
        { id: 'old', score: 'fit', points: 3, when: { 'contact.createdAt': { olderThan: '5d' } } },
        0.4,
      ),
      ...optional({ id: 'silent', score: 'intent', points: -10, quiet: chance.pick(['2d', '5d']) }, 0.4),
      ...optional(
        {
          id: 'both',
          score: 'intent',
          points: 14,
          pattern: { within: '2d', all: ['page', { on: 'Pricing Viewed', times: chance.int(1, 2) }] },
          window: '6d',
        },
        0.5,
      ),
    ],
    disqualify: [
      { id: 'rival', label: 'Competitor', when: { 'contact.emailDomain': 'rival.com' } },
      ...optional(
        { id: 'customer', label: 'Existing customer', when: { 'company.customer': true }, route: 'success' },
        0.6,
      ),
    ],
    mql: [
      {
        id: 'hand_raiser',
        label: 'Asked to talk',
        when: { 'score.fit': { gte: chance.pick([0, 10]) } },
        did: { on: 'Demo Requested', within: chance.pick(['1d', '7d']) },
      },
      { id: 'score', label: 'Fit and intent', when: { total: { gte: chance.pick([35, 50, 65]) } } },
    ],
    routing: [
      ...optional({ id: 'same', label: 'Same company', to: 'companyOwner' }, 0.3),
      ...optional(
        { id: 'big', label: 'VPs', when: { 'contact.title': 'VP' }, to: { owner: 'rep0@baton.example' } },
        0.3,
      ),
      ...optional(
        {
          id: 'demos',
          label: 'Demos',
          when: { 'score.intent': { gte: 40 } },
          to: { team: 'field', by: 'weighted' },
        },
        0.4,
      ),
      {
        id: 'all',
        label: 'Everybody',
        ...(chance.hit(0.2) ? { when: { 'contact.title': { exists: true } } } : {}),
        to: { team: 'sales', by: chance.pick(['round_robin', 'weighted', 'least_open']) },
      },
      { fallback: 'queue' },
    ],
    calendars: { business: { timezone: 'Europe/London', hours: { 'mon-fri': ['09:00-17:30'] } } },
    sla: [{ id: 'all', when: { all: [] }, firstTouch: '1h', decision: '2bd', calendar: 'business' }],
    alerts: [
      {
        id: 'pricing',
        label: 'Looks at prices',
        on: 'Pricing Viewed',
        to: chance.pick(['owner', 'team', 'channel']),
        atMostEvery: chance.pick(['1h', '4h', '2d']),
        ...(chance.hit(0.3) ? { quietFor: '3d' } : {}),
      },
    ],
    reasons: [
      { id: 'timing', label: 'Not now', then: 'recycle', wait: chance.pick(['1d', '3d', '10d']) },
      { id: 'busy', label: 'Busy', then: 'recycle' },
      { id: 'junk', label: 'Made up', then: 'disqualify' },
      { id: SENT_ON, label: 'For partners', then: 'route', route: 'success' },
    ],
  };
}

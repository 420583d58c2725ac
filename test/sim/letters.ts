import { z } from 'zod';
import type { Chance } from './chance.ts';
import { mailRaw, type Person } from './people.ts';
import { type Action, DAY, HOUR, MINUTE, type Mood, type Step } from './plan.ts';

/** The name that a step of a track, and an entry of the outreach list, gives to other software. */
const HOOK = 'poke';

const body = z.looseObject({
  reasons: z.array(z.looseObject({ id: z.string() })),
  mql: z.array(z.looseObject({ id: z.string() })),
});

/**
 * Gives a version of the agreement its tracks, its letters and a path that overrides the wait. Every mail has a template of
 * its own, whose subject says which it is.
 */
export function withLetters(version: object, chance: Chance): object {
  const { reasons, mql, ...rest } = body.parse(version);
  const tracks = [
    {
      id: 'later',
      steps: [
        { wait: chance.pick(['30m', '6h', '2d']), email: 'later_0' },
        { wait: chance.pick(['1s', '1d', '5d']), webhook: HOOK },
        { wait: chance.pick(['1h', '1d', '12d']), email: 'later_2' },
        ...(chance.hit(0.4) ? [{ wait: chance.pick(['1d', '3w']) }] : []),
      ],
      ...(chance.hit(0.6) ? { exitOn: chance.pick(['Pricing Viewed', 'page', 'Docs Read']) } : {}),
    },
    {
      id: 'vip',
      when: { 'contact.title': 'VP' },
      steps: [
        chance.pick<object>([{ email: 'vip_0' }, { wait: '10m', email: 'vip_0' }]),
        { webhook: HOOK },
        { wait: chance.pick(['1d', '2w']), email: 'vip_2' },
      ],
    },
    ...(chance.hit(0.5)
      ? [{ id: 'rest', steps: [{ wait: chance.pick(['1s', '3d']), email: 'rest_0' }] }]
      : []),
  ];
  const outreach = [
    {
      id: 'ack',
      on: 'Demo Requested',
      email: 'ack',
      delay: chance.pick(['0s', '10m', '1d']),
      atMostEvery: chance.pick(['1h', '3d', '7d']),
      ...(chance.hit(0.2) ? { when: { 'contact.title': 'VP' } } : {}),
    },
    {
      id: 'welcome',
      on: 'handoff',
      email: 'welcome',
      from: chance.pick(['owner', 'hello@baton.example']),
      ...(chance.hit(0.5) ? { atMostEvery: chance.pick(['10m', '2d']) } : {}),
    },
    ...(chance.hit(0.5) ? [{ id: 'text', on: 'Pricing Viewed', webhook: HOOK, atMostEvery: '1d' }] : []),
  ];
  const named = ['ack', 'welcome', 'later_0', 'later_2', 'vip_0', 'vip_2', 'rest_0'];
  return {
    ...rest,
    mql: mql.map(path =>
      path.id === 'hand_raiser' && chance.hit(0.6) ? { ...path, overrides: 'wait' } : path,
    ),
    reasons: reasons.map(reason => {
      if (reason.id === 'timing' && chance.hit(0.7)) return { ...reason, nurture: 'later' };
      return reason.id === 'busy' && chance.hit(0.3) ? { ...reason, nurture: 'vip' } : reason;
    }),
    templates: Object.fromEntries(
      named.map(name => [
        name,
        { subject: name, text: 'Hi {{ contact.name }}, {{ sender.name }} here: {{ unsubscribeUrl }}' },
      ]),
    ),
    nurture: tracks,
    outreach,
  };
}

/** More steps for a world, between those that it has: noes with dates, words of mail, wishes, and the mail server's moods. */
export function drawLetterSteps(
  chance: Chance,
  of: { readonly steps: readonly Step[]; readonly people: readonly Person[] },
): readonly Step[] {
  const { steps, people } = of;
  return steps.flatMap((step, index) => {
    const until = steps[index + 1]?.at ?? step.at + HOUR;
    const room = Math.floor((until - step.at) / 2);
    if (room < 1000 || chance.hit(0.45)) return [step];
    const at = step.at + chance.int(500, room);
    const act = (action: Action) => ({ node: chance.pick([0, 1] as const), dies: null, action });
    const first = act(drawAction(chance, people, at));
    const second = act(drawAction(chance, people, at));
    const acts = chance.weighted([
      [[first], 6],
      [[{ ...first, dies: chance.int(1, 30) }], 2],
      [[first, second], 1],
      [[act({ kind: 'tick' }), act({ kind: 'tick' })], 1],
      [[act({ kind: 'deliver', mood: 'takes' }), act({ kind: 'deliver', mood: 'takes' })], 1],
    ]);
    return [step, { at, skew: step.skew, acts }];
  });
}

function drawAction(chance: Chance, people: readonly Person[], at: number): Action {
  const pick = chance.int(0, 99);
  const ahead = () =>
    chance.weighted<number | null>([
      [null, 2],
      [chance.int(MINUTE, 3 * DAY), 3],
      [chance.int(DAY, 20 * DAY), 1],
    ]);
  const draw = chance.weighted<() => Action>([
    [() => ({ kind: 'reject', pick, reason: chance.pick(['timing', 'timing', 'busy']), ms: ahead() }), 6],
    [() => ({ kind: 'tick' }), 6],
    [() => ({ kind: 'deliver', mood: drawMood(chance) }), 7],
    [() => ({ kind: 'calls', groups: [[mailRaw(chance, chance.pick(people), at)]], trust: 'server' }), 6],
    [() => ({ kind: 'wish', pick: chance.int(0, 999), wantsMail: chance.hit(0.3) }), 2],
    [() => ({ kind: 'halt', pick }), 1],
    [() => ({ kind: 'requalify', pick }), 1],
    [() => ({ kind: 'wakeup', pick, ms: ahead() }), 2],
  ]);
  return draw();
}

function drawMood(chance: Chance): Mood {
  return chance.weighted<Mood>([
    ['takes', 6],
    ['away', 2],
    ['gone', 1],
    ['refuses', 1],
    ['twice', 2],
  ]);
}

import type { Chance } from './chance.ts';
import { drawEvent } from './treaty.ts';

/** A call of the Segment spec as it is sent. */
export type Raw = Readonly<Record<string, unknown>> & { readonly messageId: string };

/** Somebody who browses, signs up and asks for demos; all that is said of them names them by one of these ids. */
export interface Person {
  readonly number: number;
  readonly user: string;
  readonly devices: readonly string[];
  readonly emails: readonly string[];
  readonly name: string;
  readonly phone: string | null;
  /** The account a product has them in; those of a business address have none, so that no order of arrival matters. */
  readonly group: string | null;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Draws people: colleagues, customers, competitors, some of them much like each other. */
export function drawPeople(
  chance: Chance,
  { count, prefix }: { readonly count: number; readonly prefix: string },
): readonly Person[] {
  const people: Person[] = [];
  for (let number = 0; number < count; number++) {
    const user = `${prefix}u${number}`;
    const twin = people.length > 0 && chance.hit(0.2) ? chance.pick(people) : null;
    const kind = chance.weighted([
      ['business' as const, 4],
      ['group' as const, 4],
      ['rival' as const, 1],
    ]);
    const address = (at: string) => `${user}@${at}`;
    const firm = `${prefix}firm${chance.int(0, 2)}.com`;
    const own = kind === 'business' ? firm : kind === 'rival' ? 'rival.com' : 'gmail.com';
    const emails =
      twin?.emails[0] !== undefined && kind !== 'rival'
        ? [likeAddress(chance, twin.emails[0], number)]
        : [address(own)];
    people.push({
      number,
      user,
      devices: Array.from({ length: chance.int(1, 3) }, (_, index) => `${prefix}a${number}x${index}`),
      emails,
      name: twin !== null && chance.hit(0.5) ? twin.name : `Ann${prefix} Lee${number}`,
      phone:
        twin !== null && chance.hit(0.5)
          ? twin.phone
          : chance.hit(0.5)
            ? `+4420${prefix.replaceAll(/\D/g, '').padStart(4, '0').slice(-4)}${1000 + number}`
            : null,
      group: kind === 'group' && twin === null ? `${prefix}g${chance.int(0, 1)}` : null,
    });
  }
  return people;
}

/** An address that is the same but for a plus-tag or dots: likely the same person, yet another contact. */
function likeAddress(chance: Chance, address: string, number: number): string {
  const [local = '', domain = ''] = address.split('@');
  return chance.hit(0.5)
    ? `${local}+n${number}@${domain}`
    : `${local.replace('u', '.u')}.n${number}@${domain}`;
}

let sent = 0;

/** Numbers the messages anew, so that a plan has the same ones each time. */
export function numberFrom(start: number): void {
  sent = start;
}

/** Draws what is told of mail to a person, or by somebody who asks to be called: one call that names them. */
export function mailRaw(chance: Chance, { user, emails }: Person, at: number): Raw {
  sent += 1;
  const [email = ''] = emails;
  const common = { messageId: `${user}m${sent}`, timestamp: new Date(at).toISOString(), userId: user };
  const track = (event: string) => ({
    ...common,
    type: 'track',
    event,
    ...(chance.hit(0.5) ? { properties: { email } } : {}),
  });
  return chance.weighted<() => Raw>([
    [() => track('Demo Requested'), 4],
    [() => track('Email Replied'), 2],
    [() => track('Email Bounced'), 1],
    [() => track('Unsubscribed'), 1],
    [() => ({ ...common, type: 'identify', traits: { email, unsubscribed: chance.hit(0.4) } }), 1],
  ])();
}

/** Draws what a person does at a time: one call, or the few that come together when somebody signs up. */
export function rawsOf(chance: Chance, person: Person, at: number): readonly Raw[] {
  const { user, devices, emails, group } = person;
  const device = chance.pick(devices);
  const timestamp = new Date(
    at -
      chance.weighted([
        [chance.int(0, 5000), 6],
        [chance.int(0, 3 * HOUR), 1],
        [chance.int(0, 4 * DAY), 1],
      ]),
  ).toISOString();
  const make = (said: object): Raw => {
    sent += 1;
    return { messageId: `${user}m${sent}`, timestamp, ...said };
  };
  const who = () =>
    chance.weighted<object>([
      [{ anonymousId: device }, 3],
      [{ userId: user }, 3],
      [{ userId: user, anonymousId: device }, 2],
    ]);
  const traits = () => ({
    ...(chance.hit(0.8) ? { email: chance.pick(emails) } : {}),
    ...(chance.hit(0.5) ? { name: person.name } : {}),
    ...(chance.hit(0.6)
      ? {
          title: chance.weighted<unknown>([
            ['VP', 6],
            ['Clerk', 2],
            [null, 1],
          ]),
        }
      : {}),
    ...(person.phone !== null && chance.hit(0.4) ? { phone: person.phone } : {}),
    ...(group === null && chance.hit(0.4)
      ? {
          company: {
            industry: chance.pick(['Software', 'Mining']),
            ...(chance.hit(0.3) ? { customer: chance.hit(0.6) } : {}),
          },
        }
      : {}),
    ...(chance.hit(0.1) ? { createdAt: new Date(at - chance.int(0, 20) * DAY).toISOString() } : {}),
  });
  const context = chance.hit(0.1) ? { context: { userAgent: 'ThornBot/1.0' } } : {};
  return chance.weighted<() => readonly Raw[]>([
    [() => [make({ type: 'page', ...who(), ...context })], 10],
    [() => [make({ type: 'track', event: drawEvent(chance), ...who(), ...context })], 8],
    [
      () => [
        make({
          type: 'identify',
          userId: user,
          ...(chance.hit(0.5) ? { anonymousId: device } : {}),
          traits: traits(),
        }),
      ],
      8,
    ],
    [
      () => [
        make({ type: 'page', anonymousId: device }),
        make({
          type: 'identify',
          userId: user,
          anonymousId: device,
          traits: { ...traits(), email: emails[0] },
        }),
        make({ type: 'track', event: 'Demo Requested', anonymousId: device }),
      ],
      4,
    ],
    [
      () =>
        group === null
          ? [make({ type: 'page', ...who() })]
          : [
              make({
                type: 'group',
                userId: user,
                groupId: group,
                traits: chance.pick([
                  { industry: 'Software' },
                  { industry: 'Mining' },
                  { customer: true },
                  { customer: false },
                  {},
                ]),
              }),
            ],
      3,
    ],
    [() => [make({ type: 'alias', userId: user, previousId: device })], 1],
  ])();
}

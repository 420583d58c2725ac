import { z } from 'zod';
import { MAIL_KINDS } from '../../core/intake/mail.ts';
import { normaliseText } from '../../core/text/normalise.ts';
import { ADMIN, INBOX } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenText } from '../shapes.ts';

const DOMAIN = /^[^\s@.]+(?:\.[^\s@.]+)+$/;

/** A domain without the address before it; people may type it with one. */
const domain = givenText(253)
  .overwrite(text => text.trim().toLowerCase().replace(/^.*@/, ''))
  .refine(text => DOMAIN.test(text), 'expected the domain of an e-mail address, such as ziggo.nl');

const domains = z.array(domain).max(1_000, 'expected at most 1,000 domains');

/** What the workspace says of incoming calls. */
export const intakeSettings = z
  .strictObject({
    /** How many years back a call may lie. */
    oldestYears: z
      .int('expected whole years')
      .min(1, 'expected at least 1 year')
      .max(100, 'expected at most 100 years'),
    /** Names of events of mails beside those that are known. */
    mailEvents: z
      .array(
        z.strictObject({
          name: givenText(200).trim().min(1, 'expected the name of an event'),
          kind: z.enum(MAIL_KINDS, `expected one of ${MAIL_KINDS.join(', ')}`),
        }),
      )
      .max(200, 'expected at most 200 names'),
    /** Domains whose addresses are free mailboxes, and those whose addresses are not, whatever the lists say. */
    freeDomains: domains,
    businessDomains: domains,
  })
  .superRefine(({ mailEvents, freeDomains, businessDomains }, context) => {
    const add = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    const free = new Set(freeDomains);
    businessDomains.forEach((one, index) => {
      if (free.has(one))
        add(['businessDomains', index], 'stands among the free domains, too; expected one of both');
    });
    const names = new Set<string>();
    mailEvents.forEach(({ name }, index) => {
      const key = normaliseText(name);
      if (names.has(key)) add(['mailEvents', index, 'name'], 'stands here twice; expected each name once');
      names.add(key);
    });
  });

export type IntakeSettings = z.infer<typeof intakeSettings>;

/** What holds for calls on their way in. */
export const intake = {
  getIntake: endpoint({
    method: 'GET',
    path: '/api/intake',
    summary:
      'How far back calls are believed, which events are of mails, and which domains are free mailboxes',
    tag: 'administration',
    access: INBOX,
    output: intakeSettings,
  }),
  saveIntake: endpoint({
    method: 'PUT',
    path: '/api/intake',
    summary: 'Set what holds for incoming calls from now on; what was decided about earlier ones stays',
    tag: 'administration',
    access: ADMIN,
    body: intakeSettings,
    output: intakeSettings,
  }),
};

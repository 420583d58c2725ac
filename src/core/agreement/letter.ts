import { z } from 'zod';
import { nameOf } from '../problem.ts';
import { parseDuration } from '../time/duration.ts';
import {
  branch,
  duration,
  eventMatch,
  identifier,
  parsed,
  profileCondition,
  record,
  text,
} from './pieces.ts';

/** A mail to a lead, in Liquid; what its names may be is checked where templates are read. */
const template = record({ subject: text, text, html: text.optional() });

const nurtureStep = record({
  wait: duration.optional(),
  email: text.optional(),
  webhook: text.optional(),
})
  .refine(
    step => step.wait !== undefined || step.email !== undefined || step.webhook !== undefined,
    'expected wait, email or webhook',
  )
  .refine(
    step => step.email === undefined || step.webhook === undefined,
    'expected email or webhook, not both: a step does one thing',
  );

const track = record({
  id: identifier,
  label: text.optional(),
  when: profileCondition.optional(),
  steps: z.array(nurtureStep),
  exitOn: eventMatch.optional(),
});

/** A wait that may be none: `0s`, or a duration. */
const delay = parsed('delay', (raw, report) => {
  const ms = raw === '0s' ? 0 : typeof raw === 'string' ? parseDuration(raw) : null;
  if (ms === null) report.add(`expected 0s or a duration such as 15m or 1d, got ${nameOf(raw)}`);
  return ms ?? 0;
});

const outreachOn = branch<'handoff' | z.infer<typeof eventMatch>>('outreachOn', raw =>
  raw === 'handoff' ? z.literal('handoff') : eventMatch,
);

const outreachFrom = branch<string>('outreachFrom', raw =>
  raw === 'owner'
    ? z.literal('owner')
    : typeof raw === 'string'
      ? z.email('expected owner or an e-mail address')
      : 'owner or an e-mail address',
);

const outreach = record({
  id: identifier,
  label: text.optional(),
  on: outreachOn,
  when: profileCondition.optional(),
  email: identifier.optional(),
  webhook: text.optional(),
  from: outreachFrom.optional(),
  delay: delay.optional(),
  atMostEvery: duration.optional(),
}).refine(
  entry => (entry.email === undefined) !== (entry.webhook === undefined),
  'expected email: a template, or webhook: a name, and not both',
);

/** What Baton sends to leads: templates, the tracks of recycled leads, and what a hand-raiser hears at once. */
export const letters = {
  templates: z.record(identifier, template).optional(),
  nurture: z.array(track).optional(),
  outreach: z.array(outreach).optional(),
};

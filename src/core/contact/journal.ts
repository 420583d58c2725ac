import { z } from 'zod';
import { isObject } from '../condition/reading.ts';
import { EXITS } from './exit.ts';

// A row that an earlier version stored is shown too: what is not there, or not of the shape, is read as nothing.
const text = z.string().catch('');
const textOrNull = z.string().nullable().catch(null);
const number = z.number().catch(0);
const numberOrNull = z.number().nullable().catch(null);
const flag = z.boolean().catch(false);

/** One kind of entry with the shape of its particulars. */
function record<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  const bag = z.preprocess(value => (isObject(value) ? value : {}), z.object(shape));
  return z.object({ kind: z.literal(kind), particulars: bag });
}

/** The import that wrote an entry: undone, it takes the entry with it. */
const imported = { batch: textOrNull.optional() };

const handedOver = {
  ...imported,
  path: text,
  pathLabel: text,
  sentence: text,
  total: number,
  owner: textOrNull,
  team: textOrNull.optional(),
  waitingFor: textOrNull,
  because: text,
  qualifiedAt: textOrNull.optional(),
};

const decided = {
  ...imported,
  reason: textOrNull,
  reasonLabel: textOrNull,
  note: textOrNull,
  stage: text.optional(),
  /** The state of the episode before. */
  previous: text.optional(),
  /** The date that was set in place of the wait. */
  until: textOrNull.optional(),
  /** Whose decision was taken back. */
  decidedBy: textOrNull.optional(),
};

const moved = { owner: text, note: textOrNull, previousOwner: textOrNull };

const timeOff = z.object({ id: text, from: text, to: text }).nullable().catch(null);

const member = z.object({
  userId: text,
  weight: number,
  pass: number,
  mostOpen: numberOrNull,
  perDay: numberOrNull,
  tokens: numberOrNull,
  tokensDay: numberOrNull,
});

const user = { user: text, name: text, role: text };

/** A user as they were until then. */
const before = z.object({ name: text, role: text, active: flag }).nullable().catch(null);

/** What marketing was let do, or no longer is, by name; or what was added to settings of the intake, or removed. */
const names = z.array(z.string()).readonly().catch([]);

/** Of its address the host alone: some carry a secret in their path. */
const webhook = { webhook: text, host: text };

/** What may happen to an opportunity. */
export const OPPORTUNITY_CHANGES = [
  'opened',
  'corrected',
  'moved',
  'won',
  'lost',
  'reopened',
  'dropped',
] as const;
export type OpportunityChange = (typeof OPPORTUNITY_CHANGES)[number];

/** Every kind of entry that is written to the journal, with what it says. The only place that names them. */
const journalRecord = z.discriminatedUnion('kind', [
  record('handoff', { ...handedOver, reason: text.optional(), reasonLabel: text.optional() }),
  record('closed', { ...z.object(handedOver).partial().shape, reason: text, reasonLabel: text }),
  record('assigned', { owner: textOrNull, team: textOrNull, because: text }),
  record('reassigned', moved),
  record('taken_over', moved),
  record('handed_back', { note: textOrNull, previousOwner: textOrNull }),
  record('owner_left', { owner: text, previousOwner: text }),
  record('exception_taken', { owner: text, exception: text }),
  record('kept_open', { because: text }),
  record('accepted', decided),
  record('rejected', decided),
  record('recycled', decided),
  record('reopened', decided),
  record('handled', decided),
  record('requalified', { note: textOrNull }),
  record('woken', { reasonLabel: textOrNull }),
  record('wakeup_moved', { until: textOrNull }),
  record('nurture_entered', { track: text, label: text }),
  record('nurture_step', { label: text, step: number, action: text, name: textOrNull, refused: textOrNull }),
  record('nurture_left', { label: text, because: z.enum(EXITS).catch('stopped'), note: textOrNull }),
  record('outcome', { ...decided, type: text, amount: numberOrNull, currency: textOrNull }),
  record('snoozed', { until: text, note: textOrNull }),
  record('unsnoozed', {}),
  record('activity', {
    ...imported,
    activity: text,
    note: textOrNull,
    outcome: textOrNull.optional(),
    automated: flag.optional(),
  }),
  record('clock_paused', { reason: text, until: text }),
  record('clock_resumed', { reason: text, dueAt: textOrNull }),
  record('reminded', { clock: text, share: number, dueAt: text, to: textOrNull }),
  record('clock_missed', { clock: text, dueAt: text, owner: textOrNull, to: textOrNull }),
  record('taken_away', { clock: text, owner: text, previousOwner: textOrNull }),
  record('answered', {
    question: text,
    label: text,
    value: textOrNull,
    unknown: flag,
    note: textOrNull,
    /** What was answered before, in words. */
    before: textOrNull,
  }),
  record('opportunity', {
    change: z.enum(OPPORTUNITY_CHANGES).catch('corrected'),
    name: text,
    stage: text,
    stageLabel: text,
    amount: numberOrNull,
    currency: textOrNull,
    reason: textOrNull,
  }),
  record('alert', { rule: text, label: text, text, to: text, more: number }),
  record('letter_sent', {
    purpose: text,
    template: text,
    owner: textOrNull,
    subject: text,
    address: text,
  }),
  record('letter_refused', { purpose: text, template: text, because: text, detail: textOrNull }),
  record('outreach_announced', { entry: text, webhook: text, owner: textOrNull }),
  record('opted_out', { address: textOrNull, detail: textOrNull }),
  record('mail_wanted', { address: textOrNull, detail: textOrNull.optional() }),
  record('mail_bounced', { address: textOrNull, detail: textOrNull }),
  record('bounce_taken_back', { address: textOrNull, detail: textOrNull.optional() }),
  record('merged', { from: text, because: text }),
  record('unmerged', { other: text, mergedAt: textOrNull }),
  record('kept_apart', { other: text, note: textOrNull }),
  record('apart_taken_back', { other: text }),
  record('company_parted', { group: text }),
  record('corrected', {
    fields: z
      .array(z.object({ field: text, before: textOrNull, after: textOrNull }))
      .readonly()
      .catch([]),
  }),
  record('contact_added', {}),
  record('reclassed', { eventId: number, event: text, machine: flag, was: textOrNull, note: textOrNull }),
  record('call_replayed', {
    call: text,
    because: text,
    isMended: flag,
    trust: z.enum(['server', 'public']).catch('public'),
  }),
  record('team_changed', {
    team: text,
    label: text,
    managerId: textOrNull,
    slackChannel: textOrNull,
    members: z.array(member).readonly().catch([]),
  }),
  record('availability_changed', {
    user: text,
    timezone: textOrNull.optional(),
    hours: z.record(z.string(), z.array(z.string()).readonly()).nullable().catch(null).optional(),
    holidays: z.array(z.string()).readonly().catch([]).optional(),
    open: z
      .array(z.object({ date: z.string(), hours: z.array(z.string()).readonly() }))
      .readonly()
      .catch([])
      .optional(),
    paused: flag.optional(),
    pausedNote: textOrNull.optional(),
    timeOff: timeOff.optional(),
    timeOffTakenBack: timeOff.optional(),
  }),
  record('agreement_activated', { name: text, version: number, before: numberOrNull, handsOver: flag }),
  record('user_added', user),
  record('user_changed', { ...user, active: flag, before }),
  record('password_reset', { user: text, name: text }),
  record('user_invited', { user: text, name: text, isMailed: flag }),
  record('password_chosen', { user: text, name: text }),
  record('key_added', { key: text, name: text, opens: text, role: textOrNull }),
  record('key_revoked', { key: text, name: text }),
  record('permissions_changed', { given: names, taken: names }),
  record('review_entry', {
    review: text,
    key: text,
    entry: text,
    text,
    change: z.enum(['added', 'finished', 'reopened', 'removed']).catch('added'),
  }),
  record('intake_changed', { oldestYears: number, before: number, added: names, removed: names }),
  record('webhook_added', webhook),
  record('webhook_changed', {
    ...webhook,
    change: z.enum(['settings', 'on', 'off', 'secret']).catch('settings'),
  }),
  record('webhook_deleted', webhook),
]);

/** What an entry of the journal says. */
export type JournalRecord = z.infer<typeof journalRecord>;

/** What kinds of entries are written. */
export type JournalKind = JournalRecord['kind'];

/** What entries of a kind say. */
export type Particulars<Kind extends JournalKind> = Extract<
  JournalRecord,
  { readonly kind: Kind }
>['particulars'];

/** What an entry is about, when it happened (epoch ms), and who did it: a person's name, a key's, or the part of Baton. */
interface About {
  readonly contactId?: string;
  readonly episodeId?: string | null;
  readonly agreementId?: string;
  readonly version?: number;
  readonly at: number;
  /** When it became known; `at` without it. */
  readonly recordedAt?: number;
  readonly by: string;
}

/** Keeps entries from being made by hand: only this file can name it. */
const MADE: unique symbol = Symbol('made by entry');

/** An entry of the journal, as {@link entry} makes it. */
export interface JournalEntry {
  readonly [MADE]: true;
  readonly kind: JournalKind;
  readonly particulars: JournalRecord['particulars'];
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly agreementId: string | null;
  readonly version: number | null;
  readonly at: number;
  readonly recordedAt: number;
  readonly actor: string;
}

/**
 * Makes an entry of the journal. What it is not about is left out: a change of a team is about no contact.
 *
 * @example entry('kept_open', { because: 'no demo' }, { at: 0, by: 'scoring' }).contactId // null
 */
export function entry<Kind extends JournalKind>(
  kind: Kind,
  particulars: Particulars<Kind>,
  about: About,
): JournalEntry {
  const { contactId = null, episodeId = null, agreementId = null, version = null, at, by } = about;
  const { recordedAt = at } = about;
  return {
    [MADE]: true,
    kind,
    particulars,
    contactId,
    episodeId,
    agreementId,
    version,
    at,
    recordedAt,
    actor: by,
  };
}

/**
 * Reads what a stored entry says, leniently: particulars of another shape are read as far as they go. Null for a kind
 * that this version does not write.
 *
 * @example readRecord({ kind: 'kept_open', particulars: 7 }) // { kind: 'kept_open', particulars: { because: '' } }
 */
export function readRecord(stored: {
  readonly kind: string;
  readonly particulars: unknown;
}): JournalRecord | null {
  return journalRecord.safeParse(stored).data ?? null;
}

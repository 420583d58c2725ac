import { valueAt } from '../condition/reading.ts';
import { capital, nameWords } from '../condition/words.ts';
import { quote } from '../problem.ts';
import { manyLines, oneLine } from '../text/safe.ts';
import { parseInstant } from '../time/instant.ts';
import { timeWords } from '../time/zone.ts';
import { unreachable } from '../unreachable.ts';
import { clockLines } from './clockwords.ts';
import { answeredWords, opportunityWords } from './dealwords.ts';
import { type JournalKind, type JournalRecord, type Particulars, readRecord } from './journal.ts';
import { letterWords } from './letterwords.ts';
import { SHOWN_AS } from './shown.ts';
import { MAX_DETAIL, MAX_TITLE, shown, type TimelineWords } from './timeline.ts';
import { dayLine, nurtureWords } from './trackwords.ts';

/**
 * Says a journal entry: its kind as the timeline names it, and what its particulars tell. Particulars that an earlier
 * version stored in another shape are told as far as they go; a kind that this version does not write is an `other`,
 * shown by its name, with its note.
 *
 * @example journalWords({ kind: 'assigned', particulars: { owner: 'Ann' } }).title // 'Given to Ann'
 * @example journalWords({ kind: 'gone_away', particulars: {} }).title // 'gone away'
 */
export function journalWords(stored: {
  readonly kind: string;
  readonly particulars: unknown;
}): TimelineWords & { readonly kind: string } {
  const record = readRecord(stored);
  const [title, ...details] = record === null ? unknownWords(stored) : recordWords(record);
  const detail = manyLines(details.filter(part => part !== null).join('\n'), MAX_DETAIL);
  return {
    kind: record === null ? 'other' : SHOWN_AS[record.kind],
    title: oneLine(title, MAX_TITLE),
    detail: detail === '' ? null : detail,
  };
}

/** A title, and lines below it; null means that there is no line. */
type Lines = readonly [string, ...(string | null)[]];

function unknownWords({
  kind,
  particulars,
}: {
  readonly kind: string;
  readonly particulars: unknown;
}): Lines {
  return [
    oneLine(kind.replaceAll('_', ' '), MAX_TITLE) || 'Something happened',
    shown(valueAt(particulars, ['note'])),
  ];
}

function recordWords(record: JournalRecord): Lines {
  switch (record.kind) {
    case 'handoff':
      return handoffWords(record.particulars);
    case 'assigned':
      return [`Given to ${ownerOf(record, 'somebody else')}`, shown(record.particulars.because)];
    case 'reassigned':
      return [`Given to ${ownerOf(record, 'somebody else')}`, shown(record.particulars.note)];
    case 'taken_over':
      return [`Taken over by ${ownerOf(record, 'somebody')}`, shown(record.particulars.note)];
    case 'handed_back':
      return ['Handed back by its owner', shown(record.particulars.note)];
    case 'owner_left':
      return [`${ownerOf(record, 'Its owner')} may no longer work leads; the lead waits for somebody else`];
    case 'taken_away':
    case 'clock_paused':
    case 'clock_resumed':
    case 'clock_missed':
    case 'reminded':
      return clockLines(record);
    case 'exception_taken':
      return [`${ownerOf(record, 'Somebody')} looks after what holds it up`];
    case 'kept_open':
      return ['The lead no longer qualifies; the handoff stays open', shown(record.particulars.because)];
    case 'closed':
      return [`Closed: ${reasonOf(record) ?? 'disqualified'}`, shown(record.particulars.sentence)];
    case 'accepted':
    case 'rejected':
    case 'recycled':
    case 'reopened':
    case 'handled':
      return decisionWords(record);
    case 'requalified':
      return ['A new handoff was opened by hand', shown(record.particulars.note)];
    case 'woken':
    case 'wakeup_moved':
    case 'nurture_entered':
    case 'nurture_step':
    case 'nurture_left':
      return nurtureWords(record);
    case 'outcome':
      return [
        `Outcome: ${shown(record.particulars.type) ?? 'unknown'}`,
        reasonOf(record),
        shown(record.particulars.note),
      ];
    case 'answered':
      return answeredWords(record.particulars);
    case 'opportunity':
      return opportunityWords(record.particulars);
    case 'snoozed':
      return [snoozedWords(record.particulars), shown(record.particulars.note)];
    case 'unsnoozed':
      return ['Back in the queue before its time'];
    case 'activity':
      return activityWords(record.particulars);
    case 'alert':
      return [`Alert: ${shown(record.particulars.label) ?? 'sent'}`, shown(record.particulars.text)];
    case 'letter_sent':
    case 'letter_refused':
    case 'outreach_announced':
    case 'opted_out':
    case 'mail_wanted':
    case 'mail_bounced':
    case 'bounce_taken_back':
      return letterWords(record);
    case 'merged':
    case 'unmerged':
    case 'kept_apart':
    case 'apart_taken_back':
      return mergeWords(record);
    case 'company_parted':
      return [
        'Taken out of a company that it was not of',
        `The group id ${quote(record.particulars.group)} stood for different companies`,
      ];
    case 'corrected':
      return correctedWords(record.particulars);
    case 'contact_added':
      return ['Added by hand'];
    case 'reclassed':
      return reclassWords(record.particulars);
    case 'call_replayed':
      return replayWords(record.particulars);
    default:
      return settingWords(record);
  }
}

/** The records of these kinds. */
type RecordOf<Kind extends JournalKind> = Extract<JournalRecord, { readonly kind: Kind }>;

function handoffWords({ owner, sentence, pathLabel, waitingFor, because }: Particulars<'handoff'>): Lines {
  const name = shown(owner);
  return [
    name === null ? 'Handed over; nobody owns it yet' : `Handed over to ${name}`,
    shown(sentence) ?? shown(pathLabel),
    shown(waitingFor) ?? shown(because),
  ];
}

const DECISION_WORDS = {
  accepted: 'Accepted by sales',
  rejected: 'Rejected by sales',
  recycled: 'Recycled',
  reopened: 'Decision taken back',
  handled: 'Done with, by a team that is not sales',
} as const;

function decisionWords(record: RecordOf<keyof typeof DECISION_WORDS>): Lines {
  const reason = reasonOf(record);
  return [
    `${DECISION_WORDS[record.kind]}${reason === null ? '' : `: ${reason}`}`,
    dayLine('To be looked at again on', record.particulars.until ?? null),
    whoseWords(record.particulars.decidedBy ?? null),
    shown(record.particulars.note),
  ];
}

function whoseWords(name: string | null): string | null {
  const who = shown(name);
  return who === null ? null : `It was ${who}’s`;
}

const ACTIVITY_WORDS: ReadonlyMap<string, string> = new Map([
  ['call', 'Call'],
  ['email', 'E-mail'],
  ['meeting', 'Meeting'],
  ['message', 'Message'],
  ['note', 'Note'],
  ['touch', 'Touch'],
]);

function activityWords({ activity, note, outcome, automated }: Particulars<'activity'>): Lines {
  const kind = shown(activity) ?? 'note';
  const came = outcome === undefined ? null : shown(outcome);
  const title = ACTIVITY_WORDS.get(kind) ?? kind;
  return [
    came === null ? title : `${title}: ${came.replaceAll('_', ' ')}`,
    shown(note),
    automated === true ? 'A program did it of itself; it does not count as a touch' : null,
  ];
}

function snoozedWords({ until }: Particulars<'snoozed'>): string {
  const at = parseInstant(until);
  return at === null ? 'Snoozed' : `Snoozed until ${timeWords(at)}`;
}

function mergeWords(record: RecordOf<'merged' | 'unmerged' | 'kept_apart' | 'apart_taken_back'>): Lines {
  switch (record.kind) {
    case 'merged':
      return ['Joined with another contact', shown(record.particulars.because)];
    case 'unmerged':
      return ['A merge was undone: two contacts again'];
    case 'kept_apart':
      return ['Kept apart from a contact that resembles this one', shown(record.particulars.note)];
    case 'apart_taken_back':
      return ['Up for review again with a contact that resembles this one'];
    default:
      return unreachable(record);
  }
}

function correctedWords({ fields }: Particulars<'corrected'>): Lines {
  const lines = fields.map(({ field, before: was, after }) => {
    const name = field === 'email' ? 'E-mail' : capital(nameWords(field));
    return `${name}: ${shown(was) ?? 'unknown'} → ${shown(after) ?? 'unknown'}`;
  });
  return ['Corrected by hand', ...lines];
}

function reclassWords({ event, machine, note }: Particulars<'reclassed'>): Lines {
  const maker = machine ? 'machine' : 'person';
  return [`“${shown(event) ?? 'An event'}” counts as made by a ${maker}`, shown(note)];
}

function replayWords({ because, isMended, trust }: Particulars<'call_replayed'>): Lines {
  return [
    `A rejected call was ${isMended ? 'corrected and ' : ''}taken in`,
    shown(because),
    `Believed as a ${trust} key is`,
  ];
}

/** What is about no lead. */
type SettingKind =
  | 'team_changed'
  | 'availability_changed'
  | 'agreement_activated'
  | 'user_added'
  | 'user_changed'
  | 'password_reset'
  | 'user_invited'
  | 'password_chosen'
  | 'key_added'
  | 'key_revoked'
  | 'permissions_changed'
  | 'review_entry'
  | 'intake_changed'
  | 'webhook_added'
  | 'webhook_changed'
  | 'webhook_deleted';

function settingWords(record: RecordOf<SettingKind>): Lines {
  switch (record.kind) {
    case 'team_changed':
      return [`The team ${nameIn(record.particulars.label)} was changed`];
    case 'availability_changed':
      return availabilityWords(record.particulars);
    case 'agreement_activated':
      return activationWords(record.particulars);
    case 'user_added':
      return [`${nameIn(record.particulars.name)} was added`, roleWords(record.particulars.role)];
    case 'user_changed':
      return userWords(record.particulars);
    case 'password_reset':
      return [`${nameIn(record.particulars.name)} got a new password`];
    case 'user_invited':
      return [
        `${nameIn(record.particulars.name)} was invited`,
        record.particulars.isMailed ? 'By mail' : 'By a link to pass on',
      ];
    case 'password_chosen':
      return [`${nameIn(record.particulars.name)} chose a password by a link`];
    case 'key_added':
      return [`The key ${nameIn(record.particulars.name)} was made`, roleWords(record.particulars.role)];
    case 'key_revoked':
      return [`The key ${nameIn(record.particulars.name)} was revoked`];
    case 'permissions_changed':
      return permissionWords(record.particulars);
    case 'review_entry': {
      const { entry, change, review, key, text } = record.particulars;
      return [
        `A ${entry === 'todo' ? 'to-do' : entry} of the ${review} review ${key} was ${change}`,
        shown(text),
      ];
    }
    case 'intake_changed':
      return intakeWords(record.particulars);
    case 'webhook_added':
      return [`A webhook to ${nameIn(record.particulars.host)} was added`];
    case 'webhook_changed':
      return [`The webhook to ${nameIn(record.particulars.host)} ${CHANGE_WORDS[record.particulars.change]}`];
    case 'webhook_deleted':
      return [`The webhook to ${nameIn(record.particulars.host)} was deleted`];
    default:
      return unreachable(record);
  }
}

const CHANGE_WORDS = {
  settings: 'was changed',
  on: 'was switched on',
  off: 'was switched off',
  secret: 'got a new secret',
} as const;

function nameIn(name: string): string {
  return shown(name) ?? '(without a name)';
}

function roleWords(role: string | null): string | null {
  const name = shown(role);
  return name === null ? null : `Role: ${name}`;
}

/** The permissions by the names under which they are kept, in words that follow “may”. */
const PERMISSION_WORDS: ReadonlyMap<string, string> = new Map([
  ['reviewDuplicates', 'merge possible duplicates and keep them apart'],
  ['classEvents', 'say whether a machine made an event'],
  ['replayCalls', 'take rejected calls in again'],
]);

function permissionWords({ given, taken }: Particulars<'permissions_changed'>): Lines {
  const wordsOf = (name: string) => PERMISSION_WORDS.get(name) ?? nameIn(name);
  return [
    'What marketing may do was changed',
    ...given.map(name => `Marketing may ${wordsOf(name)}`),
    ...taken.map(name => `Marketing may no longer ${wordsOf(name)}`),
  ];
}

function intakeWords({ oldestYears, before, added, removed }: Particulars<'intake_changed'>): Lines {
  return [
    'The settings of incoming calls were changed',
    oldestYears === before ? null : `Calls may lie ${oldestYears} years back, before ${before}`,
    ...added.map(what => `Added: ${nameIn(what)}`),
    ...removed.map(what => `Removed: ${nameIn(what)}`),
  ];
}

function userWords({ name, role, active, before }: Particulars<'user_changed'>): Lines {
  const isRenamed = before !== null && before.name !== name;
  return [
    `${nameIn(name)} was changed`,
    isRenamed ? `Name: ${nameIn(before.name)} to ${nameIn(name)}` : null,
    before !== null && before.role !== role ? `Role: ${nameIn(before.role)} to ${nameIn(role)}` : null,
    before === null || before.active === active
      ? null
      : active
        ? 'May sign in again'
        : 'May no longer sign in',
  ];
}

function availabilityWords({
  timeOff,
  timeOffTakenBack,
  paused,
  pausedNote,
}: Particulars<'availability_changed'>): Lines {
  const off = timeOff ?? timeOffTakenBack ?? null;
  if (off !== null)
    return [
      timeOff === off ? 'Time off was added' : 'Time off was taken back',
      shown(`${off.from} to ${off.to}`),
    ];
  if (paused === true) return ['Somebody was taken out of routing', shown(pausedNote)];
  return ['The working time of somebody was changed'];
}

function activationWords({ name, version, before, handsOver }: Particulars<'agreement_activated'>): Lines {
  return [
    `Version ${version} of “${shown(name) ?? 'the agreement'}” was activated`,
    before === null ? 'No version was active before' : `Version ${before} was active before`,
    handsOver ? 'The contacts that it makes qualify are handed over' : null,
  ];
}

function ownerOf(
  { particulars }: { readonly particulars: { readonly owner: string | null } },
  otherwise: string,
): string {
  return shown(particulars.owner) ?? otherwise;
}

function reasonOf({
  particulars,
}: {
  readonly particulars: { readonly reason: string | null; readonly reasonLabel: string | null };
}): string | null {
  return shown(particulars.reasonLabel) ?? shown(particulars.reason);
}

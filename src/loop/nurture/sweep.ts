import type { Exit } from '../../core/contact/exit.ts';
import { groupBy } from '../../core/contact/group.ts';
import { entry } from '../../core/contact/journal.ts';
import { refusalWords } from '../../core/letter/refusal.ts';
import { type DueStep, findTrack, stepAfter } from '../../core/nurture/track.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import {
  addNurtureSteps,
  advanceNurture,
  type EnrolmentRow,
  findDueNurture,
  saveNurtureLetters,
  takeDueNurture,
} from '../../db/nurture/nurture.ts';
import { agreementOf, type RunningAgreement } from '../agreement/active.ts';
import { type HookEvent, promiseEvents } from '../alert/hook.ts';
import { type App, announceContacts } from '../app.ts';
import { promiseLetters } from '../letter/promise.ts';
import { sweepBatch } from '../sweep.ts';
import { leaveTracks } from './track.ts';

/** How many leads one sweep takes a step further: each of them may be a mail to render. */
const STEP_BATCH = 50;

/**
 * Does the steps of tracks whose time has come, one bounded batch; returns how many. A step is noted before it is done, in the
 * same transaction, so that no restart and no other server does it again. Where a server was away, steps wait: the next one
 * counts from when this one was done.
 */
export async function sweepNurture(app: App, now: number): Promise<number> {
  const done = await sweepBatch(
    app,
    {
      name: 'nurture steps',
      isOfContacts: false,
      find: but => findDueNurture(app.db, { now, limit: STEP_BATCH, but }),
      work: (sql, ids) => doSteps(sql, app, ids, { now, doneAt: () => now }),
    },
    now,
  );
  const contactIds = done.flat();
  announceContacts(app.hub, [...new Set(contactIds)]);
  return contactIds.length;
}

/** An enrolment whose step is due, with the version of its episode. */
interface Due {
  readonly row: EnrolmentRow;
  readonly running: RunningAgreement;
  /** When the step counts as done, epoch ms. */
  readonly at: number;
  /** Null where the track has no such step, as a track that was made for another version. */
  readonly step: DueStep | null;
}

/**
 * Does the steps of enrolments that are due by `now`, in the caller's transaction; returns their contacts. `doneAt` says when a
 * step counts as done by when it was due: a history that is only now written down is done at its own times. Epoch ms.
 */
export async function doSteps(
  sql: Sql,
  app: App,
  ids: readonly string[],
  { now, doneAt }: { readonly now: number; readonly doneAt: (dueAt: number) => number },
): Promise<readonly string[]> {
  const rows = await takeDueNurture(sql, ids, now);
  const due: Due[] = [];
  for (const row of rows) {
    const running = await agreementOf(sql, app.db, { id: row.agreement_id, version: row.version });
    const track = findTrack(running.program.agreement, row.track);
    const at = doneAt(row.next_step_at);
    due.push({ row, running, at, step: track === null ? null : stepAfter(track, row.next_step, at) });
  }
  const noted = await addNurtureSteps(
    sql,
    due.flatMap(({ row, at, step }) =>
      step === null ? [] : [{ nurtureId: row.id, step: step.step, at, kind: step.kind, name: step.name }],
    ),
  );
  const mine = due.flatMap(({ step, ...one }) =>
    step === null || !noted.has(one.row.id) ? [] : [{ ...one, step }],
  );
  await promiseEvents(sql, mine.flatMap(hookOf));
  const refused = await promiseAll(sql, app, mine);
  await addJournal(
    sql,
    due.filter(({ row }) => noted.has(row.id)).flatMap(one => entryOf(one, refused)),
  );
  const next = due.map(({ row, running, at }) => {
    const track = findTrack(running.program.agreement, row.track);
    return { row, at, next: track === null ? null : stepAfter(track, row.next_step + 1, at) };
  });
  await advanceNurture(
    sql,
    next.flatMap(({ row, next: step }) =>
      step === null || refused.has(row.id) ? [] : [{ id: row.id, step: step.step, at: step.at }],
    ),
  );
  const leaving = next.flatMap(
    ({ row, at, next: step }): readonly ({ readonly id: string; readonly at: number } & Exit)[] => {
      const why = refused.get(row.id);
      if (why !== undefined) return [{ id: row.id, at, because: 'refused', note: why }];
      return step === null ? [{ id: row.id, at, because: 'finished', note: null }] : [];
    },
  );
  for (const [at, together] of groupBy(leaving, one => one.at))
    await leaveTracks(sql, together, { actor: 'nurture', now: at });
  return rows.map(row => row.contact_id);
}

/** A step to be done now. */
interface Doable extends Due {
  readonly step: DueStep;
}

function hookOf({ row, at, step }: Doable): readonly HookEvent[] {
  if (step.kind !== 'webhook') return [];
  const data = { name: step.name, track: row.track, trackLabel: row.track_label, step: step.step };
  return [{ type: 'nurture.step', at, contactId: row.contact_id, episodeId: row.episode_id, data }];
}

/** Promises the mails of steps, all at once; returns why some are refused for good, by enrolment. */
async function promiseAll(
  sql: Sql,
  app: App,
  steps: readonly Doable[],
): Promise<ReadonlyMap<string, string>> {
  const mails = steps.flatMap(one =>
    one.step.kind !== 'email' || one.step.name === null ? [] : [{ ...one, templateId: one.step.name }],
  );
  const answers = await promiseLetters(
    sql,
    app,
    mails.map(({ row, running, at, step, templateId }) => ({
      purpose: 'nurture',
      key: `${row.id} ${step.step}`,
      contactId: row.contact_id,
      episodeId: row.episode_id,
      agreementId: running.id,
      version: running.version,
      entry: row.track,
      templateId,
      from: 'owner',
      ownerId: row.owner_id,
      promisedAt: at,
      notBefore: at,
    })),
  );
  const told = mails.flatMap(({ row, step }, index) => {
    const answer = answers[index];
    if (answer === undefined) return [];
    const refused = answer.kind === 'refused' ? refusalWords(answer.because) : null;
    return [{ nurtureId: row.id, step: step.step, letterId: answer.id, refused }];
  });
  await saveNurtureLetters(sql, told);
  return new Map(told.flatMap(({ nurtureId, refused }) => (refused === null ? [] : [[nurtureId, refused]])));
}

function entryOf({ row, at, step }: Due, refused: ReadonlyMap<string, string>) {
  if (step === null || step.kind === 'wait') return [];
  const about = {
    contactId: row.contact_id,
    episodeId: row.episode_id,
    agreementId: row.agreement_id,
    version: row.version,
    at,
    by: 'nurture',
  };
  const particulars = {
    label: row.track_label,
    step: step.step,
    action: step.kind,
    name: step.name,
    refused: refused.get(row.id) ?? null,
  };
  return [entry('nurture_step', particulars, about)];
}

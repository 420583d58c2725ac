import { sentenceWords } from '../../core/condition/words.ts';
import { topLines } from '../../core/explanation/sentence.ts';
import { reasonWords } from '../../core/routing/reason.ts';
import type { Grounds } from '../../core/scoring/ground.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import type { Notice } from '../alert/notify.ts';
import type { loadRecent } from '../alert/recent.ts';
import type { Decider, Decision } from '../routing/decider.ts';
import { type Lead, leadPerson } from '../scoring/lead.ts';

/** A lead that got an owner, or waits for one. */
export interface Handed {
  readonly lead: Lead & { readonly active: RunningAgreement };
  readonly episodeId: string;
  readonly pathLabel: string;
  readonly sentence: string;
  /** What the sentence rests on; null where only its words were kept. */
  readonly grounds: Grounds | null;
  readonly decision: Decision;
  readonly firstTouchDueAt: number | null;
}

/** Tells the owner that a lead is theirs, or those who watch the queue and who must deal with it that it waits. */
export function noticeOf(
  { lead, episodeId, pathLabel, sentence, grounds, decision, firstTouchDueAt }: Handed,
  told: { readonly decider: Decider; readonly recent: Awaited<ReturnType<typeof loadRecent>> },
): Notice {
  const { row, score, source, now } = lead;
  const { owner, team, why } = decision.assignment;
  const { staff } = told.decider;
  const watchers = [staff.steward(team), ...staff.watchers(team)];
  const recipients = owner === null ? watchers : [owner];
  return {
    to: [...new Set(recipients.flatMap(person => person?.id ?? []))],
    at: now,
    label: owner === null ? 'A lead waits for an owner' : 'New lead',
    payload: {
      kind: owner === null ? 'waiting' : 'handoff',
      episodeId,
      contactId: row.id,
      lead: leadPerson({ row }),
      sentence,
      ...(grounds === null ? {} : { grounds }),
      ...(owner !== null || why === null
        ? {}
        : {
            nextStep: `${sentenceWords(reasonWords(why, 'short'))} Find it an owner, or mend what stands in the way.`,
          }),
      lines: topLines(score.lines).map(line => ({
        label: line.label,
        points: line.points,
        ...(line.count === null ? {} : { count: line.count }),
      })),
      total: score.total,
      grade: score.grade,
      pathLabel,
      ownerName: owner?.name ?? null,
      dueAt: firstTouchDueAt,
      dueKind: firstTouchDueAt === null ? null : 'firstTouch',
      source,
      recent: told.recent.get(row.id) ?? [],
    },
  };
}

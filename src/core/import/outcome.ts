import type { Agreement } from '../agreement/agreement.ts';
import type { EpisodeState } from '../contact/episode.ts';
import { applyOutcome } from '../decision/decision.ts';
import { normaliseText } from '../text/normalise.ts';
import { formatInstant } from '../time/instant.ts';
import { OUTCOME_TYPES, type OutcomeLine } from './line.ts';

/** An episode while history is told of it; times in epoch ms. */
export interface ToldEpisode {
  readonly id: string;
  readonly handedOffAt: number;
  /** Whether the history itself opened it. */
  readonly isNew: boolean;
  state: EpisodeState;
  decision: 'accepted' | 'rejected' | null;
  decidedAt: number | null;
  decidedBy: string | null;
  firstTouchAt: number | null;
  endedAt: number | null;
  reason: string | null;
  reasonLabel: string | null;
  note: string | null;
  requalifyAt: number | null;
  opportunityAt: number | null;
  amount: number | null;
  currency: string | null;
  source: string | null;
  campaign: string | null;
  content: string | null;
  /** The owner as the history names one; null where it names none. */
  owner: string | null;
}

/** One line of a contact's history, with the line of the file it came from. */
export interface OutcomeRow {
  readonly line: number;
  readonly outcome: OutcomeLine;
}

/** One thing that the history made of an episode. */
export interface ToldStep {
  readonly row: OutcomeRow;
  readonly episode: ToldEpisode;
}

/** What a history makes of a contact's episodes; `refused` rows change nothing and say why. */
export interface OutcomeReading {
  readonly episodes: readonly ToldEpisode[];
  readonly steps: readonly ToldStep[];
  readonly refused: readonly { readonly row: OutcomeRow; readonly reason: string }[];
}

/**
 * Tells one contact's outcomes, in the order in which they happened, onto the episodes that are known. A handoff opens
 * an episode; anything else belongs to the latest one open at that time, or opens one. Refused: what the state of the
 * episode forbids, a handoff while another is open, and one that never ends although a later one is open.
 */
export function tellOutcomes(
  rows: readonly OutcomeRow[],
  known: readonly ToldEpisode[],
  by: { readonly agreement: Agreement; readonly newId: () => string; readonly now: number },
): OutcomeReading {
  const episodes = known.map(episode => ({ ...episode }));
  const steps: ToldStep[] = [];
  const refused: { row: OutcomeRow; reason: string }[] = [];
  for (const row of [...rows].sort(byHappening)) {
    const { type, at } = row.outcome;
    const current = latest(episodes.filter(episode => isOpenAt(episode, at)));
    const reason =
      at > by.now
        ? `at: ${formatInstant(at)} lies in the future`
        : type === 'handoff' && current !== null
          ? `the contact was handed over already on ${formatInstant(current.handedOffAt)}, and that handoff was still open`
          : null;
    if (reason !== null) {
      refused.push({ row, reason });
      continue;
    }
    const episode = current ?? openEpisode(by.newId(), at);
    const forbidden = tell(row.outcome, episode, by.agreement);
    if (forbidden !== null) {
      refused.push({ row, reason: forbidden });
      continue;
    }
    if (current === null) episodes.push(episode);
    steps.push({ row, episode });
  }
  return withoutLoose({ episodes, steps, refused });
}

function byHappening(a: OutcomeRow, b: OutcomeRow): number {
  const order = ({ outcome }: OutcomeRow) => OUTCOME_TYPES.indexOf(outcome.type);
  return a.outcome.at - b.outcome.at || order(a) - order(b) || a.line - b.line;
}

function isOpenAt({ handedOffAt, endedAt }: ToldEpisode, at: number): boolean {
  return handedOffAt <= at && (endedAt === null || endedAt > at);
}

function latest(episodes: readonly ToldEpisode[]): ToldEpisode | null {
  return episodes.reduce<ToldEpisode | null>(
    (last, next) => (last === null || next.handedOffAt > last.handedOffAt ? next : last),
    null,
  );
}

function openEpisode(id: string, handedOffAt: number): ToldEpisode {
  return {
    id,
    handedOffAt,
    isNew: true,
    state: 'open',
    decision: null,
    decidedAt: null,
    decidedBy: null,
    firstTouchAt: null,
    endedAt: null,
    reason: null,
    reasonLabel: null,
    note: null,
    requalifyAt: null,
    opportunityAt: null,
    amount: null,
    currency: null,
    source: null,
    campaign: null,
    content: null,
    owner: null,
  };
}

/** Tells one outcome onto an episode; answers why it cannot be. */
function tell(outcome: OutcomeLine, episode: ToldEpisode, agreement: Agreement): string | null {
  const { type, at } = outcome;
  if (type === 'touch') episode.firstTouchAt = Math.min(episode.firstTouchAt ?? at, at);
  if (type !== 'handoff' && type !== 'touch') {
    const next = applyOutcome(episode.state, type);
    if (next === null) {
      const since = formatInstant(episode.handedOffAt);
      return `${type}: the lead handed over on ${since} is ${episode.state} already`;
    }
    const reason = findReason(agreement, outcome.reason);
    const isFinal = type === 'rejected' && (reason?.then === 'disqualify' || reason?.then === 'merge');
    episode.state = isFinal ? 'disqualified' : next.state;
    episode.endedAt = next.ends ? at : null;
    if (type === 'opportunity') episode.opportunityAt ??= at;
    const isNo = type === 'rejected' || type === 'recycled';
    if (episode.decision === null) {
      // An opportunity, a win or a loss says that sales took the lead on, whether or not it said so before.
      episode.decision = isNo ? 'rejected' : 'accepted';
      episode.decidedAt = at;
      episode.decidedBy = outcome.owner ?? episode.owner;
      episode.firstTouchAt ??= at;
    }
    if (outcome.reason !== null) {
      episode.reason = reason?.id ?? outcome.reason;
      episode.reasonLabel = reason?.label ?? outcome.reason;
    }
    if (next.ends && type !== 'won' && !isFinal) episode.requalifyAt = at + (reason?.wait ?? 0);
  }
  episode.owner = outcome.owner ?? episode.owner;
  episode.note = outcome.note ?? episode.note;
  episode.amount = outcome.amount ?? episode.amount;
  episode.currency = outcome.currency ?? episode.currency;
  episode.source = outcome.source ?? episode.source;
  episode.campaign = outcome.campaign ?? episode.campaign;
  episode.content = outcome.content ?? episode.content;
  return null;
}

/** The agreement's reason that another system's word means: the same id or label; null when it has none. */
function findReason(agreement: Agreement, word: string | null) {
  if (word === null) return null;
  const wanted = normaliseText(word);
  const reasons = agreement.practice.reasons ?? [];
  const named = (name: string | undefined) => name !== undefined && normaliseText(name) === wanted;
  const found = reasons.find(({ id }) => named(id)) ?? reasons.find(({ label }) => named(label));
  return found === undefined ? null : { ...found, label: found.label ?? found.id };
}

/** Takes back new handoffs that never end although a later one is open: a contact has one open episode at most. */
function withoutLoose(history: OutcomeReading): OutcomeReading {
  const open = history.episodes.filter(({ endedAt }) => endedAt === null);
  const last = latest(open);
  const loose = new Set(open.filter(episode => episode !== last && episode.isNew));
  if (loose.size === 0 || last === null) return history;
  const reason = `the contact was handed over again on ${formatInstant(last.handedOffAt)}, and nothing says how the handoff before it ended`;
  return {
    episodes: history.episodes.filter(episode => !loose.has(episode)),
    steps: history.steps.filter(({ episode }) => !loose.has(episode)),
    refused: [
      ...history.refused,
      ...history.steps.flatMap(({ row, episode }) => (loose.has(episode) ? [{ row, reason }] : [])),
    ],
  };
}

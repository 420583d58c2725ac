import { timeWords } from '../time/zone.ts';
import type { Clock } from './clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/**
 * A span of working time in words, at most two units, rounded up to a minute: what is left never reads as nothing.
 *
 * @example leftWords(7_800_000) // '2 h 10 min'
 * @example leftWords(2_100_000) // '35 min'
 */
export function leftWords(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE_MS));
  const hours = Math.floor(minutes / HOUR_MINUTES);
  const rest = minutes % HOUR_MINUTES;
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/**
 * How a clock stands, in words that follow its name: `zone` is the reader's.
 *
 * @example stateWords({ kind: 'decision', startedAt: 0, dueAt: 9e5, state: 'missed', stoppedAt: null, lateMs: 7_800_000, workedMs: 0, totalMs: 0, reminders: [], pausedUntil: null, pauseReason: null }, 'UTC') // 'missed by 2 h 10 min of working time so far'
 */
export function stateWords(clock: Clock, zone: string): string {
  const { state, stoppedAt, lateMs, workedMs, totalMs, pausedUntil, pauseReason } = clock;
  switch (state) {
    case 'kept':
      return `made in ${leftWords(workedMs)} of working time`;
    case 'missed':
      if (lateMs === null || lateMs === 0) return 'missed';
      return `missed by ${leftWords(lateMs)} of working time${stoppedAt === null ? ' so far' : ''}`;
    case 'paused':
      return `paused until ${timeWords(pausedUntil ?? clock.dueAt, zone)}: ${pauseReason ?? ''}`;
    default:
      return `due in ${leftWords(totalMs - workedMs)} of working time`;
  }
}

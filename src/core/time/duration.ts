/** The length of a day of 24 hours, in milliseconds. */
export const DAY_MS = 86_400_000;

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 604_800_000 } as const;

/** The longest duration an agreement may name: ten years of 365 days, in milliseconds. */
const MAX_DURATION_MS = 3650 * UNIT_MS.d;

const DURATION = /^([1-9]\d{0,9})([smhdw])$/;

/**
 * Reads a duration such as `15m`, `30d` or `2w` into milliseconds; null when it is not a duration or is over
 * ten years.
 *
 * @example parseDuration('2w') // 1209600000
 * @example parseDuration('0d') // null
 */
export function parseDuration(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  const unitMs = unitOf(unit);
  if (count === undefined || unitMs === null) return null;
  const ms = Number(count) * unitMs;
  return ms <= MAX_DURATION_MS ? ms : null;
}

function unitOf(unit: string | undefined): number | null {
  switch (unit) {
    case 's':
    case 'm':
    case 'h':
    case 'd':
    case 'w':
      return UNIT_MS[unit];
    default:
      return null;
  }
}

import { fairsUntil, nearestOccasion, nextOccasion, type Source, webinarsUntil } from './campaign.ts';
import type { Chance } from './chance.ts';
import type { Place } from './place.ts';
import { DAY, daysLater, drawArrival, HOUR, officeMoment } from './rhythm.ts';

/** What decides when somebody comes for the first time. */
interface Coming {
  readonly source: Source;
  readonly place: Place;
  readonly now: number;
  readonly chance: Chance;
}

/**
 * Draws somebody's first moment. Webinar leads sign up in the ten days before one, fair leads are scanned at the
 * stand; everybody else comes as busy days have it.
 */
export function arrive(coming: Coming): number {
  const { source, place, now, chance } = coming;
  const at = drawArrival(place, now, chance);
  if (source === 'webinar') {
    const webinar = nextOccasion(at, webinarsUntil(now));
    const signUpAt = officeMoment(webinar.at - chance.between(1, 10) * DAY, place, chance);
    return signUpAt < now - HOUR ? signUpAt : at;
  }
  if (source === 'event')
    return Math.round(nearestOccasion(at, fairsUntil(now)).at + chance.between(0, 7) * HOUR);
  return at;
}

/** When a colleague of somebody follows: mostly within the month. Null when that is still to come. */
export function follow(firstAt: number, coming: Coming): number | null {
  const { source, place, now, chance } = coming;
  if (source === 'webinar' || source === 'event') return arrive(coming);
  const at = daysLater(firstAt, chance.skewed({ median: 14, spread: 1 }), { place, chance });
  return at < now - HOUR ? at : null;
}

import { fairsUntil, nearestOccasion, nextOccasion, type Source, webinarsUntil } from './campaign.ts';
import type { Filled } from './chance.ts';
import { type Diary, type Move, makeDiary } from './diary.ts';
import { type Kind, LOOKING, pursue, type Start } from './pursuit.ts';
import { DAY, daysLater, HOUR, MINUTE } from './rhythm.ts';
import type { PageName } from './site.ts';

/** How each source's leads behave: partners send people who ask, social adverts people who read one paper. */
export const KINDS: Record<Source, Filled<readonly [Kind, number]>> = {
  organic: mix(13, 13, 13, 28, 33),
  paid_search: mix(15, 14, 9, 26, 36),
  paid_social: mix(5, 8, 8, 49, 30),
  webinar: mix(7, 5, 21, 67, 0),
  partner: mix(33, 10, 19, 23, 15),
  outbound: mix(9, 4, 15, 34, 38),
  event: mix(11, 6, 15, 46, 22),
};

/** Weights of hand raisers, trials, research, learners and visitors. */
function mix(...weights: readonly [number, number, number, number, number]): Filled<readonly [Kind, number]> {
  const [handRaiser, trial, research, learner, visitor] = weights;
  return [
    ['hand_raiser', handRaiser],
    ['trial', trial],
    ['research', research],
    ['learner', learner],
    ['visitor', visitor],
  ];
}

/** What somebody does, in no order; moves may lie after `now`. `hotAt` is when interest peaked. */
export interface Journey {
  readonly moves: readonly Move[];
  readonly hotAt: number;
}

/** Draws a whole journey, from the first visit to the last. */
export function drawJourney(start: Start): Journey {
  const diary = makeDiary(start.chance, start.campaign);
  const knownAt = enter(diary, start);
  const hotAt = pursue(diary, start, knownAt);
  if (start.seeksJob)
    diary.visit(daysLater(start.arriveAt, start.chance.between(0, 6), start), [
      'careers',
      'careers',
      'about',
    ]);
  readMail(diary, start, knownAt);
  return { moves: diary.moves, hotAt };
}

const LANDING: Filled<PageName> = ['home', 'product', 'blog', 'scenarios'];

/** The first contact, by source. Answers when something happened last; only some sources know the person by then. */
function enter(diary: Diary, start: Start): number {
  const { arriveAt, source, chance } = start;
  switch (source) {
    case 'webinar':
      return enterByWebinar(diary, start);
    case 'event':
      diary.identify(arriveAt, 'server');
      diary.track(arriveAt + MINUTE, 'Badge Scanned', {
        event: nearestOccasion(arriveAt, fairsUntil(start.now)).name,
      });
      return arriveAt + MINUTE;
    case 'outbound': {
      diary.identify(arriveAt, 'server');
      const clickAt = daysLater(arriveAt, chance.between(1, 9), start);
      diary.track(clickAt, 'Email Clicked', { campaign: start.campaign?.name ?? '', link: '/product' });
      return diary.visit(clickAt + 4_000, chance.some(['product', ...LOOKING], 2));
    }
    case 'partner':
      if (chance.happens(0.5)) {
        diary.identify(arriveAt, 'server');
        diary.track(arriveAt + MINUTE, 'Partner Referral', { partner: start.campaign?.source ?? '' });
        return arriveAt + MINUTE;
      }
      return diary.visit(arriveAt, chance.some(LANDING, 2));
    default:
      return diary.visit(arriveAt, chance.some(LANDING, chance.whole(1, 4)));
  }
}

function enterByWebinar(diary: Diary, start: Start): number {
  const { arriveAt, chance, now } = start;
  const webinar = nextOccasion(arriveAt, webinarsUntil(now));
  const formAt = diary.visit(arriveAt, ['webinars']) + MINUTE;
  diary.identify(formAt, 'browser');
  diary.track(formAt + 1_000, 'Webinar Registered', { webinar: webinar.name });
  if (webinar.at < formAt || !chance.happens(0.52)) return formAt + 1_000;
  diary.track(webinar.at + chance.whole(0, 12) * MINUTE, 'Webinar Attended', {
    webinar: webinar.name,
    minutes: chance.whole(9, 58),
  });
  return webinar.at + HOUR;
}

/** The monthly newsletter: one in five gets a click, and now and then somebody has enough of it. */
function readMail(diary: Diary, start: Start, after: number): void {
  const { chance, now } = start;
  let sentAt = after + chance.between(5, 30) * DAY;
  for (let month = 0; month < 6 && sentAt < now; month++, sentAt += 30 * DAY) {
    if (chance.happens(0.012)) {
      diary.track(Math.round(sentAt + HOUR), 'Unsubscribed', { list: 'newsletter' });
      return;
    }
    const at = daysLater(sentAt, chance.between(0.5, 3), start);
    if (chance.happens(0.2)) {
      diary.track(at, 'Email Clicked', { campaign: `newsletter-${month + 1}`, link: '/blog' });
      if (chance.happens(0.5)) diary.visit(at + 3_000, ['blog']);
    }
    diary.deliver(Math.round(sentAt));
  }
}

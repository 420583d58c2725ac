import { unreachable } from '../../core/unreachable.ts';
import { type Campaign, nextOccasion, type Source, webinarsUntil } from './campaign.ts';
import type { Chance, Filled } from './chance.ts';
import type { Diary } from './diary.ts';
import type { Place } from './place.ts';
import { daysLater, HOUR, MINUTE } from './rhythm.ts';
import type { PageName } from './site.ts';

/** What somebody comes for. The first three mostly end up with sales. */
export type Kind = 'hand_raiser' | 'trial' | 'research' | 'learner' | 'visitor';

/** How somebody's journey starts. */
export interface Start {
  readonly kind: Kind;
  readonly source: Source;
  readonly campaign: Campaign | null;
  readonly arriveAt: number;
  readonly now: number;
  readonly place: Place;
  readonly chance: Chance;
  readonly seeksJob: boolean;
}

/** The pages people read on the way to a decision. */
export const LOOKING: Filled<PageName> = [
  'product',
  'scenarios',
  'integrations',
  'blog',
  'customers',
  'about',
  'docs',
];

/** What follows the first contact; answers when interest peaked. */
export function pursue(diary: Diary, start: Start, after: number): number {
  switch (start.kind) {
    case 'hand_raiser':
      return raiseHand(diary, start, after);
    case 'trial':
      return tryOut(diary, start, after);
    case 'research':
      return research(diary, start, after);
    case 'learner':
      return learn(diary, start, after);
    case 'visitor':
      return lookAround(diary, start, after);
    default:
      return unreachable(start.kind);
  }
}

function raiseHand(diary: Diary, start: Start, after: number): number {
  const { chance } = start;
  let at = after;
  for (let visit = chance.whole(0, 2); visit > 0; visit--) {
    at = diary.visit(
      daysLater(at, chance.skewed({ median: 4, spread: 0.8 }), start),
      chance.some(LOOKING, chance.whole(1, 4)),
    );
  }
  const backAt = daysLater(
    at,
    chance.happens(0.35) ? 0.02 : chance.skewed({ median: 3, spread: 0.9 }),
    start,
  );
  const pages: Filled<PageName> = chance.happens(0.7)
    ? ['pricing', 'customers', 'demo']
    : ['product', 'demo'];
  const hotAt = askForDemo(diary, start, diary.visit(backAt, pages) + 40_000);
  afterwards(diary, start, hotAt);
  return hotAt;
}

function askForDemo(diary: Diary, { chance }: Start, at: number): number {
  diary.identify(at, 'browser');
  const event = chance.happens(0.86) ? 'Demo Requested' : 'Contact Requested';
  diary.track(at + 900, event, { form: 'talk-to-us', interest: chance.pick(INTERESTS) });
  return at + 900;
}

const INTERESTS: Filled<string> = [
  'forecasting',
  'budgeting',
  'headcount planning',
  'demand planning',
  'scenario planning',
];

/** Some look into the details after they asked, and some come back months later. */
function afterwards(diary: Diary, start: Start, hotAt: number): void {
  const { chance } = start;
  if (chance.happens(0.45)) {
    const pages: Filled<PageName> = ['security', 'docs', 'integrations', 'pricing', 'customers'];
    diary.visit(daysLater(hotAt, chance.between(1, 9), start), chance.some(pages, 2));
  }
  if (chance.happens(0.3)) comeBack(diary, start, daysLater(hotAt, chance.between(60, 200), start));
}

function comeBack(diary: Diary, start: Start, at: number): void {
  const doneAt = diary.visit(at, ['pricing', 'customers', 'pricing', 'product']);
  if (start.chance.happens(0.6)) askForDemo(diary, start, doneAt + MINUTE);
}

function tryOut(diary: Diary, start: Start, after: number): number {
  const { chance } = start;
  const signUpAt =
    diary.visit(daysLater(after, chance.skewed({ median: 2, spread: 1 }), start), ['pricing', 'trial']) +
    30_000;
  diary.identify(signUpAt, 'browser');
  diary.track(signUpAt + 1_200, 'Trial Started', { plan: chance.pick(['team', 'business']), days: 14 });
  const isActive = chance.happens(0.58);
  let at = signUpAt;
  let hotAt = signUpAt;
  for (let use = isActive ? chance.whole(5, 13) : chance.whole(0, 3); use > 0; use--) {
    at = daysLater(at, chance.happens(0.5) ? 0.01 : chance.between(0.6, 2.6), start);
    diary.track(at, 'Feature Used', { feature: chance.pick(FEATURES) });
    if (chance.happens(isActive ? 0.1 : 0.03))
      diary.track(at + 5 * MINUTE, 'Integration Connected', { kind: chance.pick(DATA_SOURCES) });
    hotAt = at;
  }
  if (isActive && chance.happens(0.3))
    hotAt = askForDemo(diary, start, diary.visit(daysLater(at, 1, start), ['pricing', 'demo']) + MINUTE);
  afterwards(diary, start, hotAt);
  return hotAt;
}

const FEATURES: Filled<string> = [
  'Create scenario',
  'Import actuals',
  'Share plan',
  'Comment',
  'Driver tree',
  'Export board pack',
];
const DATA_SOURCES: Filled<string> = ['accounting', 'crm', 'hr', 'warehouse'];

function research(diary: Diary, start: Start, after: number): number {
  const { chance } = start;
  const formAt =
    diary.visit(daysLater(after, chance.happens(0.5) ? 0.02 : chance.between(1, 6), start), ['resources']) +
    MINUTE;
  diary.identify(formAt, 'browser');
  diary.track(formAt + 800, 'Whitepaper Downloaded', { title: chance.pick(PAPERS) });
  let at = formAt;
  for (let visit = chance.whole(1, 4); visit > 0; visit--) {
    at = diary.visit(
      daysLater(at, chance.skewed({ median: 6, spread: 0.7 }), start),
      chance.some(LOOKING, chance.whole(2, 4)),
    );
  }
  if (chance.happens(0.35)) at = attendWebinar(diary, start, at);
  const readAt = diary.visit(daysLater(at, chance.between(1, 7), start), [
    'customers',
    'customers',
    'product',
  ]);
  const hotAt = diary.visit(daysLater(readAt, chance.between(0.5, 5), start), [
    'pricing',
    'integrations',
    'pricing',
  ]);
  if (chance.happens(0.22)) return askForDemo(diary, start, daysLater(hotAt, chance.between(0.5, 9), start));
  afterwards(diary, start, hotAt);
  return hotAt;
}

const PAPERS: Filled<string> = [
  'The rolling forecast handbook',
  'Budget season survival guide',
  'Ten drivers worth modelling',
  'A CFO checklist for planning tools',
];

function attendWebinar(diary: Diary, { now, chance }: Start, at: number): number {
  const webinar = nextOccasion(at, webinarsUntil(now));
  if (webinar.at <= at) return at;
  diary.track(at + MINUTE, 'Webinar Registered', { webinar: webinar.name });
  if (!chance.happens(0.6)) return at + MINUTE;
  diary.track(webinar.at + chance.whole(0, 9) * MINUTE, 'Webinar Attended', {
    webinar: webinar.name,
    minutes: chance.whole(20, 58),
  });
  return webinar.at + HOUR;
}

function learn(diary: Diary, start: Start, after: number): number {
  const { chance } = start;
  const formAt = diary.visit(daysLater(after, chance.between(0, 3), start), ['resources']) + MINUTE;
  diary.identify(formAt, 'browser');
  diary.track(formAt + 800, 'Whitepaper Downloaded', { title: chance.pick(PAPERS) });
  let at = formAt;
  if (chance.happens(0.25)) {
    at = diary.visit(daysLater(at, chance.between(10, 70), start), ['blog', 'resources']);
    diary.track(at + MINUTE, 'Whitepaper Downloaded', { title: chance.pick(PAPERS) });
  }
  if (chance.happens(0.12)) at = attendWebinar(diary, start, at);
  // A quarter looks at prices; a few come back after a long silence, which is what the alert is for.
  if (chance.happens(0.25))
    at = diary.visit(daysLater(at, chance.between(2, 30), start), ['product', 'pricing']);
  if (chance.happens(0.08)) comeBack(diary, start, daysLater(at, chance.between(80, 220), start));
  return at;
}

function lookAround(diary: Diary, start: Start, after: number): number {
  const { chance } = start;
  let at = after;
  for (let visit = chance.whole(0, 2); visit > 0; visit--) {
    at = diary.visit(daysLater(at, chance.between(1, 20), start), chance.some(LOOKING, chance.whole(1, 3)));
  }
  diary.identify(at + MINUTE, 'browser');
  diary.track(at + MINUTE + 700, 'Newsletter Subscribed', { form: 'footer' });
  return at + MINUTE;
}

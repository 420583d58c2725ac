import { type TimedCall, writeCalls } from './call.ts';
import type { Source } from './campaign.ts';
import { type Chance, type Filled, makeChance } from './chance.ts';
import type { Taken } from './company.ts';
import type { Move } from './diary.ts';
import { drawJourney, type Journey } from './journey.ts';
import { drawHandRaiser, drawLeads, type Lead, type Making } from './lead.ts';
import type { Persona } from './person.ts';
import { MINUTE, progress } from './rhythm.ts';
import { drawSales, type SalesBehaviour } from './sales.ts';
import type { PageName } from './site.ts';
import { STORIES } from './size.ts';
import { type OpenLead, openLeads } from './today.ts';

/**
 * One lead of the demo: the calls that tell of it, in the order in which they are received, and how sales acts if it
 * is handed over; `again` is for a handoff after recycling. Of the first call and of the moment of most interest,
 * `startsAt` and `hotAt` are epoch milliseconds.
 */
export interface Story {
  readonly id: string;
  readonly startsAt: number;
  readonly hotAt: number;
  readonly persona: Persona;
  readonly source: Source;
  readonly calls: readonly TimedCall[];
  readonly sales: SalesBehaviour;
  readonly again: SalesBehaviour;
}

/** What the demo's year is drawn from. `now` is epoch milliseconds, `count` about how many leads (2,000). */
interface Seed {
  readonly seed: number;
  readonly now: number;
  readonly count?: number;
}

/**
 * Draws a year of leads of an invented company, in the order in which they first appear. The same seed and `now` give
 * the same stories; nothing is read from the clock.
 *
 * @example drawStories({ seed: 1, now: Date.UTC(2026, 2, 2), count: 10 }).length // 10
 */
export function drawStories({ seed, now, count = STORIES }: Seed): readonly Story[] {
  const taken: Taken = new Set();
  const open = openLeads(now).slice(0, Math.floor(count / 20));
  const stories = open.map((slot, index) =>
    tellOpen(slot, { number: index + 1, now, taken, chance: makeChance(seed, index + 1) }),
  );
  for (let stream = open.length + 1; stories.length < count; stream++) {
    const leads = drawLeads({ now, taken, chance: makeChance(seed, stream) });
    for (const lead of leads.slice(0, count - stories.length))
      stories.push(tell(lead, { number: stories.length + 1, now }));
  }
  return stories.sort((a, b) => a.startsAt - b.startsAt);
}

function tell(lead: Lead, { number, now }: { readonly number: number; readonly now: number }): Story {
  const { person, company, chance } = lead;
  const journey =
    person.persona === 'crawler'
      ? { moves: crawl(lead.arriveAt, chance), hotAt: lead.arriveAt }
      : drawJourney({ ...lead, now, place: company.place, seeksJob: person.persona === 'job_seeker' });
  return write(lead, { number, now, ...journey });
}

function write(
  lead: Lead,
  { number, now, moves, hotAt }: { readonly number: number; readonly now: number } & Journey,
): Story {
  const id = String(number).padStart(4, '0');
  const calls = writeCalls(moves, { ...lead, id }, now);
  const at = progress(hotAt, now);
  return {
    id,
    startsAt: calls[0]?.at ?? lead.arriveAt,
    hotAt,
    persona: lead.person.persona,
    source: lead.source,
    calls,
    sales: drawSales({ ...lead, progress: at }),
    // Who comes back after a no is likelier to mean it.
    again: drawSales({ ...lead, kind: 'hand_raiser', progress: Math.min(1, at + 0.3) }),
  };
}

/** A crawler opens page after page, faster than anyone reads. */
function crawl(at: number, chance: Chance): readonly Move[] {
  const pages: Filled<PageName> = ['home', 'product', 'pricing', 'customers', 'blog', 'docs', 'careers'];
  return Array.from({ length: chance.whole(20, 40) }, (_, index) => ({
    kind: 'page' as const,
    at: at + index * chance.whole(700, 1_900),
    page: chance.pick(pages),
    campaign: null,
    isFirst: index === 0,
  }));
}

/** A lead whose interest peaks at a given moment and that sales has not decided on. */
function tellOpen(
  { hotAt, isTouched }: OpenLead,
  { number, now, taken, chance }: Making & { readonly number: number },
): Story {
  const lead = drawHandRaiser({ now, taken, chance });
  const journey = drawJourney({ ...lead, now, place: lead.company.place, seeksJob: false });
  const shiftMs = hotAt - journey.hotAt;
  const moves = journey.moves.map(move => ({ ...move, at: move.at + shiftMs }));
  const story = write(lead, { number, now, moves, hotAt });
  const touchAfterWorkMs = isTouched ? chance.whole(10, 50) * MINUTE : null;
  return { ...story, sales: { ...story.sales, touchAfterWorkMs, decideAfterWorkMs: null } };
}

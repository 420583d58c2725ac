import { z } from 'zod';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { groupBy } from '../../src/core/contact/group.ts';
import { type ClockFacts, type ClockKind, ticksOf } from '../../src/core/followup/clock.ts';
import { openDesk } from '../../src/core/handoff/desk.ts';
import { compile } from '../../src/core/scoring/program.ts';
import { addWorkSpan, workingMsBetween } from '../../src/core/worktime/calendar.ts';
import type { Chance } from './chance.ts';
import { BrokenError } from './check.ts';
import { type Action, HOUR, MINUTE, type Step } from './plan.ts';
import { ask } from './snapshot.ts';
import type { Life } from './world.ts';

/** Gives a version of the agreement its reminders and escalation. */
export function withClocks(version: object, chance: Chance): object {
  const escalate = {
    to: chance.pick(['manager', 'team', 'boss@other.example', 'mia@baton.example']),
    ...(chance.hit(0.6) ? { reassignAfter: chance.pick(['30m', '2h', '1bd']) } : {}),
  };
  return {
    ...version,
    sla: [
      {
        id: 'all',
        when: { all: [] },
        firstTouch: chance.pick(['1h', '1h', '30m', '1s', '6h']),
        decision: chance.pick(['2bd', '2bd', '9h', '1d']),
        calendar: chance.pick(['business', 'business', 'always']),
        ...(chance.hit(0.8)
          ? { remind: chance.pick([['50%'], ['50%', '80%'], ['10%', '90%', '100%']]) }
          : {}),
        ...(chance.hit(0.8) ? { escalate } : {}),
      },
    ],
  };
}

/** More steps for a world, between those that it has: pauses, touches, and the sweeps that see what follows. */
export function drawClockSteps(chance: Chance, steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step, index) => {
    const until = steps[index + 1]?.at ?? step.at + HOUR;
    const room = Math.floor((until - step.at) / 2);
    if (room < 1000 || chance.hit(0.5)) return [step];
    const act = (action: Action) => ({ node: chance.pick([0, 1] as const), dies: null, action });
    const pick = chance.int(0, 99);
    const action = chance.weighted<Action>([
      [{ kind: 'hold', pick, ms: chance.int(MINUTE, 60 * HOUR) }, 4],
      [{ kind: 'resume', pick }, 2],
      [{ kind: 'touch', pick }, 2],
      [{ kind: 'tick' }, 4],
    ]);
    const acted = act(action);
    const doing = chance.hit(0.2) ? [{ ...acted, dies: chance.int(1, 30) }] : [acted];
    const both = chance.hit(0.2) ? [act({ kind: 'tick' }), act({ kind: 'tick' })] : doing;
    return [step, { at: step.at + chance.int(500, room), skew: step.skew, acts: both }];
  });
}

const LOGGED = {
  id: 'int8',
  episode_id: 'uuid',
  kind: 'text',
  at: 'timestamptz',
  actor: 'text',
  particulars: 'jsonb',
} as const;

const said = z.object({
  clock: z.string().optional(),
  share: z.number().optional(),
  until: z.string().optional(),
  activity: z.string().optional(),
});

/** A clock as the log tells it. */
interface Replayed {
  readonly kind: ClockKind;
  readonly startedAt: number;
  dueAt: number;
  stoppedAt: number | null;
  touchedAt: number | null;
  pause: { from: number; until: number } | null;
  readonly rests: { from: number; until: number; reason: string | null }[];
  /** When it stood still between a decision and the day that it was taken back. */
  readonly stops: { readonly from: number; readonly until: number }[];
}

/**
 * Looks whether exactly what the log calls for was told: which reminders, misses and changes of owner each clock must have
 * had by `now` (epoch ms), worked out anew from the entries of the journal and the agreement; none twice.
 */
export async function checkClocks(life: Life, now: number): Promise<void> {
  const { db } = life;
  const episodes = await ask(
    db,
    'clocked',
    {
      id: 'uuid',
      version: 'int4',
      handed_off_at: 'timestamptz',
      state: 'text',
      ended_at: 'timestamptz?',
      decided_at: 'timestamptz?',
    },
    `select e.id, e.version, e.handed_off_at, e.state, e.ended_at, e.decided_at from episode e
     where exists (select from clock k where k.episode_id = e.id)
       and not exists (select from contact_merge m where m.kept #> '{doubles,episodeIds}' ? e.id::text)
     order by e.id`,
  );
  const log = await ask(
    db,
    'clock_log',
    LOGGED,
    `select id, episode_id, kind, at, actor, particulars from journal
     where episode_id is not null and kind in ('accepted', 'rejected', 'reopened', 'activity', 'clock_paused', 'clock_resumed',
       'reminded', 'clock_missed', 'taken_away') order by id`,
  );
  const entriesOf = groupBy(log, row => row.episode_id);
  for (const episode of episodes) {
    const entries = (entriesOf.get(episode.id) ?? []).map(row => ({
      ...row,
      says: said.parse(row.particulars),
    }));
    const sla = slaOf(life, episode.version);
    for (const kind of ['firstTouch', 'decision'] as const) {
      const done = entries.filter(({ says }) => says.clock === kind);
      const names = done.map(row => (row.kind === 'reminded' ? `remind ${row.says.share}` : row.kind));
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      const broken = (what: string, more: object) => {
        throw new BrokenError(`${what}: ${JSON.stringify({ kind, episode, now, names, ...more })}`);
      };
      if (twice !== undefined) broken('something of a clock happened twice', { twice });
      const clock = replay(entries, { kind, sla, handedOffAt: episode.handed_off_at });
      // What closed it beside sales leaves no entry of its own; what is logged after that stops nothing.
      if (episode.ended_at !== null && episode.decided_at === null)
        clock.stoppedAt = Math.min(clock.stoppedAt ?? episode.ended_at, episode.ended_at);
      const isMissed = clock.stoppedAt === null ? now >= clock.dueAt : clock.stoppedAt > clock.dueAt;
      const missed = done.find(row => row.kind === 'clock_missed');
      if (isMissed !== (missed !== undefined) || (missed !== undefined && missed.at !== clock.dueAt))
        broken('a miss was told wrongly', { clock, missed });
      const running: ClockFacts = {
        ...clock,
        stoppedAt: null,
        wasMissed: false,
        calendar: sla.calendar,
        remind: sla.remind,
        reassignAfter: sla.escalate?.reassignAfter ?? null,
      };
      for (const tick of ticksOf(running)) {
        if (tick.what === 'missed') continue;
        const stoppedAt = clock.stoppedAt ?? Number.POSITIVE_INFINITY;
        const seenAt = life.ticks.find(at => at >= tick.at) ?? Number.POSITIVE_INFINITY;
        const told = done.find(row =>
          tick.what === 'remind'
            ? row.kind === 'reminded' && row.says.share === tick.share
            : row.kind === 'taken_away',
        );
        const isTooEarly = told !== undefined && told.at < tick.at;
        if (isTooEarly || (told !== undefined && tick.at > stoppedAt && clock.rests.length === 0))
          broken('something was told that was not due', { tick, clock });
        if (
          tick.what === 'remind' &&
          told === undefined &&
          seenAt < stoppedAt &&
          clock.rests.every(({ reason }) => reason !== null) &&
          !clock.stops.some(({ from, until }) => seenAt >= from && seenAt < until)
        )
          broken('a reminder was not sent', { tick, clock, seenAt });
      }
    }
  }
  await checkMessages(life);
}

/** Looks whether people heard of each reminder once, and of each miss at least, and nobody twice. */
async function checkMessages({ db }: Life): Promise<void> {
  const [counts] = await ask(
    db,
    'clock_messages',
    { reminded: 'int8', reminders: 'int8', missed: 'int8', misses: 'int8', twice: 'int8' },
    `select (select count(*) from journal where kind = 'reminded') as reminded,
       (select count(*) from outbox where channel = 'in_app' and payload->>'occasion' in ('First touch due soon', 'Decision due soon')) as reminders,
       (select count(*) from journal where kind = 'clock_missed') as missed,
       (select count(distinct payload->>'episodeId' || (payload->>'occasion')) from outbox
        where channel = 'in_app' and payload->>'occasion' in ('First touch missed', 'Decision missed')) as misses,
       (select count(*) from (select from outbox where channel = 'in_app' and payload->>'kind' = 'clock'
          and payload->>'occasion' like '%missed'
        group by payload->>'episodeId', payload->>'occasion', recipient having count(*) > 1) doubled) as twice`,
  );
  if (
    counts === undefined ||
    counts.reminded !== counts.reminders ||
    counts.missed !== counts.misses ||
    counts.twice > 0
  )
    throw new BrokenError(`people were told of clocks wrongly: ${JSON.stringify(counts)}`);
}

type Sla = ReturnType<typeof openDesk>['slas'][number];
const slas = new WeakMap<object, Sla>();

function slaOf({ plan }: Life, version: number): Sla {
  const body = plan.versions[version - 1] ?? {};
  const known = slas.get(body);
  if (known !== undefined) return known;
  const { agreement } = readAgreement(body);
  const sla = agreement === null ? undefined : openDesk(compile(agreement)).slas[0];
  if (sla === undefined) throw new Error('an agreement of the simulator has no SLA');
  slas.set(body, sla);
  return sla;
}

/** Works out where a clock stands from what was said of its episode. */
function replay(
  entries: readonly {
    readonly kind: string;
    readonly at: number;
    readonly actor: string;
    readonly says: z.infer<typeof said>;
  }[],
  of: { readonly kind: ClockKind; readonly sla: Sla; readonly handedOffAt: number },
): Replayed {
  const { kind, sla, handedOffAt: startedAt } = of;
  const after = (from: number, ms: number) => addWorkSpan(sla.calendar, from, { kind: 'time', ms });
  const left = (from: number, dueAt: number) => workingMsBetween(sla.calendar, from, dueAt);
  const dueAt = addWorkSpan(sla.calendar, startedAt, sla[kind]);
  const clock: Replayed = {
    kind,
    startedAt,
    dueAt,
    stoppedAt: null,
    touchedAt: null,
    pause: null,
    rests: [],
    stops: [],
  };
  const isDecision = kind === 'decision';
  const goOn = (at: number) => {
    const { pause } = clock;
    if (pause === null || at < pause.from || at >= pause.until) return;
    clock.dueAt = after(at, left(pause.until, clock.dueAt));
    const rest = clock.rests.at(-1);
    if (rest !== undefined) rest.until = at;
    clock.pause = null;
  };
  for (const { kind: what, at, actor, says } of entries) {
    if (what === 'activity' && !isDecision && says.activity !== 'note') {
      clock.touchedAt = Math.min(clock.touchedAt ?? at, at);
      clock.stoppedAt = Math.min(clock.stoppedAt ?? at, at);
    }
    if (what === 'clock_paused' && isDecision) {
      const until = Date.parse(says.until ?? '');
      clock.dueAt = after(until, left(at, clock.dueAt));
      clock.pause = { from: at, until };
      clock.rests.push({ from: at, until, reason: 'sim' });
    }
    if (what === 'clock_resumed' && isDecision && actor !== 'clock') goOn(at);
    if (what === 'rejected' || (what === 'accepted' && isDecision)) {
      if (isDecision) goOn(at);
      clock.stoppedAt = Math.min(clock.stoppedAt ?? at, at);
    }
    if (what === 'reopened') {
      const from = clock.stoppedAt;
      clock.stoppedAt = clock.touchedAt;
      if (from !== null) clock.stops.push({ from, until: at });
      const isOver = from === null || (clock.stoppedAt !== null && clock.stoppedAt <= from);
      if (isOver || from > clock.dueAt || from >= at) continue;
      clock.dueAt = after(at, left(from, clock.dueAt));
      clock.rests.push({ from, until: at, reason: null });
    }
  }
  return clock;
}

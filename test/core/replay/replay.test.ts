import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import {
  qualificationSpans,
  qualifiedSince,
  type Span,
  type Timeline,
} from '../../../src/core/replay/replay.ts';
import { profileAt } from '../../../src/core/scoring/facts.ts';
import { compile, type Program } from '../../../src/core/scoring/program.ts';
import { historyUntil, makeSubject, scoreAt } from '../../../src/core/scoring/score.ts';

/** A minute is the unit of these histories; between two of them nothing changes but by what the rules say. */
const UNIT = 60_000;

const { agreement, problems } = readAgreement({
  agreement: 1,
  name: 'Spans',
  scores: { fit: { min: -50 }, intent: {} },
  rules: [
    { id: 'vp', score: 'fit', points: 20, when: { 'contact.title': 'VP' } },
    { id: 'visit', score: 'intent', points: 10, on: 'Visit', window: '5m', limit: 3 },
    { id: 'demo', score: 'intent', points: 30, on: 'Demo', decay: { linear: '8m' } },
    { id: 'quiet', score: 'fit', points: -15, quiet: '7m' },
    {
      id: 'both',
      score: 'intent',
      points: 15,
      pattern: { within: '3m', all: ['Visit', 'Demo'] },
      window: '6m',
      decay: { lose: '50%', every: '2m' },
    },
  ],
  disqualify: [{ id: 'rival', when: { 'contact.title': 'Rival' } }],
  mql: [
    { id: 'asked', when: { 'score.fit': { gte: 5 } }, did: { on: 'Demo', within: '4m' } },
    { id: 'score', when: { total: { gte: 30 } } },
  ],
});
if (problems !== null) throw new Error(JSON.stringify(problems));
const program: Program = compile(agreement);

interface Story {
  readonly createdAt: number;
  readonly events: readonly { readonly at: number; readonly name: string }[];
  readonly versions: readonly { readonly at: number | null; readonly title: string }[];
}

function timelineOf({ createdAt, events, versions }: Story): Timeline {
  const history = Array.from({ length: program.slots }, (): number[] => []);
  for (const { at, name } of events)
    for (const slot of program.slotsOf({ at: at * UNIT, name, properties: {}, context: {} }))
      history[slot]?.push(at * UNIT);
  for (const times of history) times.sort((a, b) => a - b);
  return {
    createdAt: createdAt * UNIT,
    versions: versions.map(({ at, title }) => ({
      at: at === null ? null : at * UNIT,
      contact: { title },
      company: {},
    })),
    history,
  };
}

function pathAt(timeline: Timeline, at: number): string | null {
  const subject = makeSubject(program, {
    profile: profileAt(timeline.versions, at),
    history: historyUntil(timeline.history, at),
    createdAt: timeline.createdAt,
  });
  const score = scoreAt(program, subject, at);
  return score.applies ? score.qualifies : null;
}

const pathIn = (spans: readonly Span[], at: number) =>
  spans.find(({ from, to }) => from <= at && (to === null || at < to))?.path ?? null;

const story: fc.Arbitrary<Story> = fc.record({
  createdAt: fc.integer({ min: 0, max: 6 }),
  events: fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 25 }), name: fc.constantFrom('Visit', 'Demo', 'Other') }),
    { maxLength: 8 },
  ),
  versions: fc
    .uniqueArray(
      fc.record({
        at: fc.option(fc.integer({ min: 0, max: 25 }), { nil: null }),
        title: fc.constantFrom('VP', 'Rival', 'Clerk'),
      }),
      { maxLength: 4, selector: ({ at }) => at },
    )
    .map(all => all.sort((a, b) => (a.at ?? -1) - (b.at ?? -1))),
});

describe('the spans of qualification', () => {
  const FROM = 0;
  const TO = 40;

  test('are what brute force sees at every instant that it looks at, and at the edges to the millisecond', () => {
    fc.assert(
      fc.property(story, told => {
        const timeline = timelineOf(told);
        const spans = qualificationSpans(program, timeline, { from: FROM, to: TO * UNIT });
        for (let at = FROM; at <= TO * UNIT; at += UNIT / 4)
          expect([at / UNIT, pathIn(spans, at)]).toEqual([at / UNIT, pathAt(timeline, at)]);
        for (const { from, to, path } of spans) {
          expect(pathAt(timeline, from)).toBe(path);
          if (from > FROM) expect(pathAt(timeline, from - 1)).not.toBe(path);
          if (to === null) continue;
          expect(pathAt(timeline, to)).not.toBe(path);
          expect(pathAt(timeline, to - 1)).toBe(path);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('qualified since is the start of the unbroken run that still lasts', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 0, max: TO * 4 }), (told, quarter) => {
        const timeline = timelineOf(told);
        const to = (quarter * UNIT) / 4;
        const since = qualifiedSince(program, timeline, { from: FROM, to });
        if (pathAt(timeline, to) === null) {
          expect(since).toBeNull();
          return;
        }
        if (since === null) throw new Error('it qualifies, so it has done so since some time');
        expect(pathAt(timeline, since)).not.toBeNull();
        if (since > FROM) expect(pathAt(timeline, since - 1)).toBeNull();
        for (let at = since; at <= to; at += UNIT / 4) expect(pathAt(timeline, at)).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('begin when time alone makes the contact qualify, and end when time alone ends it', () => {
    const timeline = timelineOf({
      createdAt: 0,
      events: [{ at: 1, name: 'Demo' }],
      versions: [
        { at: null, title: 'Clerk' },
        { at: 3, title: 'VP' },
      ],
    });
    expect(qualificationSpans(program, timeline, { from: 0, to: 30 * UNIT })).toEqual([
      // 30 points that fade over 8 minutes round to 29 when a sixtieth of them is gone.
      { from: 1 * UNIT, to: 1 * UNIT + 8_001, path: 'score' },
      { from: 3 * UNIT, to: 5 * UNIT, path: 'asked' },
      expect.objectContaining({ from: 5 * UNIT, path: 'score' }),
    ]);
  });

  test('end at the very instant at which a path ceases, also when an event arrives just then', () => {
    const timeline = timelineOf({
      createdAt: 0,
      events: [
        { at: 1, name: 'Demo' },
        { at: 5, name: 'Other' },
      ],
      versions: [{ at: null, title: 'VP' }],
    });
    const [asked, score] = qualificationSpans(program, timeline, { from: 0, to: 30 * UNIT });
    expect(asked).toEqual({ from: UNIT, to: 5 * UNIT, path: 'asked' });
    expect(score).toMatchObject({ from: 5 * UNIT, path: 'score' });
  });

  test('look back no further than they are asked to', () => {
    const timeline = timelineOf({ createdAt: 0, events: [], versions: [{ at: null, title: 'VP' }] });
    expect(qualifiedSince(program, timeline, { from: 5, to: 6 })).toBeNull();
    const asked = timelineOf({
      createdAt: 0,
      events: [{ at: 1, name: 'Demo' }],
      versions: [{ at: null, title: 'VP' }],
    });
    expect(qualifiedSince(program, asked, { from: 2 * UNIT, to: 3 * UNIT })).toBe(2 * UNIT);
    expect(qualifiedSince(program, asked, { from: 0, to: 3 * UNIT })).toBe(UNIT);
  });
});

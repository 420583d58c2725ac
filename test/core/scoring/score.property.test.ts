import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../arbitrary/value.ts';
import { kindOf, type Question, question } from '../arbitrary.ts';
import { eventsOf } from '../reference/event.ts';
import { isObject, type Json, list, number, object, text } from '../reference/json.ts';
import { type Asked, referenceScore } from '../reference/reference.ts';
import { instantThere, printed } from '../reference/time.ts';
import { scoresAt, spansFrom, subjectScore } from '../subject.ts';

const runs = Number(process.env.BATON_PROPERTY_RUNS ?? '800');
/** At how many instants each question is asked. */
const instants = Number(process.env.BATON_PROPERTY_INSTANTS ?? '4');
const DAY = 86_400_000;
const newSeed = Math.floor(Math.random() * 2 ** 31);

/** A scorer's answer as it reads back from the wire. */
function answer(score: (asked: Asked) => readonly object[], asked: Question): readonly Json[] {
  return list(JSON.parse(JSON.stringify(score({ ...asked, kindOf })))).filter(isObject);
}

/** The scorer's answers at several instants, as they read back from the wire. */
function answersAt(asked: Asked, all: readonly number[]): readonly (readonly Json[])[] {
  return scoresAt(asked, all).map(printed => list(JSON.parse(JSON.stringify(printed))).filter(isObject));
}

/** All of an answer that must not change before nextChangeAt. */
function content({ at: _at, nextChangeAt: _nextChangeAt, ...rest }: Json): Json {
  return rest;
}

function sum(lines: readonly unknown[]): number {
  return lines.map(object).reduce((total, line) => total + number(line.points), 0);
}

/** The question with only what is known at its instant, so that asking later asks what time alone does. */
function known({ contacts, events, ...rest }: Question): Question {
  const until = rest.at;
  const inForce = (line: Json): boolean => line.at === undefined || instantThere(line.at) <= until;
  const ids = [...new Set(contacts.map(line => line.id))];
  return {
    ...rest,
    contacts: ids.flatMap(id => {
      const lines = contacts.filter(line => line.id === id);
      // A later version is not known, but the creation it gives is the contact's.
      const createdAt = printed(Math.min(...lines.map(line => instantThere(line.createdAt))));
      const now = lines.filter(inForce).map(line => ({ ...line, createdAt }));
      return now.length > 0 ? now : [{ id, createdAt }];
    }),
    events: events.filter(line => eventsOf(text(line.userId), [line]).every(event => event.time <= until)),
  };
}

describe.each([
  { which: 'a fixed seed', seed: 20_260_301 },
  { which: `the seed ${newSeed}`, seed: newSeed },
])('with $which', ({ seed }) => {
  const settings = { seed, numRuns: runs };

  it('the scorer prints what the reference prints', () => {
    const more = fc.array(instant, { minLength: instants - 1, maxLength: instants - 1 });
    fc.assert(
      fc.property(question, more, (asked, others) => {
        const all = [asked.at, ...others];
        const printed = answersAt({ ...asked, kindOf }, all);
        all.forEach((at, index) => {
          expect(printed[index]).toEqual(answer(referenceScore, { ...asked, at }));
        });
      }),
      settings,
    );
  });

  it('the lines of each score add up to it, and all lines to the total', () => {
    fc.assert(
      fc.property(question, asked => {
        for (const one of answer(subjectScore, asked)) {
          if (one.applies === false) continue;
          const lines = list(one.lines);
          expect(sum(lines)).toBe(one.total);
          for (const [name, points] of Object.entries(object(one.scores)))
            expect(sum(lines.filter(line => object(line).score === name))).toBe(points);
        }
      }),
      settings,
    );
  });

  it('the order and the repetition of lines mean nothing', () => {
    const shuffled = question.chain(asked =>
      fc.record({
        asked: fc.constant(asked),
        contacts: fc.shuffledSubarray(unlike(asked.contacts), { minLength: unlike(asked.contacts).length }),
        events: fc.shuffledSubarray(
          [...asked.events, ...asked.events.filter((_, index) => index % 2 === 0)],
          { minLength: asked.events.length + Math.ceil(asked.events.length / 2) },
        ),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ asked, contacts, events }) => {
        const before = answer(subjectScore, { ...asked, contacts: unlike(asked.contacts) });
        const after = answer(subjectScore, { ...asked, contacts, events });
        expect(byId(after)).toEqual(byId(before));
      }),
      settings,
    );
  });

  it('the spans of a replay are what the reference says at every edge, just before it, and anywhere between', () => {
    fc.assert(
      fc.property(question, fc.double({ min: 0, max: 1, noNaN: true }), (asked, share) => {
        const range = { from: asked.at - 40 * DAY, to: asked.at + 40 * DAY };
        const pathsThen = (at: number) =>
          new Map(answer(referenceScore, { ...asked, at }).map(one => [one.id, one.qualifies ?? null]));
        const instants = new Set([range.from, range.to, Math.floor(range.from + share * 80 * DAY)]);
        const all = spansFrom({ ...asked, kindOf }, range);
        for (const { from, to } of [...all.values()].flat().slice(0, 6))
          for (const at of [from, from - 1, to ?? range.to, (to ?? range.to) - 1])
            if (at >= range.from && at <= range.to) instants.add(at);
        for (const at of instants) {
          for (const [id, path] of pathsThen(at)) {
            const span = all.get(text(id))?.find(({ from, to }) => from <= at && (to === null || at < to));
            expect({ id, at, path: span?.path ?? null }).toEqual({ id, at, path });
          }
        }
      }),
      { ...settings, numRuns: Math.ceil(runs / 2) },
    );
  });

  it('nothing printed changes before nextChangeAt, and something does at it', () => {
    fc.assert(
      fc.property(question, fc.double({ min: 0, max: 1, noNaN: true }), (asked, share) => {
        const base = known(asked);
        for (const now of answer(subjectScore, base)) {
          const then = (at: number): Json | undefined =>
            answer(subjectScore, { ...base, at }).find(one => one.id === now.id);
          const end = now.nextChangeAt === null ? base.at + 1e13 : instantThere(now.nextChangeAt);
          expect(end).toBeGreaterThan(base.at);
          for (const at of [end - 1, base.at + 1, base.at + Math.floor(share * (end - base.at))])
            if (at < end) expect(content(then(at) ?? {})).toEqual(content(now));
          if (now.nextChangeAt !== null) expect(content(then(end) ?? {})).not.toEqual(content(now));
        }
      }),
      settings,
    );
  });
});

/** The lines without those whose place in the file decides: of one id and one instant. */
function unlike(contacts: readonly Json[]): Json[] {
  const key = (line: Json): string => JSON.stringify([line.id, line.at ?? null]);
  const keys = contacts.map(key);
  return contacts.filter((line, index) => keys.indexOf(key(line)) === index);
}

function byId(answers: readonly Json[]): readonly Json[] {
  return [...answers].sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
}

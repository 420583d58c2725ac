import { z } from 'zod';
import { day } from '../../core/agreement/hours.ts';
import { integer, MAX_TIMES, nonZeroPoints, text } from '../../core/agreement/pieces.ts';
import { agreementShape } from '../../core/agreement/shape.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Describes the agreement format as a JSON Schema (2020-12), for editors that complete and check while somebody types.
 * It accepts every agreement that Baton accepts; what a schema cannot say (ids that exist and are unique, dates, time
 * zones, the longest duration) only `baton validate` refuses.
 */
export function agreementSchema(): Json {
  const unused = new Set(Object.keys(MORE));
  const schema = z.toJSONSchema(agreementShape, {
    io: 'input',
    override: ({ zodSchema, jsonSchema, path }) => {
      const name = jsonSchema.$def;
      if (typeof name === 'string') {
        if (!Object.hasOwn(DEFS, name)) throw new Error(`no JSON schema is written for ${name}`);
        delete jsonSchema.$def;
        jsonSchema.$ref = refTo(name).$ref;
      }
      if (zodSchema === day) Object.assign(jsonSchema, matching(DATE));
      if (zodSchema === text) Object.assign(jsonSchema, FILLED);
      if (zodSchema === nonZeroPoints) jsonSchema.not = { const: 0 };
      if (zodSchema === integer) {
        delete jsonSchema.minimum;
        delete jsonSchema.maximum;
      }
      const place = path.join('/');
      unused.delete(place);
      Object.assign(jsonSchema, MORE[place]);
    },
  });
  if (unused.size > 0) throw new Error(`the agreement has no ${[...unused].join(', ')}`);
  return { ...schema, $defs: DEFS };
}

const refTo = (name: string) => ({ $ref: `#/$defs/${name}` });
const anyOf = (...schemas: readonly Json[]): Json => ({ anyOf: schemas });
const matching = (pattern: string): Json => ({ type: 'string', pattern });
const listOf = (items: Json): Json => ({ type: 'array', minItems: 1, items });
const either = (...keys: readonly string[]): Json => ({ anyOf: keys.map(key => ({ required: [key] })) });

/** Exactly one of these keys. */
const oneOf = (...keys: readonly string[]): Json => ({ oneOf: keys.map(key => ({ required: [key] })) });

/** A map with these keys only. */
function only(properties: Readonly<Record<string, Json>>, ...required: readonly string[]): Json {
  return { type: 'object', properties, required, additionalProperties: false };
}

const FILLED = matching('\\S');
const ID = matching('^[a-z][a-z0-9_]*$');
const NUMBER = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const INSTANT = '\\d{4}-\\d{2}-\\d{2}(?:[Tt]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:[Zz]|[+-]\\d{2}:\\d{2}))?';
const SPAN = '[1-9]\\d{0,9}[smhdw]';
/** A name between dots. */
const PART = '[^.]*[^.\\s][^.]*';

const scalar = anyOf(FILLED, { type: ['number', 'boolean'] });
const words = anyOf(FILLED, { type: 'number' });
const wordOrWords = anyOf(words, listOf(words));
const bound = anyOf({ type: 'number' }, matching(`^\\s*(?:${NUMBER}|${INSTANT})\\s*$`));

const TEST = anyOf(refTo('scalar'), listOf(refTo('scalar')), {
  ...only({
    is: refTo('scalar'),
    in: listOf(refTo('scalar')),
    isNot: refTo('scalar'),
    notIn: listOf(refTo('scalar')),
    gt: bound,
    gte: bound,
    lt: bound,
    lte: bound,
    exists: { type: 'boolean' },
    contains: wordOrWords,
    startsWith: wordOrWords,
    endsWith: wordOrWords,
    hasWord: wordOrWords,
    within: refTo('duration'),
    olderThan: refTo('duration'),
  }),
  minProperties: 1,
});

/** A condition over fields whose names match: `all`, `any` or `not` alone, or fields with their tests. */
function condition(self: string, field: string, description: string): Json {
  return {
    description,
    type: 'object',
    if: either('all', 'any', 'not'),
    then: {
      ...only({
        all: { type: 'array', items: refTo(self) },
        any: { type: 'array', items: refTo(self) },
        not: refTo(self),
      }),
      maxProperties: 1,
    },
    else: { propertyNames: { pattern: field }, additionalProperties: refTo('test') },
  };
}

const PROFILE_FIELD = `(?:contact|company)(?:\\.${PART})+`;
const DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  .map(day => [...day].map(letter => `[${letter}${letter.toUpperCase()}]`).join(''))
  .join('|');
const CLOCK = '(?:[01]\\d|2[0-4]):[0-5]\\d';
const HOURS = matching(`^\\s*${CLOCK}-${CLOCK}\\s*$`);
const DATE = '^\\d{4}-\\d{2}-\\d{2}$';

/** The pieces of an agreement that our own readers parse, by the names those readers carry. */
const DEFS: Readonly<Record<string, Json>> = {
  scalar,
  test: TEST,
  profileCondition: condition(
    'profileCondition',
    `^${PROFILE_FIELD}$`,
    'Fields contact.<name> and company.<name> with their tests; several must all hold. Or all, any, not.',
  ),
  pathCondition: condition(
    'pathCondition',
    `^(?:${PROFILE_FIELD}|score\\.[a-z][a-z0-9_]*|total)$`,
    'Fields contact.<name>, company.<name>, score.<name> and total with their tests; several must all hold.',
  ),
  eventCondition: condition(
    'eventCondition',
    `^${PART}(?:\\.${PART})*$`,
    'Properties of the event, or context.<name>, with their tests; several must all hold.',
  ),
  eventMatch: anyOf(
    FILLED,
    only({ event: anyOf(FILLED, listOf(FILLED)), where: refTo('eventCondition') }, 'event'),
  ),
  duration: {
    ...matching(`^${SPAN}$`),
    description: '15m, 30d, 2w: a number and s, m, h, d or w; at most 3650d',
  },
  workSpan: {
    ...matching(`^(?:${SPAN}|[1-9]\\d{0,2}bd)$`),
    description: 'Working time such as 1h, or working days such as 5bd',
  },
  percent: anyOf(
    { type: 'integer', minimum: 1, maximum: 100 },
    matching('^\\s*0{0,2}(?:[1-9]\\d?|100)%?\\s*$'),
  ),
  share: anyOf({ type: 'number', minimum: 0, maximum: 1 }, matching('^\\s*(?:\\d{1,2}|0\\d\\d|100)%\\s*$')),
  escalateTo: anyOf({ enum: ['manager', 'team'] }, { type: 'string', format: 'email' }),
  delay: anyOf({ const: '0s' }, refTo('duration')),
  outreachOn: anyOf({ const: 'handoff' }, refTo('eventMatch')),
  outreachFrom: anyOf({ const: 'owner' }, { type: 'string', format: 'email' }),
  decay: anyOf(
    only({ halfLife: refTo('duration') }, 'halfLife'),
    only({ linear: refTo('duration') }, 'linear'),
    only({ lose: refTo('percent'), every: refTo('duration') }, 'lose', 'every'),
  ),
  patternItem: anyOf(
    refTo('eventMatch'),
    only({ on: refTo('eventMatch'), times: { type: 'integer', minimum: 1, maximum: MAX_TIMES } }, 'on'),
  ),
  routeTarget: anyOf(
    { const: 'companyOwner' },
    only({ owner: { type: 'string', format: 'email' } }, 'owner'),
    only({ team: ID, by: { enum: ['round_robin', 'weighted', 'least_open'] } }, 'team'),
  ),
  routing: anyOf(
    only({ fallback: ID }, 'fallback'),
    only({ id: ID, label: FILLED, when: refTo('pathCondition'), to: refTo('routeTarget') }, 'id', 'to'),
  ),
  hours: {
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: `^\\s*(?:${DAY})\\s*(?:-\\s*(?:${DAY})\\s*)?$` },
    additionalProperties: { type: 'array', items: HOURS },
  },
  openHours: listOf(HOURS),
};

const noKeys = (...keys: readonly string[]): Json => ({
  properties: Object.fromEntries(keys.map(key => [key, false])),
});

/** Which keys of a rule exclude each other: at most one kind of evidence, with the keys that belong to it. */
const RULE: Json = {
  description:
    'One line of a score: points for a trait, for events, for a pattern of events, or for silence.',
  allOf: [either('points', 'cases'), either('when', 'cases', 'on', 'pattern', 'quiet')],
  dependentSchemas: {
    cases: noKeys('points', 'on', 'window', 'limit', 'decay', 'pattern', 'quiet', 'of'),
    on: noKeys('pattern', 'quiet', 'of'),
    pattern: noKeys('limit', 'quiet', 'of'),
    quiet: noKeys('window', 'limit', 'decay'),
    window: either('on', 'pattern'),
    decay: either('on', 'pattern'),
    limit: { required: ['on'] },
    of: { required: ['quiet'] },
  },
};

const say = (description: string): Json => ({ description });

/** What the shape does not carry into a schema by itself, by its place there: bounds, exclusions, words for editors. */
const MORE: Readonly<Record<string, Json>> = {
  '': {
    title: 'Agreement',
    description:
      'What marketing and sales agree on: what a good lead is, when it changes hands, what a no means.',
  },
  'properties/agreement': say('The version of the format: 1.'),
  'properties/applies': say('Which contacts this agreement scores; all without it.'),
  'properties/scores': { ...say('The scores, in the order in which they are shown.'), minProperties: 1 },
  'properties/groups': say('Rules of one score that share a lower and an upper bound.'),
  'properties/rules/items': RULE,
  'properties/rules/items/properties/when': say('The rule counts only while this holds for the profile.'),
  'properties/rules/items/properties/cases': say('The points of the first case that holds.'),
  'properties/rules/items/properties/on': say('The events that are counted.'),
  'properties/rules/items/properties/window': say('Only events younger than this count.'),
  'properties/rules/items/properties/limit': say('Only so many of the latest events count.'),
  'properties/rules/items/properties/decay': say('How the worth of an event fades with its age.'),
  'properties/rules/items/properties/pattern': say('Counts once, when all of this happened close together.'),
  'properties/rules/items/properties/quiet': say('Counts while nothing has happened for that long.'),
  'properties/rules/items/properties/of': say('What `quiet` waits for; any event without it.'),
  'properties/disqualify': say('Who is not handed over, whatever the points.'),
  'properties/disqualify/items': either('when', 'did'),
  'properties/mql': say('The ways to qualify; the first that holds is the reason for the handoff.'),
  'properties/mql/items': either('when', 'did'),
  'properties/grades': say('Marks by thresholds of a score, such as fit: { A: 40, B: 20 }.'),
  'properties/grades/additionalProperties': {
    minProperties: 1,
    propertyNames: { pattern: '^(?:[A-Ya-y]|0|[1-9]\\d?)$' },
  },
  'properties/routing': say(
    'Who gets a lead: the first entry that holds and has somebody; the fallback stands last.',
  ),
  'properties/calendars/additionalProperties/properties/timezone': say('An IANA time zone: Europe/London.'),
  'properties/calendars/additionalProperties/properties/open': say(
    'Hours of single dates in place of those of their weekday, holiday or not.',
  ),
  'properties/sla': say('How fast a lead is touched and decided on: the first entry that holds.'),
  'properties/alerts': say('The alerts that are sent at once, whether or not the contact has qualified.'),
  'properties/reasons': say('The reasons for which sales may reject a lead.'),
  'properties/reasons/items': {
    if: { properties: { then: { const: 'route' } }, required: ['then'] },
    then: { required: ['route'] },
  },
  'properties/sql': say('What must be known of a lead to accept it, and the stages of a deal after that.'),
  'properties/sql/properties/questions/items': {
    if: { properties: { type: { const: 'choice' } }, required: ['type'] },
    then: { required: ['options'] },
    else: { properties: { options: false } },
  },
  'properties/templates': say('Mails to leads, in Liquid: contact, company, owner, sender, unsubscribeUrl.'),
  'properties/nurture': say('What recycled leads get, step by step.'),
  'properties/nurture/items/properties/steps/items': {
    ...either('wait', 'email', 'webhook'),
    not: { required: ['email', 'webhook'] },
  },
  'properties/outreach': say('What a lead hears at once, in the name of its owner.'),
  'properties/outreach/items': oneOf('email', 'webhook'),
  'properties/targets': say('What both teams aim at; reports measure against it.'),
};

import { z } from 'zod';
import { FILTERS } from '../../core/report/frame.ts';
import { givenInstant, givenText } from '../shapes.ts';

/** The most values of one filter. */
const MAX_VALUES = 50;

/** One value of a query, or several: any of them. */
const several = z
  .union([givenText(200), z.array(givenText(200)).max(MAX_VALUES, `expected at most ${MAX_VALUES} values`)])
  .transform(given => (typeof given === 'string' ? [given] : given));

const edge = givenInstant.optional();

const yes = z.enum(['yes']).optional();
const yesNo = z.enum(['yes', 'no']).optional();
const total = z.coerce.number().int().min(-2_147_483_648).max(2_147_483_647).optional();

const HOUR = /^[1-7]-([01]\d|2[0-3])$/;
const clockOutcome = z.enum(['kept', 'missed', 'running']);

/** What a list of leads or a report on rejections may ask of leads beside what all reports may. */
export const traits = {
  reason: several.optional().describe('rejected for one of these; `unknown` for leads without a reason'),
  rule: several.optional().describe('one of these rules has a line in the frozen breakdown'),
  decisive: yes.describe('only where one of these rules, or any without `rule`, was decisive'),
};

/** What narrows a list down to the leads of one figure. */
export const figure = {
  ...traits,
  won: yesNo,
  minTotal: total.describe('the least total at the handoff'),
  maxTotal: total,
  first: yes.describe('only the first MQL of each contact'),
  customer: yes.describe('only of contacts that were won by this or a later handoff'),
  entry: givenText(200).optional().describe('the SLA entry by which they are due'),
  hour: z
    .string()
    .regex(HOUR, 'expected a day and an hour of the week, such as 1-09 for Monday at nine')
    .optional()
    .describe('the hour of the week of the handoff in the reporting zone'),
  firstTouch: clockOutcome.optional().describe('how the clock of the first touch went'),
  decision: clockOutcome.optional().describe('how the clock of the decision went'),
};

/** Which leads a report counts: those handed over in a range, as they stood at an instant, narrowed down by what they have. */
export const population = {
  from: edge.describe('a date (midnight of the reporting zone) or an instant'),
  to: edge.describe('not in it any more'),
  at: edge.describe('as of when: what is later has not happened'),
  imported: z.enum(['include', 'exclude', 'only']).default('include'),
  ...each(FILTERS, several.optional().describe('only these; `unknown` for leads without one')),
};

function each<Name extends string, Schema extends z.ZodType>(
  names: readonly Name[],
  schema: Schema,
): Record<Name, Schema>;
function each<Schema extends z.ZodType>(names: readonly string[], schema: Schema) {
  return Object.fromEntries(names.map(name => [name, schema]));
}

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';

/** A part of a JSON Schema, as far as it is looked at. */
const schemaPart = z.looseObject({
  type: z.union([z.string().transform(type => [type]), z.array(z.string())]).default([]),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
});

const parts = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** The places below a schema at which a text or a list may be as long as somebody likes. */
function unbounded(schema: unknown, path: string): readonly string[] {
  const part = schemaPart.safeParse(schema).data;
  const isChoice = part?.enum !== undefined || part?.const !== undefined;
  const isLong =
    !isChoice &&
    ((part?.type.includes('string') === true && part.maxLength === undefined) ||
      (part?.type.includes('array') === true && part.maxItems === undefined));
  const below = Object.entries(parts.safeParse(schema).data ?? {}).flatMap(([key, value]) =>
    unbounded(value, /^(?:properties|items|anyOf|\d+)$/.test(key) ? path : `${path}.${key}`),
  );
  return isLong ? [path, ...below] : below;
}

const endpoints: readonly (readonly [string, Endpoint])[] = Object.entries(api);
const bodies = endpoints.flatMap(([name, { body }]) => (body === undefined ? [] : [{ name, body }]));

describe('what a body may hold', () => {
  test.each([
    [z.strictObject({ name: z.string() }), ['x.name']],
    [z.strictObject({ list: z.array(z.string().max(3)) }), ['x.list']],
    [z.record(z.string(), z.number()), ['x.propertyNames']],
    [z.strictObject({ a: z.union([z.string(), z.number()]) }), ['x.a']],
    [z.strictObject({ a: z.string().max(2).optional(), b: z.enum(['c']), d: z.literal('e') }), []],
  ])('is seen: %#', (schema, found) => {
    expect(unbounded(z.toJSONSchema(schema, { io: 'input' }), 'x')).toEqual(found);
  });

  test('has an end everywhere', () => {
    expect(bodies.length).toBeGreaterThan(20);
    const found = bodies.flatMap(({ name, body }) =>
      unbounded(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }), name),
    );
    expect(found).toEqual([]);
  });
});

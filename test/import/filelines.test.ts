import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileLine, MAX_ROW_BYTES, splitLines } from '../../src/loop/import/lines.ts';

async function* inPieces(content: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let turn = 0; at < content.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? content.length;
    yield content.subarray(at, at + size);
    at += size;
  }
}

async function linesOf(content: Buffer, sizes: readonly number[]): Promise<readonly FileLine[]> {
  const lines: FileLine[] = [];
  for await (const batch of splitLines(inPieces(content, sizes))) lines.push(...batch);
  return lines;
}

const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ' ', ','), maxLength: 6 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe('the lines of a file', () => {
  it.each([['\n'], ['\r\n'], ['\r']])('with %j are the same however its bytes arrive', async end => {
    await fc.assert(
      fc.asyncProperty(fc.array(text), sizes, fc.boolean(), async (texts, pieces, marked) => {
        const content = Buffer.from(`${marked ? '\ufeff' : ''}${texts.map(line => line + end).join('')}`);
        const lines = await linesOf(content, pieces);
        expect(lines.map(({ bytes }) => bytes.toString())).toEqual(texts);
        expect(lines.map(({ number }) => number)).toEqual(texts.map((_, index) => index + 1));
      }),
    );
  });

  it('keep their numbers around one that is too long, however its bytes arrive', async () => {
    const long = 'x'.repeat(MAX_ROW_BYTES + 1);
    const content = Buffer.from(['a', long, 'b', long].join('\n'));
    for (const size of [1_000, 100_000, MAX_ROW_BYTES, 1_000_000]) {
      const lines = await linesOf(content, [size]);
      expect(lines.map(({ number, tooLong }) => [number, tooLong])).toEqual([
        [1, false],
        [2, true],
        [3, false],
        [4, true],
      ]);
      expect(Math.max(...lines.map(({ bytes }) => bytes.length))).toBe(1_000);
    }
  });

  it('of the greatest length allowed are whole', async () => {
    const content = Buffer.from(`${'x'.repeat(MAX_ROW_BYTES)}\nb`);
    const lines = await linesOf(content, [100_000]);
    expect(lines.map(({ bytes, tooLong }) => [bytes.length, tooLong])).toEqual([
      [MAX_ROW_BYTES, false],
      [1, false],
    ]);
  });
});

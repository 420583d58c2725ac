import { type Agreement, readAgreement } from '../../src/core/agreement/agreement.ts';
import { makeWalker, type Span } from '../../src/core/replay/replay.ts';
import { printScore } from '../../src/core/scoring/print.ts';
import { compile } from '../../src/core/scoring/program.ts';
import { knownFrom, scoresFrom } from './known.ts';
import type { Asked } from './reference/reference.ts';

/** The spans of qualification that a replay of the same lines finds, by contact. */
export function spansFrom(
  { agreement, ...told }: Asked,
  range: { readonly from: number; readonly to: number },
): ReadonlyMap<string, readonly Span[]> {
  const program = compile(agreementOf(agreement));
  const { spans } = makeWalker(program);
  return new Map(
    [...knownFrom(program, told)].map(([id, { createdAt: given, firstEventAt, ...known }]) => [
      id,
      spans({ ...known, createdAt: Math.min(given, firstEventAt) }, range),
    ]),
  );
}

/** Asks the real scorer what the reference is asked; an agreement or a line that it refuses is an error. */
export function subjectScore(asked: Asked): readonly object[] {
  return scoresAt(asked, [asked.at])[0] ?? [];
}

/** Asks the real scorer at several instants. */
export function scoresAt(
  { agreement, at: _at, ...told }: Asked,
  instants: readonly number[],
): readonly (readonly object[])[] {
  const scores = scoresFrom(compile(agreementOf(agreement)), told);
  return instants.map(at => [...scores].map(([id, scoreAt]) => printScore({ id, at, ...scoreAt(at) })));
}

/** Reads an agreement; one that is refused is an error. */
export function agreementOf(raw: unknown): Agreement {
  const { agreement, problems } = readAgreement(raw);
  if (agreement === null) throw new Error(`refused: ${JSON.stringify(problems)}`);
  return agreement;
}

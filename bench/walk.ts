import { parentPort } from 'node:worker_threads';
import { makeWalker } from '../src/core/replay/replay.ts';
import { YEAR } from './column.ts';
import { crossingProgram, slotsOfKinds, type Walk } from './crossing.ts';

const programs = { true: crossingProgram({ decay: true }), false: crossingProgram({ decay: false }) };

function walk({ decay, columns, first, end, into }: Walk): void {
  const program = programs[`${decay}`];
  const walker = makeWalker(program);
  const sets = slotsOfKinds(program);
  const { offsets, at, kind } = columns;
  for (let contact = first; contact < end; contact++) {
    const arrivals = { at, set: kind, sets, start: offsets[contact] ?? 0, end: offsets[contact + 1] ?? 0 };
    const [span] = walker.spans({ createdAt: YEAR.from, versions: [], arrivals }, YEAR);
    into[contact] = span?.from ?? Number.NaN;
  }
}

parentPort?.on('message', (task: Walk) => {
  walk(task);
  parentPort?.postMessage('done');
});

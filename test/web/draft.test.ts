import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallError } from '../../src/web/client/client.ts';
import { AGAIN_MS, openDrafts, PAUSE_MS, type Save } from '../../src/web/qualification/draft.ts';

const KEY = { episodeId: 'e1', question: 'need' };
const away = () => new CallError('Baton cannot be reached.', { status: 0, failure: null });
const theirs = {
  ...{ id: 'need', label: 'Need', value: 'theirs', unknown: false, note: null, by: 'Bob', revision: 4 },
  at: '2026-03-01T10:00:00.000Z',
};
const conflict = () =>
  new CallError('Bob answered', {
    status: 409,
    failure: {
      ...{ type: 't', title: 't', status: 409, detail: 'd', errors: [], requestId: 'r' },
      conflicts: [{ id: 'need', theirs, yours: { value: 'mine', unknown: false, note: null } }],
    },
  });

let sent: (readonly [unknown, number])[] = [];
let answers: (() => number)[] = [];
const save: Save = async (_key, { value }, seen) => {
  sent.push([value, seen]);
  return answers.shift()?.() ?? seen + 1;
};
const fail = (error: Error) => () => {
  throw error;
};

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  answers = [];
});
afterEach(() => vi.useRealTimers());

test('what is typed is saved once after a pause, and each further save begins from the last revision', async () => {
  const drafts = openDrafts(save);
  for (const value of ['P', 'Pl', 'Plan']) drafts.type(KEY, { value }, 0);
  expect(drafts.get(KEY)?.saving.kind).toBe('waiting');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(sent).toEqual([['Plan', 0]]);
  expect(drafts.get(KEY)).toMatchObject({ said: { value: 'Plan' }, seen: 1, saving: { kind: 'saved' } });
  drafts.type(KEY, { value: 'Plans' }, 0);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(sent.at(-1)).toEqual(['Plans', 1]);
  drafts.leave(KEY);
  expect(drafts.get(KEY)).toBeNull();
});

test('leaving a field saves at once, and what is typed during a save is saved after it', async () => {
  let release = (_: number) => {};
  const drafts = openDrafts(async (_key, { value }, seen) => {
    sent.push([value, seen]);
    return sent.length > 1 ? seen + 1 : new Promise<number>(resolve => (release = resolve));
  });
  drafts.type(KEY, { value: 'a' }, 2);
  drafts.leave(KEY);
  drafts.type(KEY, { value: 'ab' }, 2);
  await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
  expect(sent).toEqual([['a', 2]]);
  release(3);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([
    ['a', 2],
    ['ab', 3],
  ]);
});

test('what cannot be saved stays, is tried again by itself, and is not saved at last while others are', async () => {
  answers = [fail(away()), fail(away())];
  const drafts = openDrafts(save);
  drafts.type(KEY, { value: 'x' }, 0);
  await drafts.flush('e1');
  drafts.leave(KEY);
  expect(drafts.get(KEY)).toMatchObject({ said: { value: 'x' }, saving: { kind: 'failed' } });
  expect(drafts.isAnyUnsaved()).toBe(true);
  await vi.advanceTimersByTimeAsync(2 * AGAIN_MS);
  expect(sent).toHaveLength(3);
  expect(drafts.get(KEY)).toBeNull();
  expect(drafts.isAnyUnsaved()).toBe(false);
});

test('an answer of somebody else is shown beside, and overwritten only when that is wanted', async () => {
  answers = [fail(conflict())];
  const drafts = openDrafts(save);
  drafts.type(KEY, { value: 'mine' }, 1);
  await drafts.flush('e1');
  expect(drafts.get(KEY)).toMatchObject({
    said: { value: 'mine' },
    saving: { conflict: { theirs: { by: 'Bob' } } },
  });
  await vi.advanceTimersByTimeAsync(10 * AGAIN_MS);
  expect(sent).toHaveLength(1);
  drafts.insist(KEY);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.at(-1)).toEqual(['mine', 4]);
});

test('a refusal is not tried again', async () => {
  answers = [fail(new CallError('answers.need: expected text', { status: 422, failure: null }))];
  const drafts = openDrafts(save);
  drafts.type(KEY, { value: 'x' }, 0);
  await drafts.flush('e2');
  expect(sent).toEqual([]);
  await drafts.flush('e1');
  await vi.advanceTimersByTimeAsync(10 * AGAIN_MS);
  expect(sent).toHaveLength(1);
  expect(drafts.get(KEY)?.saving.kind).toBe('refused');
});

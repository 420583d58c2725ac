import { expect, test } from 'vitest';
import {
  checkClosing,
  checkOpen,
  contactToComplete,
  episodeToGive,
} from '../../../src/core/exception/work.ts';

const conflict = (message: string) => ({ kind: 'refused', as: 'conflict', path: '', message });
const DONE = conflict('this was dealt with already');
const NO_LEAD = conflict('there is no lead to give to somebody; close it instead');
const NO_CONTACT = conflict('this is about no contact');
const LEAD = conflict('a lead waits here; give it to somebody instead');

test.each([
  ['a lead that waits', { closedAt: null, contactId: 'c1', episodeId: 'e1' }, [null, 'e1', 'c1', LEAD]],
  [
    'a delivery about a contact',
    { closedAt: null, contactId: 'c1', episodeId: null },
    [null, NO_LEAD, 'c1', null],
  ],
  [
    'a breach of the whole',
    { closedAt: null, contactId: null, episodeId: null },
    [null, NO_LEAD, NO_CONTACT, null],
  ],
  ['what is closed', { closedAt: 0, contactId: null, episodeId: null }, [DONE, NO_LEAD, NO_CONTACT, null]],
] as const)('what may be done about %s', (_name, waiting, expected) => {
  const answers = [checkOpen, episodeToGive, contactToComplete, checkClosing].map(ask => ask(waiting));
  expect(answers).toEqual(expected);
});

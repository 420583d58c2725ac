import { describe, expect, test } from 'vitest';
import {
  checkClassing,
  checkJoining,
  checkPerson,
  checkTeam,
  checkTrouble,
  checkWork,
  type HeldLead,
  type Remit,
} from '../../../src/core/routing/remit.ts';

const ANN = { id: 'ann', name: 'Ann Lee' };
const FAY = { id: 'fay', name: 'Fay Ode' };
const MIA = { id: 'mia', name: 'Mia Fox' };
const MAX = { id: 'max', name: 'Max Roe' };
const TEAMS: Remit['teams'] = [
  { name: 'sales', label: 'Sales', manager: MIA, memberIds: ['ann', 'bob', 'both'] },
  { name: 'field', label: 'Field', manager: MAX, memberIds: ['fay', 'both'] },
  { name: 'lone', label: 'Lone', manager: null, memberIds: ['lou'] },
];
const as = (scope: Remit['scope'], userId: string | null): Remit => ({ scope, userId, teams: TEAMS });
const refusal = (message: string) => ({ kind: 'refused', as: 'forbidden', path: '', message });
const lead = (owner: HeldLead['owner'], team: string | null): HeldLead => ({ owner, team });

describe('a lead may be worked on', () => {
  test.each<[string, HeldLead, Remit]>([
    ['by its owner', lead(ANN, 'sales'), as('own', 'ann')],
    ['by its owner, whatever team it came by', lead(ANN, 'field'), as('own', 'ann')],
    ['by a member of the team in whose queue it lies', lead(null, 'sales'), as('own', 'bob')],
    ['by the manager of its team', lead(ANN, 'sales'), as('team', 'mia')],
    ['by the manager of its owner', lead(FAY, 'sales'), as('team', 'max')],
    ['by the manager of the queue', lead(null, 'field'), as('team', 'max')],
    ['by every manager, where nobody manages the team', lead(null, 'lone'), as('team', 'mia')],
    ['by every manager, in no queue', lead(null, null), as('team', 'nell')],
    [
      'by every manager, in the queue of a team that no longer exists',
      lead(null, 'past'),
      as('team', 'nell'),
    ],
    ['by an API key of a role whose own leads count', lead(ANN, 'sales'), as('own', null)],
    ['by an API key of a role whose teams count', lead(null, 'field'), as('team', null)],
    ['by an admin', lead(ANN, 'sales'), as('all', 'ada')],
  ])('%s', (_name, held, remit) => {
    expect(checkWork(held, remit)).toBeNull();
  });
});

describe('a lead may not be worked on', () => {
  test.each<[string, HeldLead, Remit, string]>([
    [
      'by a colleague',
      lead(ANN, 'sales'),
      as('own', 'bob'),
      'This lead belongs to Ann Lee. Mia Fox or an admin can reassign it.',
    ],
    [
      'by the manager of another team',
      lead(ANN, 'sales'),
      as('team', 'max'),
      'This lead belongs to Ann Lee. Mia Fox or an admin can reassign it.',
    ],
    [
      'by somebody of another team, where it waits',
      lead(null, 'sales'),
      as('own', 'fay'),
      'This lead waits in the queue of the team Sales. One of its members, Mia Fox or an admin can take it.',
    ],
    [
      'by a rep who manages nobody, where nobody manages',
      lead({ id: 'lou', name: 'Lou Kay' }, 'lone'),
      as('own', 'ann'),
      'This lead belongs to Lou Kay. A manager or an admin can reassign it.',
    ],
    [
      'by a rep, in no queue',
      lead(null, null),
      as('own', 'ann'),
      'This lead waits in the queue of no team. A manager or an admin can give it to somebody.',
    ],
    [
      'by a manager of neither team of its owner',
      lead({ id: 'both', name: 'Bo Thorn' }, null),
      as('team', 'nell'),
      'This lead belongs to Bo Thorn. Mia Fox, Max Roe or an admin can reassign it.',
    ],
  ])('%s', (_name, held, remit, message) => {
    expect(checkWork(held, remit)).toEqual(refusal(message));
  });
});

test('a trouble is for the person who deals with it, for those who may work on its lead, and for managers without one', () => {
  const about = (dealerId: string | null, held: HeldLead | null) => ({ dealerId, lead: held });
  expect(checkTrouble(about('fay', lead(ANN, 'sales')), as('own', 'fay'))).toBeNull();
  expect(checkTrouble(about(null, lead(ANN, 'sales')), as('own', 'ann'))).toBeNull();
  expect(checkTrouble(about(null, lead(ANN, 'sales')), as('own', 'fay'))).toMatchObject({ as: 'forbidden' });
  expect(checkTrouble(about(null, null), as('team', 'nell'))).toBeNull();
  expect(checkTrouble(about(null, null), as('own', null))).toBeNull();
  expect(checkTrouble(about(null, null), as('own', 'ann'))).toEqual(
    refusal('Only the person who deals with this, a manager or an admin can work on it.'),
  );
});

test('events are classed by those who work on a lead of the contact; by managers where it is nobody’s lead', () => {
  const both = [lead(ANN, 'sales'), lead(FAY, 'field')];
  expect(checkClassing(both, as('own', 'fay'))).toBeNull();
  expect(checkClassing(both, as('own', 'bob'))).toMatchObject({
    message: expect.stringContaining('Ann Lee'),
  });
  expect(checkClassing([], as('team', 'nell'))).toBeNull();
  expect(checkClassing([], as('own', 'ann'))).toMatchObject({ as: 'forbidden' });
});

test('when somebody works is changed by themselves, the manager of a team of theirs, and admins', () => {
  expect(checkPerson(ANN, as('own', 'ann'))).toBeNull();
  expect(checkPerson(ANN, as('team', 'mia'))).toBeNull();
  expect(checkPerson({ id: 'lou', name: 'Lou' }, as('team', 'max'))).toBeNull();
  expect(checkPerson(MAX, as('all', 'ada'))).toBeNull();
  expect(checkPerson(ANN, as('team', null))).toBeNull();
  const no = (message: string) => refusal(`Only ${message} can change this.`);
  expect(checkPerson(ANN, as('own', 'bob'))).toEqual(no('Ann Lee, Mia Fox or an admin'));
  expect(checkPerson(ANN, as('own', null))).toEqual(no('Ann Lee, Mia Fox or an admin'));
  expect(checkPerson(ANN, as('team', 'max'))).toEqual(no('Ann Lee, Mia Fox or an admin'));
  expect(checkPerson({ id: 'lou', name: 'Lou' }, as('own', 'ann'))).toEqual(no('Lou, a manager or an admin'));
  // In no team there is no manager; a key works for all people, as it is not one.
  expect(checkPerson(MAX, as('team', 'mia'))).toEqual(no('Max Roe or an admin'));
  expect(checkPerson(MAX, as('team', null))).toBeNull();
});

test('a team is changed by its manager, by every manager where it has none, and by admins', () => {
  const [sales, , lone] = TEAMS;
  if (sales === undefined || lone === undefined) throw new Error('there are no teams');
  for (const remit of [as('team', 'mia'), as('team', null), as('all', 'ada')])
    expect(checkTeam(sales, remit)).toBeNull();
  expect(checkTeam(lone, as('team', 'max'))).toBeNull();
  expect(checkTeam(sales, as('team', 'max'))).toEqual(
    refusal('Mia Fox manages the team Sales. Only Mia Fox or an admin can change it.'),
  );
});

test('nobody is taken from the team of another manager, who would lose their leads and notes to this one', () => {
  for (const remit of [as('team', 'mia'), as('all', 'ada'), as('team', null)])
    expect(checkJoining(ANN, remit)).toBeNull();
  expect(checkJoining({ id: 'new', name: 'New' }, as('team', 'max'))).toBeNull();
  expect(checkJoining(ANN, as('team', 'max'))).toEqual(
    refusal('Ann Lee is in a team of Mia Fox. An admin can put them into this one.'),
  );
});

import { describe, expect, it } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { STALE_AFTER } from '../../src/web/client/stale.ts';

type Endpoints = Readonly<Record<string, Pick<Endpoint, 'method' | 'file'>>>;
type Table = Readonly<Record<string, readonly string[]>>;

/** Writes after which every answer still holds. */
const HARMLESS = [
  'signOut',
  'requestReset',
  'readLink',
  'askWhatIf',
  'beginUpload',
  'sendPart',
  'previewImport',
  'planAgreement',
];

/** Reads of what no call of the API changes: the doctor looks anew. */
const LASTING = ['getDoctor'];

/** What a table of stale answers lacks or has too much, by the endpoints there are. */
function gapsIn(table: Table, endpoints: Endpoints): readonly string[] {
  const isWrite = (name: string) => endpoints[name] !== undefined && endpoints[name].method !== 'GET';
  const isRead = (name: string) => endpoints[name]?.method === 'GET' && endpoints[name].file === undefined;
  const renewed = new Set(Object.values(table).flat());
  return [
    ...Object.keys(endpoints)
      .filter(name => isWrite(name) && table[name] === undefined)
      .map(name => `${name} is not in the table`),
    ...Object.keys(endpoints)
      .filter(name => isWrite(name) && table[name]?.length === 0 && !HARMLESS.includes(name))
      .map(name => `${name} makes nothing stale`),
    ...Object.keys(table)
      .filter(name => !isWrite(name))
      .map(name => `${name} is not a write`),
    ...[...renewed].filter(name => !isRead(name)).map(name => `${name} is not a read`),
    ...Object.keys(endpoints)
      .filter(name => isRead(name) && !renewed.has(name) && !LASTING.includes(name))
      .map(name => `${name} is never stale`),
  ];
}

describe('what a write makes stale', () => {
  const endpoints: Endpoints = {
    listTeams: { method: 'GET' },
    getTeam: { method: 'GET' },
    saveTeam: { method: 'PUT' },
    deleteTeam: { method: 'DELETE' },
    askWhatIf: { method: 'POST' },
    getDoctor: { method: 'GET' },
    getTeamFile: { method: 'GET', file: 'text/csv; charset=utf-8' },
  };
  const complete: Table = { saveTeam: ['listTeams', 'getTeam'], deleteTeam: ['listTeams'], askWhatIf: [] };

  it.each<readonly [Table, readonly string[]]>([
    [complete, []],
    [{ saveTeam: ['getTeam', 'listTeams'], askWhatIf: [] }, ['deleteTeam is not in the table']],
    [{ ...complete, deleteTeam: [] }, ['deleteTeam makes nothing stale']],
    [{ ...complete, saveTeam: ['listTeams'] }, ['getTeam is never stale']],
    [{ ...complete, deleteTeam: ['listGone'] }, ['listGone is not a read']],
    [{ ...complete, deleteTeam: ['saveTeam'] }, ['saveTeam is not a read']],
    [{ ...complete, deleteTeam: ['getTeamFile'] }, ['getTeamFile is not a read']],
    [{ ...complete, listTeams: ['getTeam'] }, ['listTeams is not a write']],
    [{ ...complete, dropTeam: ['getTeam'] }, ['dropTeam is not a write']],
  ])('is seen to be incomplete in %j: %j', (table, gaps) => {
    expect(gapsIn(table, endpoints)).toEqual(gaps);
  });

  it('is named for every write of the API, and only of reads', () => {
    expect(gapsIn(STALE_AFTER, api)).toEqual([]);
  });

  it('is excepted only where that is so', () => {
    const empty = Object.entries(STALE_AFTER).filter(([, reads]) => reads.length === 0);
    expect(empty.map(([name]) => name).sort()).toEqual([...HARMLESS].sort());
    const renewed: readonly string[] = Object.values(STALE_AFTER).flat();
    expect(LASTING.filter(name => !Object.hasOwn(api, name) || renewed.includes(name))).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { counted, listed, percentWords, signed } from '../../src/core/text/number.ts';
import { addressOf, CallError, errorWords, fileAddress, mayCall } from '../../src/web/client/client.ts';
import type { useCall } from '../../src/web/client/query.ts';
import { staleAfter } from '../../src/web/client/stream.ts';
import { webAddress } from '../../src/web/kit/link.ts';

describe('the address of a call', () => {
  it('carries any id through the path unchanged', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), id => {
        const address = addressOf('/api/contacts/{id}/score', { params: { id }, query: {} });
        const found = /^\/api\/contacts\/([^/?#]+)\/score$/.exec(address)?.[1];
        expect(found === undefined ? null : decodeURIComponent(found)).toBe(id);
      }),
    );
  });

  it('leaves out what is not asked for', () => {
    const query = { limit: 5, cursor: undefined, q: '', owner: 'me' };
    expect(addressOf('/api/queue', { params: {}, query })).toBe('/api/queue?limit=5&owner=me');
  });
});

describe('the address of a file', () => {
  it('is that of its endpoint, with what is asked for', () => {
    const query = { from: '2026-03-01T00:00:00Z', by: 'source' } as const;
    expect(fileAddress('getLeakageFile', { query })).toBe(
      '/api/reports/leakage.csv?from=2026-03-01T00%3A00%3A00Z&by=source',
    );
    expect(fileAddress('getLeakageFile', {})).toBe('/api/reports/leakage.csv');
  });

  it('takes the place of a call, which reads JSON', () => {
    expectTypeOf<'getLeakageFile'>().toExtend<Parameters<typeof fileAddress>[0]>();
    expectTypeOf<'getLeakageFile'>().not.toExtend<Parameters<typeof useCall>[0]>();
    expectTypeOf<'getLeakage'>().not.toExtend<Parameters<typeof fileAddress>[0]>();
  });
});

describe('a refusal in words', () => {
  it('names the fields that were wrong', () => {
    const failure = {
      type: 'about:blank',
      title: 'Invalid',
      status: 422,
      detail: 'The call still cannot be used.',
      errors: [{ path: 'userId', message: 'expected non-blank text' }],
      requestId: 'r1',
    };
    const error = new CallError(failure.detail, { status: 422, failure });
    expect(errorWords(error)).toBe('The call still cannot be used. userId: expected non-blank text');
  });
});

describe('what a role may do', () => {
  it.each([
    ['rep', 'acceptEpisode', true],
    ['marketing', 'acceptEpisode', false],
    ['marketing', 'listRejected', true],
    ['rep', 'createKey', false],
    ['rep', 'getAcceptance', true],
    ['manager', 'saveTeam', true],
  ] as const)('%s, %s: %s', (role, name, expected) => {
    expect(mayCall(role, name)).toBe(expected);
  });
});

describe('a link made of what somebody typed', () => {
  it.each([
    ['https://northwind.example', 'https://northwind.example/'],
    [' http://a.example/x ', 'http://a.example/x'],
    ['javascript:alert(1)', null],
    ['JaVaScRiPt:alert(1)//https://', null],
    ['data:text/html,x', null],
    ['//evil.example', null],
    ['northwind.example', null],
    ['https://', null],
  ])('%s', (text, expected) => {
    expect(webAddress(text)).toBe(expected);
  });

  it('never leads anywhere but to a web address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), text => {
        expect(webAddress(text) ?? 'https://').toMatch(/^https?:\/\//);
      }),
    );
  });
});

describe('figures', () => {
  it('are written as people read them', () => {
    expect(signed(-1240)).toBe('−1,240');
    expect(percentWords(0.675)).toBe('68%');
    expect(percentWords(null)).toBe('–');
    expect(counted(1, 'reply', 'replies')).toBe('1 reply');
    expect(counted(0, 'reply', 'replies')).toBe('0 replies');
    expect([listed([], 'or'), listed(['a'], 'or'), listed(['a', 'b', 'c'], 'and')]).toEqual([
      '',
      'a',
      'a, b and c',
    ]);
  });
});

describe('a message from the server', () => {
  it('about a contact renews that contact and no other', () => {
    const keys = staleAfter({ kind: 'contact', contactId: 'c1' });
    expect(keys).toContainEqual(['getContact', { params: { id: 'c1' } }]);
    expect(keys.map(([name]) => name)).toContain('listContacts');
  });

  it('about the queue renews whatever shows who has which lead', () => {
    expect(staleAfter({ kind: 'queue' }).map(([name]) => name)).toEqual(
      expect.arrayContaining(['listQueue', 'listEpisodes', 'getAcceptance', 'listExceptions', 'listTeams']),
    );
  });
});

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Alert } from '../../contract/api/alert.ts';
import type { ReadEndpointName } from '../../contract/api.ts';
import { STREAM_PATH, type StreamMessage, streamMessage } from '../../contract/stream.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Demo } from './demo.ts';
import { REPORTS } from './stale.ts';

/** Messages are gathered this long before the page asks again: an import sends hundreds of them a second. */
const GATHER_MS = 1_000;
/** A stream that is down for less than this is a blink, not a lost connection. */
const PATIENCE_MS = 4_000;
/** The wait before a stream that the server closed for good is opened anew. */
const REOPEN_MS = 5_000;

const KINDS: readonly StreamMessage['kind'][] = ['alert', 'contact', 'queue', 'gap', 'demo'];

/** How the stream stands; `lost` shows a notice. */
type StreamState = 'open' | 'lost';

/** Listens to the server while mounted: asks again for what changed, and hands alerts to `onAlert`. */
export function useStream(onAlert: (alert: Alert) => void): StreamState {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('open');
  const alertRef = useRef(onAlert);
  useEffect(() => {
    alertRef.current = onAlert;
  });
  useEffect(() => {
    const renewal = gatherRenewals(client);
    let wasLost = false;
    const listener = listen({
      onState: next => {
        setState(next);
        // What changed while nobody listened was told to nobody.
        if (next === 'open')
          void client.invalidateQueries(
            wasLost ? {} : { predicate: ({ state: { fetchStatus } }) => fetchStatus === 'idle' },
          );
        wasLost = next === 'lost';
      },
      onMessage: message => {
        for (const key of staleAfter(message)) renewal.add(key);
        if (message.kind === 'gap') void client.invalidateQueries();
        if (message.kind === 'alert') alertRef.current(message.alert);
        if (message.kind === 'demo') noteDemo(client, message);
      },
    });
    return () => {
      listener.close();
      renewal.close();
    };
  }, [client]);
  return state;
}

type StaleKey =
  | readonly [ReadEndpointName]
  | readonly [ReadEndpointName, { readonly params: { readonly id: string } }];

/** What the page should ask for again after a message. */
export function staleAfter(message: StreamMessage): readonly StaleKey[] {
  switch (message.kind) {
    case 'alert':
      return [['listAlerts']];
    case 'queue':
      return [
        ['listQueue'],
        ['listEpisodes'],
        ...REPORTS.map(report => [report] as const),
        ['listExceptions'],
        ['listDuplicates'],
        ['getDuplicate'],
        ['getEpisodeRouting'],
        ['listTeams'],
        ['getTeamLedger'],
        ['getAvailability'],
        ['getBoard'],
        ['listColdLeads'],
        ['listDecidedLeads'],
        ['listNurture'],
        ['listWakeups'],
      ];
    case 'contact': {
      const of = { params: { id: message.contactId } };
      return [
        ['getContact', of],
        ['getContactScore', of],
        ['getContactChanges', of],
        ['getContactCourse', of],
        ['listTimeline', of],
        ['listContacts'],
        ['getEpisode'],
      ];
    }
    case 'gap':
    case 'session':
    case 'demo':
      return [];
    default:
      return unreachable(message);
  }
}

function gatherRenewals(client: QueryClient) {
  const waiting = new Map<string, StaleKey>();
  let timer: number | undefined;
  const flush = () => {
    timer = undefined;
    for (const queryKey of waiting.values()) void client.invalidateQueries({ queryKey });
    waiting.clear();
  };
  return {
    add: (key: StaleKey) => {
      waiting.set(JSON.stringify(key), key);
      timer ??= window.setTimeout(flush, GATHER_MS);
    },
    close: () => window.clearTimeout(timer),
  };
}

function noteDemo(
  client: QueryClient,
  { loaded, total }: { readonly loaded: number; readonly total: number },
) {
  client.setQueryData(['getSession', {}], (session: { readonly demo: Demo | null } | undefined) =>
    session?.demo == null ? session : { ...session, demo: { ...session.demo, loaded, total } },
  );
  if (loaded >= total) void client.invalidateQueries();
}

function listen(of: {
  readonly onState: (state: StreamState) => void;
  readonly onMessage: (message: StreamMessage) => void;
}) {
  let source: EventSource;
  let patience: number | undefined;
  let reopening: number | undefined;
  const open = () => {
    source = new EventSource(STREAM_PATH);
    source.onopen = () => {
      window.clearTimeout(patience);
      patience = undefined;
      of.onState('open');
    };
    source.onerror = () => {
      patience ??= window.setTimeout(() => of.onState('lost'), PATIENCE_MS);
      if (source.readyState !== EventSource.CLOSED) return;
      window.clearTimeout(reopening);
      reopening = window.setTimeout(open, REOPEN_MS);
    };
    for (const kind of KINDS) source.addEventListener(kind, event => receive(event.data));
  };
  const receive = (data: unknown) => {
    const message = typeof data === 'string' ? streamMessage.safeParse(parse(data)) : null;
    if (message?.success === true) of.onMessage(message.data);
  };
  open();
  return {
    close: () => {
      window.clearTimeout(patience);
      window.clearTimeout(reopening);
      source.close();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

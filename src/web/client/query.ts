import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  type UseQueryOptions,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { ReadEndpointName, WriteEndpointName } from '../../contract/api.ts';
import { CallError, type CallInput, type CallOutput, call } from './client.ts';
import { STALE_AFTER } from './stale.ts';

/** How long an answer counts as fresh: the stream reports changes, so this only bounds what a lost message costs. */
const FRESH_MS = 30_000;

/** The store of answers; a lost session asks again who is signed in, which shows the sign-in page. */
export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] === 'getSession') return;
        if (error instanceof CallError && error.status === 401)
          void client.invalidateQueries({ queryKey: ['getSession'] });
      },
    }),
    defaultOptions: {
      // Baton may run on this very machine, which answers without any network.
      queries: { staleTime: FRESH_MS, retry: isWorthRetrying, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

/** A refusal stays a refusal; only an absent or failing server is asked again, twice. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const isAway = error instanceof CallError && (error.status === 0 || error.status >= 500);
  return isAway && failures < 2;
}

/**
 * Asks the API and keeps the answer; `enabled` false waits, `keep` shows the old answer while a new one comes, `againMs`
 * says after how many milliseconds an answer is asked for again, null never.
 */
export function useCall<Name extends ReadEndpointName>(
  name: Name,
  input: CallInput<Name>,
  options: {
    readonly enabled?: boolean;
    readonly keep?: boolean;
    readonly againMs?: (answer: CallOutput<Name>) => number | null;
  } = {},
): UseQueryResult<CallOutput<Name>> {
  const observed: UseQueryOptions<CallOutput<Name>> = {
    queryKey: [name, input],
    queryFn: ({ signal }) => call(name, input, signal),
    enabled: options.enabled ?? true,
    refetchInterval: ({ state }) =>
      (state.data === undefined ? null : options.againMs?.(state.data)) ?? false,
  };
  return useQuery(options.keep === true ? { ...observed, placeholderData: keepPreviousData } : observed);
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/**
 * Asks a list of the API page by page; `items` are those of all pages so far, `first` is the first page. `againMs` says
 * after how many milliseconds they are asked for again; never without it.
 */
export function usePages<Item, Answer extends Page<Item>>(of: {
  readonly key: readonly [ReadEndpointName, ...unknown[]];
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<Answer & Page<Item>>;
  readonly enabled?: boolean;
  readonly againMs?: number;
}) {
  const start: string | undefined = undefined;
  const pages = useInfiniteQuery({
    queryKey: [...of.key, 'pages'],
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      of.load(pageParam, signal),
    initialPageParam: start,
    getNextPageParam: (last: Answer & Page<Item>) => last.nextCursor ?? undefined,
    enabled: of.enabled ?? true,
    placeholderData: previous => previous,
    refetchInterval: of.againMs ?? false,
  });
  const loaded = pages.data?.pages ?? [];
  return { ...pages, first: loaded[0], items: loaded.flatMap(page => page.items) };
}

/** Signs the person out and forgets all that the page knew. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await call('signOut', {}).catch(() => null);
    client.clear();
    window.location.assign('/');
  };
}

/** Calls an endpoint that changes something, then asks again for what that makes out of date. */
export function useChange<Name extends WriteEndpointName>(name: Name) {
  const client = useQueryClient();
  return useMutation<CallOutput<Name>, Error, CallInput<Name>>({
    mutationFn: input => call(name, input),
    onSettled: () => {
      for (const other of STALE_AFTER[name]) void client.invalidateQueries({ queryKey: [other] });
    },
  });
}

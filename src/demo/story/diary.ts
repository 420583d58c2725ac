import type { Campaign } from './campaign.ts';
import type { Chance, Filled } from './chance.ts';
import type { PageName } from './site.ts';

/** One thing somebody did, before it is written as a call. `at` is epoch milliseconds. */
export type Move =
  | {
      readonly kind: 'page';
      readonly at: number;
      readonly page: PageName;
      readonly campaign: Campaign | null;
      readonly isFirst: boolean;
    }
  | { readonly kind: 'identify'; readonly at: number; readonly from: 'browser' | 'server' }
  | { readonly kind: 'track'; readonly at: number; readonly event: string; readonly properties: Properties }
  | { readonly kind: 'delivery'; readonly at: number };

type Properties = Readonly<Record<string, string | number>>;

/** Notes down what somebody does while a journey is drawn. */
export interface Diary {
  readonly moves: readonly Move[];
  /** Page after page with the time to read them; answers when the last was opened. */
  visit(at: number, pages: Filled<PageName>): number;
  track(at: number, event: string, properties: Properties): void;
  identify(at: number, from: 'browser' | 'server'): void;
  /** A newsletter arrives; only mail gateways that open links themselves make something of it. */
  deliver(at: number): void;
}

/** Makes an empty diary; the first visit carries the campaign that brought it. */
export function makeDiary(chance: Chance, campaign: Campaign | null): Diary {
  const moves: Move[] = [];
  let visits = 0;
  return {
    moves,
    visit: (at, pages) => {
      let openedAt = Math.round(at);
      pages.forEach((page, index) => {
        if (index > 0) openedAt += Math.round(chance.skewed({ median: 50_000, spread: 0.8 }));
        const brought = visits === 0 && index === 0 ? campaign : null;
        moves.push({ kind: 'page', at: openedAt, page, campaign: brought, isFirst: index === 0 });
      });
      visits++;
      return openedAt;
    },
    track: (at, event, properties) => {
      moves.push({ kind: 'track', at: Math.round(at), event, properties });
    },
    identify: (at, from) => {
      moves.push({ kind: 'identify', at: Math.round(at), from });
    },
    deliver: at => {
      moves.push({ kind: 'delivery', at });
    },
  };
}

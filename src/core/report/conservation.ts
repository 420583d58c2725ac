import { counted } from '../text/number.ts';

/** The ways in which a lead can be lost; none may ever be found. */
export const BREACHES = [
  'not_handed_over',
  'unowned',
  'owner_inactive',
  'closed_without_reason',
  'no_task',
  'not_evaluated',
  'failed_unseen',
] as const;
export type BreachKind = (typeof BREACHES)[number];

/** A lead that is lost, or a message about one. `total` counts all of its kind. */
interface Lost {
  readonly kind: string;
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly detail: string;
  readonly total: number;
}

/** Leads that are lost in one way, with some of them. */
export interface Breach {
  readonly kind: BreachKind;
  readonly label: string;
  readonly count: number;
  readonly examples: readonly {
    readonly contactId: string | null;
    readonly episodeId: string | null;
    readonly detail: string;
  }[];
}

const WORDS: Readonly<Record<BreachKind, readonly [one: string, many: string, advice: string]>> = {
  not_handed_over: [
    'contact qualifies and was not handed over',
    'contacts qualify and were not handed over',
    'Look at the log of the sweep. The contact is handed over at its next event; a person can also call it now.',
  ],
  unowned: [
    'open lead has no owner, and nobody is asked to find one',
    'open leads have no owner, and nobody is asked to find one',
    'Assign the lead in the queue.',
  ],
  owner_inactive: [
    'open lead belongs to somebody who is switched off or may not work leads',
    'open leads belong to somebody who is switched off or may not work leads',
    'Reassign the lead in the queue.',
  ],
  closed_without_reason: [
    'lead was closed without a reason',
    'leads were closed without a reason',
    'Reopen the lead and decide on it anew.',
  ],
  no_task: [
    "open lead that nobody touched is on nobody's task list",
    "open leads that nobody touched are on nobody's task list",
    'Reassign the lead: its new owner gets the task.',
  ],
  not_evaluated: [
    'contact waits too long to be scored anew',
    'contacts wait too long to be scored anew',
    'Look whether a server runs and its sweep succeeds.',
  ],
  failed_unseen: [
    'message failed and nobody was told',
    'messages failed and nobody was told',
    'Send it again on the page of deliveries.',
  ],
};

/**
 * What a breach is, in words.
 *
 * @example breachLabel('unowned', 2) // '2 open leads have no owner, and nobody is asked to find one'
 */
export function breachLabel(kind: BreachKind, count: number): string {
  const [one, many] = WORDS[kind];
  return counted(count, one, many);
}

/** What to do about a breach. */
export function breachAdvice(kind: BreachKind): string {
  return WORDS[kind][2];
}

/**
 * Gathers lost leads by how they are lost, in the order of `BREACHES`; kinds of which there are none are left out.
 *
 * @example breachesOf([]) // []
 */
export function breachesOf(lost: readonly Lost[]): readonly Breach[] {
  return BREACHES.flatMap(kind => {
    const found = lost.filter(one => one.kind === kind);
    const [first] = found;
    if (first === undefined) return [];
    return [
      {
        kind,
        label: breachLabel(kind, first.total),
        count: first.total,
        examples: found.map(({ contactId, episodeId, detail }) => ({ contactId, episodeId, detail })),
      },
    ];
  });
}

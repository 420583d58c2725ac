import { useMemo } from 'react';
import { type Agreement, readAgreement } from '../../core/agreement/agreement.ts';
import { capital, makeSpelling, nameWords, type Spelling } from '../../core/condition/words.ts';
import { useCall } from '../client/query.ts';

/** An agreement version as the pages use it: read, with the spelling of its author. */
export interface ReadVersion {
  readonly agreement: Agreement;
  readonly spelling: Spelling;
}

/** Reads the body of an agreement version; null when this page is too old to understand it. */
export function readVersion(body: unknown): ReadVersion | null {
  const { agreement } = readAgreement(body);
  return agreement === null ? null : { agreement, spelling: makeSpelling(agreement) };
}

/**
 * What a score is called at the beginning of a line: by its label, else by its id in words.
 *
 * @example scoreName(null, 'account_fit') // 'Account fit'
 */
export function scoreName(agreement: Pick<Agreement, 'scores'> | null, id: string): string {
  const label = agreement?.scores.find(score => score.id === id)?.label ?? id;
  return label === id ? capital(nameWords(id)) : label;
}

/** The first active agreement (its heads, the version asked for or the active one, and that version read). */
export function useAgreement(chosen: number | null = null) {
  const list = useCall('listAgreements', {});
  const head = list.data?.items.find(({ activeVersion }) => activeVersion !== null) ?? null;
  const version = chosen ?? head?.activeVersion ?? null;
  const source = useCall(
    'getAgreementVersion',
    { params: { id: head?.id ?? '', version: version ?? 1 } },
    { enabled: head !== null && version !== null, keep: true },
  );
  const body = source.data?.body;
  const read = useMemo(() => (body === undefined ? null : readVersion(body)), [body]);
  return { list, head, source, read };
}

/** How the pages call scores, paths and disqualifiers: by the labels of the active agreement, else by their ids. */
export interface Names {
  readonly score: (id: string) => string;
  readonly group: (id: string) => string;
  readonly path: (id: string) => string;
  readonly disqualifier: (id: string) => string;
  /** The scores of the agreement in the order to show them. */
  readonly scores: readonly string[];
}

/** The labels of the active agreement. */
export function useNames(): Names {
  const { read } = useAgreement();
  return useMemo(() => {
    const agreement = read?.agreement;
    return {
      score: id => scoreName(agreement ?? null, id),
      group: id => agreement?.groups.find(group => group.id === id)?.label ?? id,
      path: id => agreement?.mql.find(path => path.id === id)?.label ?? id,
      disqualifier: id => agreement?.disqualify.find(entry => entry.id === id)?.label ?? id,
      scores: agreement?.scores.map(({ id }) => id) ?? [],
    };
  }, [read]);
}

import { listed } from '../../core/text/number.ts';
import type { Names } from '../agreement/version.ts';
import type { CallOutput } from '../client/client.ts';

type Changes = CallOutput<'getContactChanges'>;

/** How the empty state of the changes begins; the time follows. */
export const NO_CHANGE = 'Nothing changed since';

/** What turned between two moments beside the points, in words: qualification, disqualification, grade. */
export function standingWords(
  { from, to }: Pick<Changes, 'from' | 'to'>,
  names: Pick<Names, 'path' | 'disqualifier'>,
): readonly string[] {
  const began = to.disqualified.filter(id => !from.disqualified.includes(id)).map(names.disqualifier);
  const ceased = from.disqualified.filter(id => !to.disqualified.includes(id)).map(names.disqualifier);
  return [
    ...(from.applies === to.applies ? [] : [to.applies ? 'Began to be scored.' : 'Is no longer scored.']),
    ...(began.length === 0 ? [] : [`Became disqualified: ${listed(began, 'and')}.`]),
    ...(ceased.length === 0 ? [] : [`No longer disqualified: ${listed(ceased, 'and')}.`]),
    ...pathWords(from.qualifies, to.qualifies, names),
    ...(from.grade === null || to.grade === null || from.grade === to.grade
      ? []
      : [`Grade from ${from.grade} to ${to.grade}.`]),
  ];
}

function pathWords(
  before: string | null,
  after: string | null,
  names: Pick<Names, 'path'>,
): readonly string[] {
  if (before === after) return [];
  if (after === null) return [`No longer qualifies: ${names.path(before ?? '')}.`];
  return [
    before === null
      ? `Began to qualify: ${names.path(after)}.`
      : `Qualifies by ${names.path(after)}, before by ${names.path(before)}.`,
  ];
}

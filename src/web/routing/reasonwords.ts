import { capital, nameWords, uncapital } from '../../core/condition/words.ts';
import { fieldLabel } from '../words/field.ts';

/**
 * What is wrong, in one sentence: the reason from the fixed list, and what is known of this case. What says the reason
 * again is told once.
 *
 * @example troubleWords({ reason: { label: 'nobody of the team is there' }, detail: 'team emea' }) // 'Nobody of the team is there: team emea.'
 */
export function troubleWords(of: {
  readonly reason: { readonly label: string };
  readonly detail: string;
}): string {
  const { label } = of.reason;
  const clauses = tellingClauses(of.detail).filter(clause => clause !== label);
  const detail = clauses.join('; ');
  const isSaid = clauses.some(clause => withoutTeam(clause).endsWith(label));
  const words = detail === '' ? label : isSaid || detail.startsWith(label) ? detail : `${label}: ${detail}`;
  return capital(/[.!?]$/.test(words) ? words : `${words}.`);
}

/** A clause that speaks of any team, as the fixed reasons do. */
function withoutTeam(clause: string): string {
  return clause.replace(/\bteam [a-z0-9 ]+? (?=has no|does not)/, 'the team ');
}

/** What is no trouble: the first lead of a company belongs to nobody yet. */
const UNTELLING = 'nobody owns the company yet';

/**
 * Why routing gave a lead to somebody, without the ids of entries and without what is no trouble.
 *
 * @example becauseWords('known: nobody owns the company yet; emea: Ann Lee is next in team emea') // 'Ann Lee is next in team emea'
 */
export function becauseWords(because: string): string {
  const telling = tellingClauses(because);
  if (telling.length > 0) return capital(telling.join('; '));
  return because.endsWith(UNTELLING) ? capital(UNTELLING) : because;
}

function tellingClauses(words: string): readonly string[] {
  return words
    .split('; ')
    .map(clauseWords)
    .filter(clause => clause !== '' && !clause.endsWith(UNTELLING));
}

/**
 * A clause as routing writes it, with names as words, without the id of the routing entry it is about, and without the
 * entry's label where that is the name of the team told of.
 *
 * @example clauseWords('Commercial: Ann Lee is next in team commercial') // 'Ann Lee is next in team commercial'
 */
export function clauseWords(clause: string): string {
  const words = clause
    .trim()
    .replace(/^[a-z][a-z0-9_]*: /, '')
    .replace(FIELD, field => uncapital(fieldLabel(field)))
    .replace(/\bteam ([a-z][a-z0-9_]*)/gi, team => nameWords(team));
  const [, label = '', rest = ''] = /^(?:team )?([^:]+): (.+)$/i.exec(words) ?? [];
  return label !== '' && `${rest} `.includes(`team ${label.toLowerCase()} `) ? rest : words;
}

/** A profile field as the server names it in a sentence. */
const FIELD = /(?<=^|\s)(?:contact|company)(?:\.[A-Za-z][A-Za-z0-9_]*)+/g;

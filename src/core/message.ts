import { z } from 'zod';
import { cut, escapeHtml, manyLines, oneLine } from './safetext.ts';
import { unreachable } from './unreachable.ts';

/** What an alert tells: kept in the outbox as data and put into words when it is sent. Times in epoch ms. */
export const alertPayload = z.object({
  /** A lead was handed over, waits for an owner, or did something notable before it qualifies. */
  kind: z.enum(['handoff', 'waiting', 'early']),
  episodeId: z.string().nullable(),
  contactId: z.string(),
  lead: z.object({
    name: z.string(),
    title: z.string().nullable(),
    company: z.string().nullable(),
    email: z.string().nullable(),
  }),
  /** Why, in one sentence. */
  sentence: z.string(),
  /** The heaviest lines of the breakdown. */
  lines: z.array(z.object({ label: z.string(), points: z.number(), count: z.number().optional() })),
  total: z.number().nullable(),
  grade: z.string().nullable(),
  pathLabel: z.string(),
  ownerName: z.string().nullable(),
  dueAt: z.number().nullable(),
  dueKind: z.enum(['firstTouch', 'decision']).nullable(),
  source: z.string().nullable(),
  /** The in-app alert that says the same. */
  alertId: z.string().nullable(),
});
export type AlertPayload = z.infer<typeof alertPayload>;

/** The way a message leaves. */
export type Channel = 'email' | 'slack' | 'in_app' | 'webhook';

/** A message promised in a transaction; `recipient` is an address, `slack` or a user id. Times in epoch ms. */
export interface Effect {
  readonly id: string;
  readonly channel: Channel;
  readonly recipient: string;
  readonly subject: string;
  readonly payload: AlertPayload;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
}

/** An alert in words, safe to escape into any medium: every text is one line. */
export interface Message {
  readonly title: string;
  readonly who: string;
  readonly sentence: string;
  readonly lines: readonly string[];
  /** Short facts with their names: score, owner, source. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly due: { readonly label: string; readonly at: number } | null;
  readonly link: string;
}

/** The longest name or company that is shown; longer ones are mistakes or mischief. */
const MAX_NAME = 80;
/** RFC 5322 allows 998 characters a line; mail clients show some 70. */
const MAX_SUBJECT = 150;
/** How many lines of the breakdown a message shows: what can be taken in at a glance. */
const MAX_LINES = 5;

/**
 * The subject of an alert: what happened, who, how strong.
 *
 * @example subjectOf(payload) // 'New lead: Ann Lee, Acme (A1, 87 points)'
 */
export function subjectOf(payload: AlertPayload): string {
  const score = scoreWords(payload);
  const end = score === null ? '' : ` (${score})`;
  return `${cut(titleOf(payload), MAX_SUBJECT - end.length)}${end}`;
}

/** Puts an alert into words; `baseUrl` is the public address of the app. */
export function messageOf(payload: AlertPayload, baseUrl: string): Message {
  const { lead, dueAt, dueKind } = payload;
  const who = [lead.title, lead.company, lead.email].flatMap(part =>
    part === null ? [] : [oneLine(part, MAX_NAME)],
  );
  const facts: readonly (readonly [string, string | null])[] = [
    ['Score', scoreWords(payload)],
    ['Reason', payload.pathLabel],
    ['Owner', payload.ownerName ?? (payload.kind === 'early' ? null : 'nobody yet')],
    ['Source', payload.source],
  ];
  return {
    title: titleOf(payload),
    who: who.filter(part => part !== '').join(', '),
    sentence: oneLine(payload.sentence, 1000),
    lines: payload.lines.slice(0, MAX_LINES).map(lineWords),
    facts: facts.flatMap(([name, value]) => {
      const words = value === null ? '' : oneLine(value, MAX_NAME);
      return words === '' ? [] : [[name, words] as const];
    }),
    due:
      dueAt === null
        ? null
        : { label: dueKind === 'decision' ? 'Decision due' : 'First touch due', at: dueAt },
    link: linkTo(baseUrl, payload.contactId),
  };
}

/** Says an alert in one line for places that show no more, such as the list in the app. */
export function lineOf(payload: AlertPayload): string {
  const company = payload.lead.company === null ? '' : `, ${oneLine(payload.lead.company, MAX_NAME)}`;
  const score = scoreWords(payload);
  const strength = score === null ? '' : ` (${score})`;
  return `${nameOf(payload)}${company}${strength}: ${manyLines(oneLine(payload.sentence, 500), 500)}`;
}

function titleOf(payload: AlertPayload): string {
  const company = payload.lead.company === null ? '' : oneLine(payload.lead.company, MAX_NAME);
  const whose = company === '' ? nameOf(payload) : `${nameOf(payload)}, ${company}`;
  switch (payload.kind) {
    case 'handoff':
      return `New lead: ${whose}`;
    case 'waiting':
      return `Nobody owns this lead: ${whose}`;
    case 'early':
      return `Early signal: ${whose}`;
    default:
      return unreachable(payload.kind);
  }
}

function nameOf({ lead }: AlertPayload): string {
  const name = oneLine(lead.name, MAX_NAME);
  return name === '' ? 'Somebody without a name' : name;
}

function scoreWords({ total, grade }: AlertPayload): string | null {
  if (total === null) return null;
  const points = `${figure(total)} ${Math.abs(total) === 1 ? 'point' : 'points'}`;
  return grade === null ? points : `${oneLine(grade, 20)}, ${points}`;
}

function lineWords({ label, points, count }: AlertPayload['lines'][number]): string {
  const often = count === undefined || count < 2 ? '' : `, ${count} times`;
  return `${points < 0 ? figure(points) : `+${points}`} ${oneLine(label, 200)}${often}`;
}

function figure(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}

/** The page of a contact. @example linkTo('https://baton.acme.com/', 'c1') // 'https://baton.acme.com/contacts/c1' */
export function linkTo(baseUrl: string, contactId: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/contacts/${encodeURIComponent(contactId)}`;
}

/**
 * An instant for people whose time zone is not known.
 *
 * @example timeWords(0) // 'Thu 1 Jan 1970, 00:00 UTC'
 */
export function timeWords(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(at);
  const day = `${part({ weekday: 'short' })} ${part({ day: 'numeric', month: 'short', year: 'numeric' })}`;
  return `${day}, ${part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })} UTC`;
}

/** The message as plain text. */
export function textOf(message: Message): string {
  const { title, who, sentence, lines, facts, due, link } = message;
  const parts = [
    who === '' ? title : `${title}\n${who}`,
    sentence,
    lines.join('\n'),
    [
      ...facts.map(([name, value]) => `${name}: ${value}`),
      ...(due === null ? [] : [`${due.label}: ${timeWords(due.at)}`]),
    ].join('\n'),
    `Open the lead: ${link}`,
  ];
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** The message as an HTML page: inline styles and no pictures, as mail clients need it; everything escaped. */
export function htmlOf(message: Message): string {
  const { title, who, sentence, lines, due, link } = message;
  const facts = [...message.facts, ...(due === null ? [] : [[due.label, timeWords(due.at)] as const])].map(
    ([name, value]) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#5b6670">${escapeHtml(name)}</td><td style="padding:2px 0">${escapeHtml(value)}</td></tr>`,
  );
  const points = lines.map(line => `<li style="padding:2px 0">${escapeHtml(line)}</li>`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif;color:#1c2329">',
    `<h1 style="margin:0;font-size:20px;line-height:1.3">${escapeHtml(title)}</h1>`,
    who === '' ? '' : `<p style="margin:4px 0 0;color:#5b6670">${escapeHtml(who)}</p>`,
    `<p style="margin:16px 0">${escapeHtml(sentence)}</p>`,
    points.length === 0 ? '' : `<ul style="margin:16px 0;padding:0;list-style:none">${points.join('')}</ul>`,
    facts.length === 0
      ? ''
      : `<table role="presentation" style="border-collapse:collapse;margin:16px 0">${facts.join('')}</table>`,
    `<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0b5f5a;color:#ffffff;text-decoration:none">Open the lead</a></p>`,
    '</body></html>\n',
  ].join('');
}

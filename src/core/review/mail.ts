import { escapeHtml, unlinked } from '../text/safe.ts';
import { dayIn } from '../time/zone.ts';
import { ENTRY_WORDS, percentOf, scopeWords, standWords, talkingPoints } from './page.ts';
import type { Cell, Review, ReviewEntry, ReviewSection, ReviewTable, Tone } from './review.ts';

/** What a mail says in the place of its usual words: as a part of an HTML page, and as plain text. */
export interface ReviewMail {
  readonly html: string;
  readonly text: string;
}

/**
 * Writes a review for mail: tables alone, with bars made of cells, styles in every tag, no pictures; every text is escaped,
 * and no address that somebody typed becomes a link.
 */
export function reviewMail(review: Review): ReviewMail {
  return { html: mailHtml(review), text: mailText(review) };
}

const COLORS: Readonly<Record<Tone, string>> = { good: '#146b57', bad: '#a0441d', plain: '#1f2a26' };
const BARS: Readonly<Record<Tone, string>> = { good: '#146b57', bad: '#d9825b', plain: '#7fa89b' };
const FAINT = 'color:#5c6964';
const PLAIN_TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

/** Text of a review, safe in HTML and without links of its own. */
function safe(text: string): string {
  return escapeHtml(unlinked(text));
}

function mailHtml(review: Review): string {
  const { verdict, highlights, sections, entries, earlier } = review;
  const stand = standWords(review);
  return [
    `<table ${PLAIN_TABLE} width="100%" style="max-width:680px"><tr><td>`,
    `<p style="margin:4px 0 0;font-size:13px;${FAINT}">${safe(scopeWords(review))}</p>`,
    stand === '' ? '' : `<p style="margin:12px 0 0;padding:8px 12px;background:#fdf8e6">${safe(stand)}</p>`,
    `<p style="margin:16px 0;padding:12px 16px;border-left:4px solid ${COLORS[verdict.tone]};background:#f3f5f4;font-size:17px;font-weight:bold">${safe(verdict.headline)}</p>`,
    review.state === 'ahead' ? '' : highlightsHtml(highlights),
    pointsHtml(review),
    earlier.length === 0 ? '' : entriesHtml('From earlier reviews', earlier, review.timezone),
    ...sections.map(sectionHtml),
    entries.length === 0 ? '' : entriesHtml('At this review', entries, review.timezone),
    '</td></tr></table>',
  ]
    .filter(part => part !== '')
    .join('\n');
}

function pointsHtml(review: Review): string {
  const items = talkingPoints(review).map(point => `<li style="padding:2px 0">${safe(point)}</li>`);
  return items.length === 0
    ? ''
    : `<p style="margin:16px 0 0"><b>To talk about first</b></p><ul style="margin:4px 0 0;padding-left:20px">${items.join('')}</ul>`;
}

function highlightsHtml(highlights: Review['highlights']): string {
  const cells = highlights.map(
    ({ label, value, note, tone }) =>
      `<td width="25%" valign="top" style="padding:8px 12px 8px 0"><span style="font-size:12px;${FAINT}">${safe(label)}</span><br><b style="font-size:22px;color:${COLORS[tone]}">${safe(value)}</b><br><span style="font-size:12px;${FAINT}">${safe(note)}</span></td>`,
  );
  return `<table ${PLAIN_TABLE} width="100%"><tr>${cells.join('')}</tr></table>`;
}

function sectionHtml({ title, text, tables }: ReviewSection): string {
  return [
    `<h2 style="margin:24px 0 4px;padding:16px 0 0;border-top:1px solid #dfe4e1;font-size:17px;line-height:1.35">${safe(title)}</h2>`,
    ...text.map(words => `<p style="margin:4px 0">${safe(words)}</p>`),
    ...tables.map(tableHtml),
  ].join('\n');
}

const CELL = 'padding:4px 12px 4px 0;border-bottom:1px solid #e9edeb;font-size:13px';

function tableHtml({ caption, columns, rows }: ReviewTable): string {
  const align = (index: number) => (columns[index]?.isFigure === true ? 'right' : 'left');
  return [
    `<p style="margin:12px 0 0;font-size:12px;${FAINT}">${safe(caption)}</p>`,
    '<table cellpadding="0" cellspacing="0" border="0" width="100%" style="border-collapse:collapse"><tr>',
    ...columns.map(
      ({ label }, index) =>
        `<th align="${align(index)}" valign="bottom" style="${CELL};font-weight:normal;font-size:12px;${FAINT}">${safe(label)}</th>`,
    ),
    '</tr>',
    ...rows.map(
      cells =>
        `<tr>${cells.map((cell, index) => `<td align="${align(index)}" valign="top" style="${CELL}">${cellHtml(cell)}</td>`).join('')}</tr>`,
    ),
    '</table>',
  ].join('\n');
}

function cellHtml({ text, bar, tone }: Cell): string {
  const words = `<span style="color:${COLORS[tone]}">${safe(text)}</span>`;
  return bar === null ? words : `${words}${barHtml(percentOf(bar), BARS[tone])}`;
}

/** A bar of two cells, of which one has a colour. */
function barHtml(percent: number, color: string): string {
  const part = (width: number, background: string) =>
    width === 0
      ? ''
      : `<td width="${width}%" height="5" style="height:5px;line-height:5px;font-size:0;background:${background}">&nbsp;</td>`;
  return `<table ${PLAIN_TABLE} width="100%" style="min-width:60px"><tr>${part(percent, color)}${part(100 - percent, '#e9edeb')}</tr></table>`;
}

function entriesHtml(title: string, entries: readonly ReviewEntry[], zone: string): string {
  const lines = entries.map(
    entry =>
      `<tr><td valign="top" style="${CELL};font-weight:bold">${ENTRY_WORDS[entry.kind][0]}</td><td style="${CELL}">${safe(entry.text)}<br><span style="font-size:12px;${FAINT}">${safe(byWords(entry, zone))}</span></td></tr>`,
  );
  return `<h2 style="margin:24px 0 4px;font-size:17px">${safe(title)}</h2>\n<table cellpadding="0" cellspacing="0" border="0" width="100%">${lines.join('')}</table>`;
}

function byWords({ kind, author, at, done }: ReviewEntry, zone: string): string {
  const state =
    kind !== 'todo'
      ? ''
      : done === null
        ? ', open'
        : `, done on ${dayIn(zone, Date.parse(done.at))} by ${done.by}`;
  return `${author}, ${dayIn(zone, Date.parse(at))}${state}`;
}

function mailText(review: Review): string {
  const { verdict, highlights, sections, entries, earlier, timezone, state } = review;
  const entryLines = (title: string, of: readonly ReviewEntry[]) =>
    of.length === 0
      ? ''
      : [
          title,
          ...of.map(entry => `- ${ENTRY_WORDS[entry.kind][0]}: ${entry.text} (${byWords(entry, timezone)})`),
        ].join('\n');
  const parts = [
    scopeWords(review),
    standWords(review),
    verdict.headline,
    state === 'ahead'
      ? ''
      : highlights.map(({ label, value, note }) => `${label}: ${value} (${note})`).join('\n'),
    entryLines('From earlier reviews', earlier),
    ...sections.map(sectionText),
    entryLines('At this review', entries),
  ];
  return unlinked(parts.filter(part => part !== '').join('\n\n'));
}

function sectionText({ title, text, tables }: ReviewSection): string {
  return [
    `## ${title}`,
    ...text,
    ...tables.flatMap(({ caption, columns, rows }) => [
      '',
      `${caption}:`,
      ...rows.map(([head, ...cells]) => {
        const figures = cells.map((cell, index) => `${columns[index + 1]?.label ?? ''} ${cell.text}`);
        return `- ${head?.text ?? ''}: ${figures.join(', ')}`;
      }),
    ]),
  ].join('\n');
}

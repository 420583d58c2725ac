import type { Drawing } from '../chart/drawing.ts';
import { svgOf } from '../chart/svg.ts';
import { trendOf } from '../chart/trend.ts';
import { percentWords } from '../text/number.ts';
import { escapeHtml } from '../text/safe.ts';
import { dayIn, timeWords } from '../time/zone.ts';
import type { Cell, RateTrend, Review, ReviewEntry, ReviewSection, ReviewTable } from './review.ts';

/**
 * Draws how a rate went, with the agreed band and limits.
 *
 * @example drawTrend({ title: 'Acceptance', periods: [], points: [], band: null, floor: null, ceiling: null, marks: [] }).title // 'Acceptance'
 */
export function drawTrend(trend: RateTrend, width = 760, height = 240): Drawing {
  const { title, periods, points, band, floor, ceiling, marks } = trend;
  const limit = (value: number | null, name: string) =>
    value === null ? [] : [{ value, text: `${name} ${percentWords(value)}` }];
  return trendOf(
    {
      ...{ title, periods, marks, unit: 'share' },
      ...(band === null ? {} : { band }),
      limits: [...limit(floor, 'Floor'), ...limit(ceiling, 'Ceiling')],
      lines: [{ label: 'Accepted', ink: 'first', points }],
    },
    width,
    height,
  );
}

/** What a review says of itself where its period is not over; nothing where it is. */
export function standWords({ state, at, timezone, days }: Review): string {
  if (state === 'over') return '';
  return state === 'ahead'
    ? `Not over yet: this period begins on ${dateOf(days[0])}, so there are no figures.`
    : `Not over yet: these are the figures until ${timeWords(Date.parse(at), timezone)}. The period ends on ${dateOf(days[1])}.`;
}

function dateOf(day: string): string {
  return dayIn('UTC', Date.parse(`${day}T00:00:00Z`));
}

/** The days of a review and as of when it is, in words. */
export function scopeWords({ days, at, timezone }: Review): string {
  return `Leads handed off from ${dateOf(days[0])} to ${dateOf(days[1])}, as they stood on ${timeWords(Date.parse(at), timezone)}. Days begin at midnight in ${timezone}.`;
}

/** What kinds of entries are called, one and several. */
export const ENTRY_WORDS: Readonly<Record<ReviewEntry['kind'], readonly [one: string, many: string]>> = {
  decision: ['Decision', 'Decisions'],
  todo: ['To-do', 'To-dos'],
  note: ['Note', 'Notes'],
};

/**
 * Writes a review as an HTML page that stands alone and prints well: no scripts and nothing from elsewhere; every text is
 * escaped.
 */
export function reviewPage(review: Review): string {
  const { title, verdict, highlights, sections, entries, earlier } = review;
  const stand = standWords(review);
  const definitions = definitionsOf(sections);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    `<header><h1>${escapeHtml(title)}</h1><p class="scope">${escapeHtml(scopeWords(review))}</p></header>`,
    stand === '' ? '' : `<p class="stand">${escapeHtml(stand)}</p>`,
    `<p class="verdict ${verdict.tone}">${escapeHtml(verdict.headline)}</p>`,
    review.state === 'ahead' ? '' : `<div class="figures">${highlights.map(figureHtml).join('')}</div>`,
    pointsHtml(review),
    earlier.length === 0 ? '' : entriesHtml('From earlier reviews', earlier, review),
    ...sections.map(sectionHtml),
    entries.length === 0 ? '' : entriesHtml('At this review', entries, review),
    definitions.length === 0
      ? ''
      : `<section class="definitions"><h2>What the figures are</h2><ul>${definitions.map(text => `<li>${escapeHtml(text)}</li>`).join('')}</ul></section>`,
    '</body></html>\n',
  ]
    .filter(part => part !== '')
    .join('\n');
}

/** What stands out in a review, to talk about first: the findings that are not as they should be. */
export function talkingPoints({ sections }: Pick<Review, 'sections'>): readonly string[] {
  return sections.filter(({ tone, id }) => tone === 'bad' && id !== 'acceptance').map(({ title }) => title);
}

/** The definitions of all sections, each once. */
export function definitionsOf(sections: readonly ReviewSection[]): readonly string[] {
  return [...new Set(sections.flatMap(({ definitions }) => definitions.map(({ text }) => text)))];
}

function pointsHtml(review: Review): string {
  const points = talkingPoints(review);
  const items = points.map(point => `<li>${escapeHtml(point)}</li>`);
  return items.length === 0
    ? ''
    : `<div class="points"><h2>To talk about first</h2><ul>${items.join('')}</ul></div>`;
}

function figureHtml({ label, value, note, tone }: Review['highlights'][number]): string {
  return `<div class="figure ${tone}"><span>${escapeHtml(label)}</span><b>${escapeHtml(value)}</b><small>${escapeHtml(note)}</small></div>`;
}

function sectionHtml({ title, text, trend, tables, tone }: ReviewSection): string {
  return [
    `<section><h2 class="${tone}">${escapeHtml(title)}</h2>`,
    ...text.map(words => `<p>${escapeHtml(words)}</p>`),
    trend === null
      ? ''
      : `<figure>${svgOf(drawTrend(trend))}<figcaption>${escapeHtml(trend.title)}</figcaption></figure>`,
    ...tables.map(tableHtml),
    '</section>',
  ].join('\n');
}

function tableHtml({ caption, columns, rows }: ReviewTable): string {
  const kind = (index: number) => (columns[index]?.isFigure === true ? ' class="figure"' : '');
  return [
    `<div class="wide"><table><caption>${escapeHtml(caption)}</caption><thead><tr>`,
    ...columns.map(({ label }, index) => `<th scope="col"${kind(index)}>${escapeHtml(label)}</th>`),
    '</tr></thead><tbody>',
    ...rows.map(
      cells =>
        `<tr>${cells.map((cell, index) => (index === 0 ? `<th scope="row">${escapeHtml(cell.text)}</th>` : `<td${kind(index)}>${cellHtml(cell)}</td>`)).join('')}</tr>`,
    ),
    '</tbody></table></div>',
  ].join('');
}

function cellHtml({ text, bar, tone }: Cell): string {
  const words = `<span class="${tone}">${escapeHtml(text)}</span>`;
  return bar === null
    ? words
    : `${words}<i class="bar"><i class="${tone}" style="width:${percentOf(bar)}%"></i></i>`;
}

/** How long a bar is, in whole percent of its place. @example percentOf(0.345) // 35 */
export function percentOf(bar: number): number {
  return Math.round(Math.min(1, Math.max(0, bar)) * 100);
}

function entriesHtml(title: string, entries: readonly ReviewEntry[], { timezone }: Review): string {
  const items = entries.map(({ kind, text, author, at, done }) => {
    const state =
      kind !== 'todo'
        ? ''
        : done === null
          ? ' · open'
          : ` · done on ${dayIn(timezone, Date.parse(done.at))} by ${done.by}`;
    return `<li class="${done === null ? '' : 'done'}"><b>${ENTRY_WORDS[kind][0]}</b> <span>${escapeHtml(text)}</span> <small>${escapeHtml(`${author}, ${dayIn(timezone, Date.parse(at))}${state}`)}</small></li>`;
  });
  return `<section class="entries"><h2>${escapeHtml(title)}</h2><ul>${items.join('')}</ul></section>`;
}

const STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;padding:32px 24px 64px;max-width:860px;background:#fff;color:#1f2a26;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{margin:0;font-size:26px;line-height:1.25;letter-spacing:-.01em}
h2{margin:0 0 6px;font-size:18px;line-height:1.35;text-wrap:balance}
p{margin:4px 0;max-width:70ch}
.scope,small,figcaption,caption{color:#5c6964}
.scope{font-size:13px}
.stand{margin:16px 0 0;padding:10px 14px;max-width:none;border:1px solid #d8c27a;border-radius:6px;background:#fdf8e6}
.verdict{margin:20px 0 0;padding:14px 18px;max-width:none;border-left:5px solid #8b9691;background:#f3f5f4;font-size:18px;font-weight:600;line-height:1.4;text-wrap:pretty}
.verdict.good{border-color:#146b57;background:#eaf4f0}
.verdict.bad{border-color:#b4552d;background:#fbefe9}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:0;margin:18px 0 0;border:1px solid #dfe4e1;border-radius:6px}
.figures .figure{display:flex;flex-direction:column;padding:12px 14px;border-left:1px solid #dfe4e1}
.figures .figure:first-child{border-left:0}
.figures span{font-size:13px;color:#5c6964}
.figures b{font-size:25px;line-height:1.25}
.figures .bad b,span.bad{color:#a0441d}
.figures .good b,span.good{color:#146b57}
.figures small{font-size:12px;line-height:1.35}
.points{margin:20px 0 0}
.points h2{font-size:15px}
.points ul{margin:4px 0 0;padding-left:20px}
.points li{padding:2px 0}
section{margin:34px 0 0;padding:18px 0 0;border-top:1px solid #dfe4e1}
figure{margin:14px 0 0}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:12px}
.wide{overflow-x:auto;margin:14px 0 0}
table{width:100%;border-collapse:collapse;font-size:13.5px}
caption{padding:0 0 4px;text-align:left;font-size:12.5px}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid #e9edeb;text-align:left;vertical-align:top}
th{font-weight:500}
thead th{color:#5c6964;font-size:12px;white-space:nowrap;vertical-align:bottom}
td.figure,th.figure{text-align:right;padding-right:0;padding-left:14px}
tbody th{min-width:120px;overflow-wrap:anywhere}
td.figure>span{white-space:nowrap}
.bar{display:block;height:4px;margin:3px 0 1px;min-width:72px;background:#e9edeb;border-radius:2px}
.bar i{display:block;height:4px;background:#7fa89b;border-radius:2px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar i.bad{background:#d9825b}
.bar i.good{background:#146b57}
.entries ul,.definitions ul{margin:8px 0 0;padding:0;list-style:none}
.entries li{padding:6px 0;border-bottom:1px solid #e9edeb}
.entries li b{display:inline-block;min-width:76px}
.entries li span{white-space:pre-wrap;overflow-wrap:anywhere}
.entries li small{display:block;padding-left:80px;font-size:12px}
.entries li.done span{color:#5c6964;text-decoration:line-through}
.definitions{color:#5c6964;font-size:12.5px}
.definitions h2{font-size:15px;color:#1f2a26}
.definitions li{padding:3px 0;max-width:90ch}
@media (max-width:620px){body{padding:20px 16px 40px}.figures{grid-template-columns:1fr 1fr}.figures .figure:nth-child(odd){border-left:0}.figures .figure:nth-child(n+3){border-top:1px solid #dfe4e1}.entries li small{padding-left:0}}
@page{size:A4;margin:16mm 14mm}
@media print{body{padding:0;max-width:none;font-size:10.5pt}.verdict,.stand,.bar,.figures{print-color-adjust:exact;-webkit-print-color-adjust:exact}h1{font-size:19pt}h2{font-size:13pt;break-after:avoid}h2+p,caption,thead{break-after:avoid}p{orphans:3;widows:3}tr,figure,.verdict,.figures,.entries li{break-inside:avoid}thead{display:table-header-group}.wide{overflow:visible}table{font-size:9.5pt}section{margin-top:20pt}.figures{grid-template-columns:repeat(4,1fr)}.definitions{break-before:page}}
`.trim();

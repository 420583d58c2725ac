import type { Message } from '../alert/message.ts';
import { escapeHtml, oneLine, unlinked } from '../text/safe.ts';

/** The longest subject, in characters. */
const MAX_SUBJECT = 200;

/** A subject on one line. Mail programs make links of what looks like a web address, so a lead's name must not. */
export function mailSubject(text: string): string {
  return unlinked(oneLine(text, MAX_SUBJECT));
}

/** The message with every web address broken but those of its links, which are ours. */
function withoutAddresses(message: Message): Message {
  const { title, who, sentence, lines, recent, facts, next, items } = message;
  return {
    ...message,
    title: unlinked(title),
    who: unlinked(who),
    sentence: unlinked(sentence),
    lines: lines.map(unlinked),
    recent: recent.map(unlinked),
    facts: facts.map(([name, value]) => [name, unlinked(value)]),
    next: next === null ? null : unlinked(next),
    items: items.map(item => ({ ...item, title: unlinked(item.title), text: unlinked(item.text) })),
  };
}

/** The message as plain text. */
export function textOf(message: Message): string {
  const { title, who, sentence, lines, recent, facts, due, next, items, links, page } =
    withoutAddresses(message);
  const leads = links.map(({ label, url }) => `${label}: ${url}`).join('\n');
  if (page !== null)
    return `${[title, page.text, next === null ? '' : `Next: ${next}`, leads].filter(part => part !== '').join('\n\n')}\n`;
  const parts = [
    who === '' ? title : `${title}\n${who}`,
    sentence,
    lines.join('\n'),
    recent.length === 0 ? '' : ['Lately:', ...recent].join('\n'),
    items
      .map(item => [item.title, item.text, item.url ?? ''].filter(part => part !== '').join('\n'))
      .join('\n\n'),
    [
      ...facts.map(([name, value]) => `${name}: ${value}`),
      ...(due === null ? [] : [`${due.label}: ${due.words}`]),
    ].join('\n'),
    next === null ? '' : `Next: ${next}`,
    leads,
  ];
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

const MUTED = 'color:#5b6670';
const BUTTON =
  'display:inline-block;margin:0 8px 8px 0;padding:10px 18px;border-radius:6px;text-decoration:none';

/** The message as an HTML page: inline styles and no pictures, as mail clients need it; everything escaped. */
export function htmlOf(given: Message): string {
  const message = withoutAddresses(given);
  const { title, who, sentence, due, next } = message;
  const hasPage = message.page !== null;
  const facts = hasPage
    ? []
    : [...message.facts, ...(due === null ? [] : [[due.label, due.words] as const])].map(
        ([name, value]) =>
          `<tr><td style="padding:2px 16px 2px 0;${MUTED}">${escapeHtml(name)}</td><td style="padding:2px 0">${escapeHtml(value)}</td></tr>`,
      );
  const buttons = message.links.map(({ label, url }, index) => {
    const look = index === 0 ? 'background:#0b5f5a;color:#ffffff' : 'border:1px solid #0b5f5a;color:#0b5f5a';
    return `<a href="${escapeHtml(url)}" style="${BUTTON};${look}">${escapeHtml(label)}</a>`;
  });
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif;color:#1c2329">',
    `<h1 style="margin:0;font-size:20px;line-height:1.3">${escapeHtml(title)}</h1>`,
    who === '' ? '' : `<p style="margin:4px 0 0;${MUTED}">${escapeHtml(who)}</p>`,
    message.page?.html ?? (sentence === '' ? '' : `<p style="margin:16px 0">${escapeHtml(sentence)}</p>`),
    listOf(message.lines),
    message.recent.length === 0
      ? ''
      : `<p style="margin:16px 0 0;${MUTED}">Lately</p>${listOf(message.recent)}`,
    hasPage ? '' : message.items.map(itemHtml).join(''),
    facts.length === 0
      ? ''
      : `<table role="presentation" style="border-collapse:collapse;margin:16px 0">${facts.join('')}</table>`,
    next === null ? '' : `<p style="margin:16px 0"><b>Next:</b> ${escapeHtml(next)}</p>`,
    `<p style="margin:24px 0">${buttons.join('')}</p>`,
    '</body></html>\n',
  ].join('');
}

function listOf(lines: readonly string[]): string {
  const items = lines.map(line => `<li style="padding:2px 0">${escapeHtml(line)}</li>`);
  return items.length === 0
    ? ''
    : `<ul style="margin:16px 0;padding:0;list-style:none">${items.join('')}</ul>`;
}

function itemHtml({ title, text, url }: Message['items'][number]): string {
  const head = escapeHtml(title);
  const linked = url === null ? head : `<a href="${escapeHtml(url)}" style="color:#0b5f5a">${head}</a>`;
  return `<p style="margin:12px 0"><b>${linked}</b><br>${escapeHtml(text)}</p>`;
}

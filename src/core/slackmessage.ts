import { type Message, timeWords } from './message.ts';
import { escapeSlack } from './safetext.ts';

/** Text of a Slack block: `plain_text` shows strangers' words as they are, `mrkdwn` carries our own markup. */
export type SlackText =
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false }
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };

export type SlackBlock =
  | { readonly type: 'header'; readonly text: SlackText }
  | { readonly type: 'section'; readonly text: SlackText }
  | { readonly type: 'section'; readonly fields: readonly SlackText[] }
  | { readonly type: 'context'; readonly elements: readonly SlackText[] };

/** A message as an incoming webhook takes it: `text` is what a notification shows. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

// Slack, "Reference: Block Kit": the longest texts of a header, a section and a section's field.
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_FIELD = 2000;
const MAX_FIELDS = 10;

/**
 * The message as Slack blocks within Slack's limits. Whatever a lead typed stands in plain text, so that it can
 * neither mention a channel nor make a link.
 */
export function slackOf(message: Message): SlackMessage {
  const { title, who, sentence, lines, facts, due, link } = message;
  const section = (text: string): readonly SlackBlock[] =>
    text === '' ? [] : [{ type: 'section', text: plain(text, MAX_SECTION) }];
  const fields = facts.slice(0, MAX_FIELDS).map(([name, value]) => plain(`${name}\n${value}`, MAX_FIELD));
  const dueText = due === null ? '' : `${due.label} ${dateOf(due.at)}  ·  `;
  return {
    text: escapeSlack(`${title}. ${sentence}`, MAX_SECTION),
    blocks: [
      { type: 'header', text: plain(title, MAX_HEADER) },
      ...section(who),
      ...section(sentence),
      ...section(lines.join('\n')),
      ...(fields.length === 0 ? [] : [{ type: 'section', fields } as const]),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `${dueText}<${linkUrl(link)}|Open the lead>`, verbatim: true }],
      },
    ],
  };
}

function plain(text: string, max: number): SlackText {
  return { type: 'plain_text', text: escapeSlack(text, max), emoji: false };
}

/** Slack shows the reader's own time; the words after the bar are for clients that cannot. */
function dateOf(at: number): string {
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${timeWords(at)}>`;
}

function linkUrl(link: string): string {
  return escapeSlack(link, MAX_SECTION).replaceAll('|', '%7C');
}

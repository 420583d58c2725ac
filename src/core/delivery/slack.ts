import type { Message } from '../alert/message.ts';
import { escapeSlack, unlinked } from '../text/safe.ts';

/** Text of a Slack block: `plain_text` shows strangers' words as they are, `mrkdwn` carries our own markup. */
export type SlackText =
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false }
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };

/** A button that opens a page; Slack has nothing to send back to us for it. */
interface SlackButton {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: SlackText;
  readonly url: string;
  readonly style?: 'primary';
}

type SlackBlock =
  | { readonly type: 'header'; readonly text: SlackText }
  | { readonly type: 'section'; readonly text: SlackText }
  | { readonly type: 'section'; readonly fields: readonly SlackText[] }
  | { readonly type: 'context'; readonly elements: readonly SlackText[] }
  | { readonly type: 'actions'; readonly elements: readonly SlackButton[] };

/** A message as Slack takes it, from an incoming webhook or a bot: `text` is what a notification shows. */
interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

// Slack, "Reference: Block Kit": the longest texts of a header, a section, a section's field and a button, the longest
// address of a button, and the most fields, buttons and blocks.
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_FIELD = 2000;
const MAX_BUTTON = 75;
const MAX_URL = 3000;
const MAX_FIELDS = 10;
const MAX_BUTTONS = 25;
const MAX_BLOCKS = 50;

/**
 * The message as Slack blocks within Slack's limits. Whatever a lead typed stands in plain text, so that it can
 * neither mention a channel nor make a link. The text of notifications knows no plain text: web addresses in it are broken.
 */
export function slackOf(message: Message): SlackMessage {
  const { title, who, sentence, lines, recent, facts, due, next } = message;
  const fields = facts.slice(0, MAX_FIELDS).map(([name, value]) => plain(`${name}\n${value}`, MAX_FIELD));
  const head: readonly SlackBlock[] = [
    { type: 'header', text: plain(title, MAX_HEADER) },
    ...section(who),
    ...section(sentence),
    ...section(lines.join('\n')),
    ...section(recent.length === 0 ? '' : ['Lately:', ...recent].join('\n')),
  ];
  const foot: readonly SlackBlock[] = [
    ...(fields.length === 0 ? [] : [{ type: 'section', fields } as const]),
    ...section(next === null ? '' : `Next: ${next}`),
    ...(due === null ? [] : [{ type: 'context', elements: [dueText(due)] } as const]),
    ...buttons(message),
  ];
  const items = message.items.flatMap(item => section(`${item.title}\n${item.text}`));
  return {
    text: escapeSlack(unlinked(sentence === '' ? title : `${title}. ${sentence}`), MAX_SECTION),
    blocks: [...head, ...items.slice(0, MAX_BLOCKS - head.length - foot.length), ...foot],
  };
}

function section(text: string): readonly SlackBlock[] {
  return text.trim() === '' ? [] : [{ type: 'section', text: plain(text, MAX_SECTION) }];
}

function buttons({ links }: Message): readonly SlackBlock[] {
  const made = links.slice(0, MAX_BUTTONS).flatMap(({ label, url }, index): readonly SlackButton[] => {
    // Half an address leads nowhere: a longer one is left out, which only an absurd BATON_URL brings about.
    if (url.length > MAX_URL) return [];
    const button = {
      type: 'button',
      action_id: `open_${index}`,
      text: plain(label, MAX_BUTTON),
      url,
    } as const;
    return [index === 0 ? { ...button, style: 'primary' } : button];
  });
  return made.length === 0 ? [] : [{ type: 'actions', elements: made }];
}

function plain(text: string, max: number): SlackText {
  return { type: 'plain_text', text: escapeSlack(text, max), emoji: false };
}

/** Slack shows the reader's own time; the words after the bar are for clients that cannot. */
function dueText({ label, at, words }: NonNullable<Message['due']>): SlackText {
  const date = `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${words}>`;
  return { type: 'mrkdwn', text: `${label} ${date}`, verbatim: true };
}

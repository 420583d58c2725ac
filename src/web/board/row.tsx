import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ColdLead } from '../../contract/api/board.ts';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { DueText } from '../kit/due.tsx';
import { Icon } from '../kit/icon.tsx';
import { When } from '../kit/when.tsx';
import { amountWords } from '../opportunity/words.ts';
import { SnoozeMark } from '../queue/snooze.tsx';
import { ACTIVITY_WORDS } from '../queue/touch.tsx';
import css from './board.module.css';

/** A lead of the board in a line: who it is, whose, what is due or when something was last logged, and what can be done. */
export function BoardRow(props: {
  readonly lead: EpisodeHead | ColdLead;
  readonly choice?: ReactNode;
  readonly action?: ReactNode;
  /** Whether its owner is said. */
  readonly withOwner?: boolean;
}) {
  const { lead, choice, action, withOwner = true } = props;
  const { contact, owner } = lead;
  return (
    <li className={css.row} data-episode={lead.id}>
      {choice === undefined ? null : <div className={css.choice}>{choice}</div>}
      <div className={css.who}>
        <Anchor component={Link} to={`/contacts/${contact.id}`} fw={600}>
          {contact.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {[contact.title, contact.company].filter(part => part !== null).join(', ')}
        </Text>
      </div>
      <div className={css.what}>
        <Text size="sm" component="div">
          {'lastAt' in lead ? <Quiet lead={lead} /> : <DueText episode={lead} />}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          {withOwner ? (owner?.name ?? 'Nobody owns it') : null} <SnoozeMark episode={lead} />
        </Text>
      </div>
      {action === undefined ? null : <div className={css.action}>{action}</div>}
    </li>
  );
}

/** When something was last logged for a lead that goes cold, and for how much it is. */
function Quiet({ lead }: { readonly lead: ColdLead }) {
  const { lastAt, lastKind, amount, currency } = lead;
  return (
    <span className={css.sign}>
      <Icon name="cold" size={12} />
      <span>
        {lastKind === null ? 'Accepted' : `Last ${ACTIVITY_WORDS[lastKind]}`} <When at={lastAt} />
        {lastKind === null ? ', nothing logged since' : ''}
        {amount === null ? '' : ` · ${amountWords({ amount, currency })}`}
      </span>
    </span>
  );
}

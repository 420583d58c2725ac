import { Button, Text } from '@mantine/core';
import type { Ref } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { capital } from '../../core/condition/words.ts';
import type { ActivityOutcome } from '../../core/followup/touch.ts';
import { useChange } from '../client/query.ts';
import { DueText } from '../kit/due.tsx';
import { Icon } from '../kit/icon.tsx';
import { phoneLink } from '../kit/link.ts';
import { showDone, showFailure } from '../kit/notice.tsx';
import { RowCover } from '../kit/rowcover.tsx';
import { SnoozeMark } from '../queue/snooze.tsx';
import { OUTCOME_WORDS } from '../queue/touch.tsx';
import css from './board.module.css';

/** A lead of a rep's day: closed a line, open with all that is done between two meetings, in buttons for a thumb. */
export function DayLead(props: {
  readonly lead: EpisodeHead;
  readonly isOpen: boolean;
  /** Whether it is asked what came of a call. */
  readonly isLogging: boolean;
  /** Whether there is no other lead to go on with. */
  readonly isLast: boolean;
  readonly onOpen: () => void;
  readonly onContact: () => void;
  readonly onLogging: (isLogging: boolean) => void;
  readonly onNext: () => void;
  readonly onDialog: (dialog: 'snooze' | 'touch') => void;
  readonly ref: Ref<HTMLButtonElement>;
}) {
  const { lead, isOpen, isLogging, onLogging, onNext, onDialog } = props;
  const { contact, phone } = lead;
  const role = [contact.title, contact.company].filter(part => part !== null).join(', ');
  const logging = useChange('addActivity');
  const log = async (outcome: ActivityOutcome) => {
    try {
      await logging.mutateAsync({ params: { id: lead.id }, body: { kind: 'call', outcome } });
      showDone(`Logged a call with ${contact.name}: ${OUTCOME_WORDS[outcome]}.`);
      onNext();
    } catch (error) {
      showFailure(error);
    }
  };
  return (
    <li className={css.dayLead} data-open={isOpen} data-episode={lead.id}>
      <div className={css.dayHead}>
        <RowCover
          ref={props.ref}
          label={`${contact.name}, ${role}`}
          isSelected={isOpen}
          onSelect={props.onOpen}
          onOpen={props.onContact}
        />
        <div className={css.who}>
          <Text component="span" fw={650}>
            {contact.name}
          </Text>{' '}
          <Text component="span" size="sm" c="dimmed">
            {role}
          </Text>
        </div>
        <Text size="sm" component="div">
          <DueText episode={lead} />
        </Text>
        <Text size="xs" c="dimmed" component="div">
          <SnoozeMark episode={lead} />
        </Text>
      </div>
      {isOpen ? (
        <>
          <Text size="sm" my={6}>
            {lead.sentence}
          </Text>
          {isLogging ? (
            <fieldset className={css.thumbs} aria-label="What came of the call">
              {OUTCOME_IDS.map(outcome => (
                <Button
                  key={outcome}
                  size="md"
                  variant="default"
                  loading={logging.isPending && logging.variables?.body.outcome === outcome}
                  disabled={logging.isPending}
                  onClick={() => void log(outcome)}
                >
                  {capital(OUTCOME_WORDS[outcome])}
                </Button>
              ))}
              <Button size="md" variant="subtle" color="gray" onClick={() => onDialog('touch')}>
                Something else …
              </Button>
              <Button size="md" variant="subtle" color="gray" onClick={() => onLogging(false)}>
                Back
              </Button>
            </fieldset>
          ) : (
            <div className={css.thumbs}>
              {phone === null ? null : (
                <Button
                  component="a"
                  href={phoneLink(phone)}
                  size="md"
                  leftSection={<Icon name="phone" />}
                  onClick={() => onLogging(true)}
                >
                  Call {phone}
                </Button>
              )}
              <Button
                size="md"
                variant={phone === null ? 'filled' : 'default'}
                leftSection={<Icon name="check" />}
                onClick={() => onLogging(true)}
              >
                Log a call
              </Button>
              <Button
                size="md"
                variant="default"
                leftSection={<Icon name="snooze" />}
                onClick={() => onDialog('snooze')}
              >
                Snooze
              </Button>
              <Button
                size="md"
                variant="default"
                leftSection={<Icon name="person" />}
                onClick={props.onContact}
              >
                Open
              </Button>
              {props.isLast ? null : (
                <Button size="md" variant="default" rightSection={<Icon name="next" />} onClick={onNext}>
                  Next lead
                </Button>
              )}
            </div>
          )}
        </>
      ) : null}
    </li>
  );
}

/** What comes of a call most often. */
const OUTCOME_IDS: readonly ActivityOutcome[] = ['connected', 'no_answer', 'left_message', 'wrong_number'];

import { Anchor, Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Exception } from '../../contract/api/exception.ts';
import { sentenceWords } from '../../core/condition/words.ts';
import { useUser } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { ClockChip } from '../kit/due.tsx';
import { ScoreMark } from '../kit/mark.tsx';
import { showFailure } from '../kit/notice.tsx';
import { MailLink } from '../kit/person.tsx';
import { When } from '../kit/when.tsx';
import { RoutingWhy } from '../routing/why.tsx';
import { exceptionWords } from '../routing/words.ts';
import { fieldLabel, roleWords } from '../words/field.ts';
import { EXCEPTION_WORDS } from './words.ts';
import type { ExceptionWork } from './work.tsx';

/** An exception in full: its contact, what may be done, what is wrong, who deals with it, and what routing tried. */
export function ExceptionDetail(props: {
  readonly exception: Exception;
  readonly work: ExceptionWork;
  readonly actions: ReactNode;
  readonly onEntrust: () => void;
}) {
  const { exception, work, actions, onEntrust } = props;
  const { contact, episode } = exception;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Box style={{ minWidth: 0 }}>
          <Title order={2}>
            {contact === null ? (
              EXCEPTION_WORDS[exception.kind]
            ) : (
              <Anchor component={Link} to={`/contacts/${contact.id}`} inherit c="inherit">
                {contact.name}
              </Anchor>
            )}
          </Title>
          {contact === null ? null : <Text c="dimmed">{roleWords(contact)}</Text>}
          {contact === null || contact.email === null ? null : <MailLink email={contact.email} />}
        </Box>
        {episode === null ? null : <ScoreMark total={episode.total} grade={episode.grade} size="lg" />}
      </Group>
      {actions}
      <Card title="What is wrong">
        <Trouble exception={exception} />
      </Card>
      <Card title="Who deals with it">
        <Dealer exception={exception} work={work} onEntrust={onEntrust} />
      </Card>
      {episode === null ? null : (
        <>
          <Card title="The lead">
            <Text>{episode.sentence}</Text>
            <Group gap="xs" mt={6}>
              {episode.due === null ? null : (
                <ClockChip what="First touch" at={episode.due.at} from={episode.handedOffAt} />
              )}
              <Text c="dimmed">
                {episode.path.label} · qualified <When at={episode.handedOffAt} />
              </Text>
            </Group>
          </Card>
          <Card title="What routing tried">
            <RoutingWhy episodeId={episode.id} />
          </Card>
        </>
      )}
    </Stack>
  );
}

function Trouble({ exception }: { readonly exception: Exception }) {
  const { missing, retryAt, episode, why } = exception;
  const isListed = missing.length > 0 && why?.kind === 'waiting';
  return (
    <Stack gap={6}>
      <Text size="md" lh={1.45} data-testid="trouble">
        {isListed ? sentenceWords(exception.reason.label) : exceptionWords(exception)}
      </Text>
      {missing.length === 0 ? null : (
        <Text>
          Missing: <b>{missing.map(fieldLabel).join(', ')}</b>
        </Text>
      )}
      <Group gap="xs">
        <ClockChip at={exception.dueAt} from={exception.openedAt} />
        <Text c="dimmed">
          opened <When at={exception.openedAt} />
        </Text>
      </Group>
      {episode === null ? null : (
        <Text c="dimmed">
          {retryAt === null ? (
            'Nothing happens by itself: somebody has to act.'
          ) : (
            <>
              Routing tries again by itself <When at={retryAt} />.
            </>
          )}
        </Text>
      )}
    </Stack>
  );
}

function Dealer(props: {
  readonly exception: Exception;
  readonly work: ExceptionWork;
  readonly onEntrust: () => void;
}) {
  const { exception, work, onEntrust } = props;
  const me = useUser();
  const { owner } = exception;
  return (
    <Group justify="space-between" gap="xs">
      <Text>{owner === null ? 'Nobody yet.' : owner.id === me.id ? <b>You</b> : <b>{owner.name}</b>}</Text>
      {exception.workRefused === null && exception.closedAt === null ? (
        <Group gap="xs">
          {owner?.id === me.id ? null : (
            <Button
              variant="default"
              size="xs"
              loading={work.isBusy}
              onClick={() => void work.entrust(exception, null).catch(showFailure)}
            >
              I deal with it
            </Button>
          )}
          <Button variant="subtle" color="gray" size="xs" onClick={onEntrust}>
            Somebody else…
          </Button>
        </Group>
      ) : null}
    </Group>
  );
}

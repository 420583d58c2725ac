import { Box, Button, Group, Kbd, Stack, Text } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import { isOver } from '../../core/contact/episode.ts';
import type { Answer } from '../../core/qualification/shape.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Unsaved } from '../kit/unsaved.tsx';
import { When } from '../kit/when.tsx';
import { QuestionField } from './field.tsx';
import css from './form.module.css';
import { useUnsaved } from './saving.ts';
import { frameworkName, saidWords, stillMissing } from './words.ts';

/**
 * What sales asks about a lead and has found out, filled in during a call. With `isAsked` it puts the cursor into the first
 * answer that is missing; `onAccept` is called by Ctrl and Enter in any field.
 */
export function QualificationCard(props: {
  readonly episode: Episode;
  readonly isAsked?: boolean;
  readonly onShown?: () => void;
  readonly onAccept?: (() => void) | undefined;
}) {
  const { episode, isAsked = false, onShown, onAccept } = props;
  const { qualification } = episode;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isAsked) return;
    const missing = form.current?.querySelector('[data-missing="true"]');
    const field = missing?.querySelector<HTMLElement>(
      'input:checked, textarea, select, input:not([type="checkbox"])',
    );
    missing?.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
    onShown?.();
  }, [isAsked, onShown]);
  const isUnsaved = useUnsaved();
  if (qualification === null) return null;
  const { questions, answers, earlier, missing, framework } = qualification;
  const title = 'What sales found out';
  const side = (
    <Text c="dimmed" size="sm">
      {frameworkName(framework)}
    </Text>
  );
  if (isOver(episode.state) || episode.workRefused !== null)
    return (
      <Card title={title} side={side}>
        <Answers answers={answers} />
      </Card>
    );
  const answerOf = (list: readonly Answer[], id: string) => list.find(answer => answer.id === id) ?? null;
  const submit = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || onAccept === undefined) return;
    event.preventDefault();
    onAccept();
  };
  const gone = earlier.filter(({ id }) => !questions.some(question => question.id === id));
  return (
    <Card title={title} side={side}>
      <Unsaved isChanged={isUnsaved} />
      <Box ref={form} className={css.form ?? ''} onKeyDown={submit}>
        <div className={css.questions}>
          {questions.map(question => (
            <QuestionField
              key={question.id}
              episodeId={episode.id}
              question={question}
              answer={answerOf(answers, question.id)}
              earlier={answerOf(earlier, question.id)}
              isMissing={missing.includes(question.id)}
            />
          ))}
        </div>
        {gone.length === 0 ? null : (
          <Stack gap={4} mt="md">
            <Text fw={600}>Asked in earlier handoffs</Text>
            <Answers answers={gone} />
          </Stack>
        )}
        <Text size="xs" c="dimmed" mt="sm" visibleFrom="sm">
          Saved as you type. <Kbd size="xs">?</Kbd> says that an answer is unknown
          {episode.state === 'open' ? (
            <>
              , <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd> accepts the lead
            </>
          ) : null}
          .
        </Text>
      </Box>
    </Card>
  );
}

/** Answers to read. */
export function Answers({ answers }: { readonly answers: readonly Answer[] }) {
  if (answers.length === 0) return <Text c="dimmed">Nothing was noted.</Text>;
  return (
    <Stack gap={6}>
      {answers.map(answer => (
        <Box key={answer.id}>
          <Text>
            <Text component="span" fw={600}>
              {answer.label}:
            </Text>{' '}
            {saidWords(answer)}
            {answer.note === null ? '' : ` (${answer.note})`}
          </Text>
          <Text size="xs" c="dimmed">
            {answer.by}, <When at={answer.at} />
          </Text>
        </Box>
      ))}
    </Stack>
  );
}

/** Names beside Accept what is still to be found out, and leads there; nothing when all is. */
export function StillMissing(props: { readonly episode: Episode | undefined; readonly onShow: () => void }) {
  const { episode, onShow } = props;
  const words =
    episode?.state === 'open' && episode.workRefused === null ? stillMissing(episode.qualification) : null;
  if (words === null) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        variant="subtle"
        color="amber"
        size="compact-sm"
        leftSection={<Icon name="note" size={14} />}
        onClick={onShow}
        styles={{
          root: { height: 'auto', minHeight: 26 },
          label: { whiteSpace: 'normal', textAlign: 'left' },
        }}
      >
        {words}
      </Button>
    </Group>
  );
}

import {
  Box,
  Button,
  Checkbox,
  Group,
  Kbd,
  NativeSelect,
  Radio,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { type FocusEvent, type KeyboardEvent, useId } from 'react';
import { readAnswer } from '../../core/qualification/answer.ts';
import type { Answer } from '../../core/qualification/shape.ts';
import { unreachable } from '../../core/unreachable.ts';
import { Icon } from '../kit/icon.tsx';
import { When } from '../kit/when.tsx';
import { CurrencyField, FIRST_CURRENCY } from './currency.tsx';
import type { Draft, DraftValue, Said } from './draft.ts';
import css from './form.module.css';
import { useDraft, useDrafts } from './saving.ts';
import { type AskedQuestion, saidWords, savingWords } from './words.ts';

/** The most options that are shown side by side; more are a list to open. */
const MAX_RADIOS = 8;

interface Props {
  readonly episodeId: string;
  readonly question: AskedQuestion;
  readonly answer: Answer | null;
  readonly earlier: Answer | null;
  readonly isMissing: boolean;
}

/** A question about a lead with the field of its answer, saved as it is typed. */
export function QuestionField({ episodeId, question, answer, earlier, isMissing }: Props) {
  const drafts = useDrafts();
  const key = { episodeId, question: question.id };
  const draft = useDraft(key);
  const labelId = useId();
  const seen = answer?.revision ?? 0;
  const shown = shownOf(draft, answer);
  const fault = faultOf(question, shown.value);
  const say = (said: Said) => {
    // What cannot be an answer yet, such as half an amount, is not sent.
    drafts.type(key, said, seen);
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) drafts.leave(key);
  };
  const setUnknown = (isUnknown: boolean) => say(isUnknown ? { unknown: true } : { value: null });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const isWriting =
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox');
    if (isWriting && (target.value !== '' || target.dataset.note === 'true')) return;
    event.preventDefault();
    setUnknown(!shown.unknown);
  };
  return (
    <Box
      className={css.question}
      role="group"
      aria-labelledby={labelId}
      data-question={question.id}
      data-missing={isMissing}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text fw={600} id={labelId}>
          {question.label}
          {question.required ? (
            <Text component="span" size="xs" c={isMissing ? 'var(--baton-bad)' : 'dimmed'} fw={500} ml={6}>
              {isMissing ? 'needed to accept' : 'required'}
            </Text>
          ) : null}
        </Text>
        <Checkbox
          label="Unknown"
          size="sm"
          className={css.unknown ?? ''}
          checked={shown.unknown}
          onChange={event => setUnknown(event.currentTarget.checked)}
        />
      </Group>
      {question.help === null ? null : (
        <Text size="xs" c="dimmed">
          {question.help}
        </Text>
      )}
      <ValueField question={question} value={shown.value} isUnknown={shown.unknown} onSay={say} />
      <NoteField question={question} shown={shown} onSay={note => say({ ...saidOf(shown), note })} />
      <Status
        draft={draft}
        answer={answer}
        fault={fault}
        onMine={() => drafts.insist(key)}
        onTheirs={() => drafts.drop(key)}
        onAgain={() => void drafts.flush(episodeId)}
      />
      {earlier === null ? null : (
        <Text size="xs" c="dimmed">
          Earlier handoff: “{saidWords(earlier)}” · {earlier.by}, <When at={earlier.at} />{' '}
          {shown.value === null && !shown.unknown ? (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => say({ value: earlier.value })}
              aria-label={`Still so: ${question.label}`}
            >
              Still so
            </Button>
          ) : null}
        </Text>
      )}
    </Box>
  );
}

/** What a field shows: what is being typed, else what is kept. */
interface Shown {
  readonly value: DraftValue | null;
  readonly unknown: boolean;
  readonly note: string;
}

function shownOf(draft: Draft | null, answer: Answer | null): Shown {
  const kept = { value: answer?.value ?? null, unknown: answer?.unknown ?? false, note: answer?.note ?? '' };
  if (draft === null) return kept;
  // Somebody else changed it after it was saved here.
  if (draft.saving.kind === 'saved' && (answer?.revision ?? 0) > draft.seen) return kept;
  const { value = null, unknown = false, note = kept.note } = draft.said;
  return { value, unknown, note };
}

function saidOf({ value, unknown }: Shown): Said {
  return unknown ? { unknown: true } : { value };
}

function faultOf(question: AskedQuestion, value: DraftValue | null): string | null {
  return readAnswer(question, value).fault;
}

interface ValueProps {
  readonly question: AskedQuestion;
  readonly value: DraftValue | null;
  readonly isUnknown: boolean;
  readonly onSay: (said: Said) => void;
}

function ValueField({ question, value, isUnknown, onSay }: ValueProps) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const label = question.label;
  const placeholder = isUnknown ? 'Unknown' : '';
  const onText = (typed: string) => onSay({ value: typed });
  switch (question.type) {
    case 'yes_no':
      return (
        <Choices
          label={label}
          options={['Yes', 'No']}
          chosen={value === true ? 'Yes' : value === false ? 'No' : null}
          onChoose={option => onSay({ value: option === 'Yes' })}
        />
      );
    case 'choice':
      return question.options.length > MAX_RADIOS ? (
        <NativeSelect
          aria-label={label}
          value={text}
          data={[{ value: '', label: isUnknown ? 'Unknown' : 'Choose…' }, ...question.options]}
          onChange={event => onSay({ value: event.currentTarget.value })}
        />
      ) : (
        <Choices
          label={label}
          options={question.options}
          chosen={text === '' ? null : text}
          onChoose={option => onSay({ value: option })}
        />
      );
    case 'text':
      return (
        <Textarea
          aria-label={label}
          value={text}
          placeholder={placeholder}
          maxLength={4000}
          autosize
          minRows={1}
          maxRows={8}
          onChange={event => onText(event.currentTarget.value)}
        />
      );
    case 'person':
    case 'number':
    case 'date':
      return (
        <TextInput
          aria-label={label}
          type={question.type === 'date' ? 'date' : 'text'}
          inputMode={question.type === 'number' ? 'decimal' : 'text'}
          value={text}
          placeholder={placeholder}
          maxLength={200}
          onChange={event => onText(event.currentTarget.value)}
        />
      );
    case 'amount':
      return <AmountField label={label} value={value} placeholder={placeholder} onSay={onSay} />;
    default:
      return unreachable(question.type);
  }
}

function AmountField(props: {
  readonly label: string;
  readonly value: DraftValue | null;
  readonly placeholder: string;
  readonly onSay: (said: Said) => void;
}) {
  const money = typeof props.value === 'object' && props.value !== null ? props.value : null;
  const currency = money?.currency ?? FIRST_CURRENCY;
  const amount = money === null ? '' : String(money.amount);
  const say = (next: { readonly amount: string; readonly currency: string }) =>
    props.onSay({ value: next.amount.trim() === '' ? null : next });
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <TextInput
        aria-label={props.label}
        inputMode="decimal"
        value={amount}
        placeholder={props.placeholder}
        maxLength={30}
        style={{ flex: 1 }}
        onChange={event => say({ amount: event.currentTarget.value, currency })}
      />
      <CurrencyField
        label={`${props.label}: currency`}
        isBare
        value={currency}
        onChange={next => say({ amount, currency: next })}
      />
    </Group>
  );
}

/** Options side by side: arrows move, and digits choose. */
function Choices(props: {
  readonly label: string;
  readonly options: readonly string[];
  readonly chosen: string | null;
  readonly onChoose: (option: string) => void;
}) {
  const { label, options, chosen, onChoose } = props;
  const chooseByDigit = (event: KeyboardEvent<HTMLElement>) => {
    const option = /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : undefined;
    if (option === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onChoose(option);
    for (const input of event.currentTarget.querySelectorAll('input'))
      if (input.value === option) input.focus();
  };
  return (
    <Radio.Group aria-label={label} value={chosen} onChange={onChoose} onKeyDown={chooseByDigit}>
      <Group gap="md" mt={4}>
        {options.map((option, index) => (
          <Radio
            key={option}
            value={option}
            label={
              <>
                {option}
                <Kbd size="xs" ml={6} visibleFrom="sm" aria-hidden="true">
                  {index + 1}
                </Kbd>
              </>
            }
          />
        ))}
      </Group>
    </Radio.Group>
  );
}

/** A line beside an answer that is not in words itself. */
function NoteField(props: {
  readonly question: AskedQuestion;
  readonly shown: Shown;
  readonly onSay: (note: string) => void;
}) {
  const { question, shown, onSay } = props;
  const isAnswered = shown.value !== null || shown.unknown;
  if (!isAnswered || (question.type === 'text' && !shown.unknown && shown.note === '')) return null;
  return (
    <TextInput
      size="xs"
      aria-label={`${question.label}: note`}
      placeholder="Note"
      data-note="true"
      value={shown.note}
      maxLength={4000}
      onChange={event => onSay(event.currentTarget.value)}
    />
  );
}

function Status(props: {
  readonly draft: Draft | null;
  readonly answer: Answer | null;
  readonly fault: string | null;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
  readonly onAgain: () => void;
}) {
  const { draft, answer, fault, onMine, onTheirs, onAgain } = props;
  const saving = draft?.saving ?? null;
  if (saving?.kind === 'conflict') {
    const { theirs } = saving.conflict;
    return (
      <Box className={css.conflict} role="alert">
        <Text size="sm">
          {theirs.by} answered meanwhile, <When at={theirs.at} />: “{saidWords(theirs)}”. Yours, “
          {saidWords(saving.conflict.yours)}”, is not saved.
        </Text>
        <Group gap="xs" mt={4}>
          <Button size="compact-sm" variant="default" onClick={onTheirs}>
            Keep theirs
          </Button>
          <Button size="compact-sm" onClick={onMine}>
            Save mine instead
          </Button>
        </Group>
      </Box>
    );
  }
  const isBad = saving?.kind === 'failed' || saving?.kind === 'refused';
  const words =
    isBad && fault !== null ? `Not saved: ${fault}` : saving === null ? null : savingWords(saving);
  return (
    <Text size="xs" c={isBad ? 'var(--baton-bad)' : 'dimmed'} role="status" className={css.status ?? ''}>
      {isBad ? (
        <Icon name="warning" size={12} />
      ) : saving?.kind === 'saved' ? (
        <Icon name="check" size={12} />
      ) : null}
      {words}
      {saving?.kind === 'failed' ? (
        <Button size="compact-sm" variant="subtle" onClick={onAgain}>
          Try now
        </Button>
      ) : null}
      {words !== null && answer !== null ? ' · ' : null}
      {answer === null ? null : (
        <span>
          {answer.by}, <When at={answer.at} />
        </span>
      )}
    </Text>
  );
}

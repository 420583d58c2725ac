import {
  Alert,
  Autocomplete,
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Exception } from '../../contract/api/exception.ts';
import { useAgreement } from '../agreement/version.ts';
import { CallError, errorWords } from '../client/client.ts';
import { Await, Loading } from '../kit/state.tsx';
import { fieldLabel } from '../words/field.ts';
import { type FieldInput, inputOf } from './words.ts';
import type { ExceptionWork } from './work.tsx';

type Value = string | number | boolean;
type Values = Readonly<Record<string, Value>>;

/** Asks for exactly what a lead lacks; with it the lead is scored and routed at once. */
export function CompleteDialog(props: {
  readonly exception: Exception;
  readonly work: ExceptionWork;
  readonly onClose: () => void;
}) {
  const { exception, onClose } = props;
  const { source } = useAgreement();
  return (
    <Modal opened onClose={onClose} title={`Fill in ${exception.contact?.name ?? 'what is missing'}`}>
      <Await query={source} loading={<Loading rows={2} height={58} />}>
        {({ body }) => <CompleteForm {...props} body={body} />}
      </Await>
    </Modal>
  );
}

function CompleteForm(props: {
  readonly exception: Exception;
  readonly work: ExceptionWork;
  readonly onClose: () => void;
  readonly body: unknown;
}) {
  const { exception, work, onClose, body } = props;
  const [values, setValues] = useState<Values>({});
  const [problem, setProblem] = useState<unknown>(null);
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const isReady = Object.keys(given).length > 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    try {
      await work.complete(exception, given);
      onClose();
    } catch (error) {
      setProblem(error);
    }
  };
  // The dialog may open before the agreement is there; then its own focus has found no place yet.
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const ofFields = problemsByField(problem, exception.missing);
  return (
    <form ref={form} onSubmit={event => void submit(event)}>
      <Stack gap="md">
        <Text c="dimmed">
          {exception.missing.length > 1 ? 'Fill in what you know; one of them may be enough. ' : ''}
          The lead is scored and given to somebody with it at once.
        </Text>
        {exception.missing.map((field, index) => (
          <Field
            key={field}
            label={fieldLabel(field)}
            input={inputOf(field, body)}
            value={values[field] ?? ''}
            error={ofFields.get(field) ?? null}
            isFirst={index === 0}
            onChange={value => setValues(old => ({ ...old, [field]: value }))}
          />
        ))}
        {problem === null || ofFields.size > 0 ? null : <Alert color="brick">{errorWords(problem)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={work.isBusy} disabled={!isReady}>
            Fill in
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Field(props: {
  readonly label: string;
  readonly input: FieldInput;
  readonly value: Value;
  readonly error: string | null;
  readonly isFirst: boolean;
  readonly onChange: (value: Value) => void;
}) {
  const { label, input, value, error, isFirst, onChange } = props;
  const common = { label, error, ...(isFirst ? { 'data-autofocus': true } : {}) };
  if (input.kind === 'number')
    return (
      <NumberInput
        {...common}
        hideControls
        thousandSeparator=","
        value={typeof value === 'boolean' ? '' : value}
        onChange={onChange}
      />
    );
  if (input.kind === 'choice')
    return (
      <Stack gap={4}>
        <Text fw={500}>{label}</Text>
        <SegmentedControl
          aria-label={label}
          value={value === '' ? '' : value === true ? 'yes' : 'no'}
          data={[
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ]}
          onChange={chosen => onChange(chosen === 'yes')}
        />
      </Stack>
    );
  if (input.known.length > 0)
    return (
      <Autocomplete
        {...common}
        maxLength={500}
        data={[...input.known]}
        value={String(value)}
        onChange={onChange}
      />
    );
  return (
    <TextInput
      {...common}
      maxLength={500}
      value={String(value)}
      onChange={event => onChange(event.currentTarget.value)}
    />
  );
}

/** What the server found wrong with the fields asked for, by field; its paths name them at their end. */
function problemsByField(problem: unknown, fields: readonly string[]): ReadonlyMap<string, string> {
  const errors = problem instanceof CallError ? (problem.failure?.errors ?? []) : [];
  return new Map(
    errors.flatMap(({ path, message }) => {
      const field = fields.find(known => path === known || path.endsWith(`.${known}`));
      return field === undefined ? [] : [[field, message] as const];
    }),
  );
}

import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useSearchParams } from 'react-router';
import { PickerName } from '../kit/pickername.tsx';
import { localText } from '../words/time.ts';
import css from './contact.module.css';

/** Which past score is looked at: as of when (epoch ms), and by the knowledge of that moment or of today. */
export interface AsOf {
  readonly at: number;
  readonly isKnownThen: boolean;
}

/** The past moment in the page's address (`?at=…&known=then`), null for now; and what sets it. */
export function useAsOf(): readonly [AsOf | null, (next: AsOf | null) => void] {
  const [params, setParams] = useSearchParams();
  const at = Date.parse(params.get('at') ?? '');
  const asOf = Number.isNaN(at) ? null : { at, isKnownThen: params.get('known') === 'then' };
  const set = (next: AsOf | null) =>
    setParams(
      old => {
        const params = new URLSearchParams(old);
        params.delete('at');
        params.delete('known');
        if (next !== null) params.set('at', new Date(next.at).toISOString());
        if (next?.isKnownThen === true) params.set('known', 'then');
        return params;
      },
      { replace: true },
    );
  return [asOf, set];
}

/** Chooses the moment of which the score is shown; cleared, it is now. */
export function AsOfPicker(props: {
  readonly asOf: AsOf | null;
  /** The earliest day with a score, epoch ms. */
  readonly from: number;
  readonly onChange: (next: AsOf | null) => void;
}) {
  const { asOf, from, onChange } = props;
  return (
    <PickerName name="Show the score as of">
      {named => (
        <DateTimePicker
          size="xs"
          w={200}
          clearable
          placeholder="Score as of: now"
          {...named}
          valueFormat="D MMM YYYY, HH:mm"
          minDate={localText(from).slice(0, 10)}
          maxDate={localText(Date.now()).slice(0, 10)}
          value={asOf === null ? null : localText(asOf.at)}
          onChange={value =>
            onChange(
              value === null
                ? null
                : { at: Date.parse(value.replace(' ', 'T')), isKnownThen: asOf?.isKnownThen ?? false },
            )
          }
        />
      )}
    </PickerName>
  );
}

const KNOWN = [
  { value: 'now', label: 'With what is known now' },
  { value: 'then', label: 'As it was known then' },
] as const;

/** Says that a past score is shown, and lets choose by whose knowledge: today's, or that of the moment itself. */
export function AsOfNotice({
  asOf,
  onChange,
}: {
  readonly asOf: AsOf;
  readonly onChange: (next: AsOf | null) => void;
}) {
  const { isKnownThen } = asOf;
  return (
    <Stack gap={6} className={css.past}>
      <Group gap="xs" justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Known when"
          value={isKnownThen ? 'then' : 'now'}
          data={[...KNOWN]}
          onChange={value => onChange({ ...asOf, isKnownThen: value === 'then' })}
        />
        <Button size="compact-xs" variant="default" onClick={() => onChange(null)}>
          Back to now
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {isKnownThen
          ? 'Only what had reached Baton by that moment: the score people saw then.'
          : 'Counts what came later about that time too: late events, corrected profiles, bots detected, merges.'}
      </Text>
    </Stack>
  );
}

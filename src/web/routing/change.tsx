import { ActionIcon, NumberInput, Select, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { LEAST_WEIGHT, MOST_WEIGHT, type TeamView } from '../../contract/api/team.ts';
import { Icon } from '../kit/icon.tsx';
import { PickerName } from '../kit/pickername.tsx';
import { localText } from '../words/time.ts';
import css from './team.module.css';
import { CHANGE_KINDS, type Change } from './whatifwords.ts';

/** One thing that is otherwise: who, what, and when or how much. */
export function ChangeRow(props: {
  readonly change: Change;
  readonly teams: readonly TeamView[];
  readonly onChange: (next: Change) => void;
  readonly onRemove: (() => void) | null;
}) {
  const { change, teams, onChange, onRemove } = props;
  const isOfTeam = change.kind !== 'off' && change.kind !== 'paused';
  const people = peopleOf(teams);
  const memberships = teams.flatMap(team =>
    team.members.map(({ userId, name }) => ({
      value: `${team.name} ${userId}`,
      label: teams.length === 1 ? name : `${name}, ${team.label}`,
    })),
  );
  const choose = (value: string | null) => {
    if (value === null) onChange({ ...change, userId: null, team: null });
    else if (isOfTeam) {
      const [team = null, userId = null] = value.split(' ');
      onChange({ ...change, team, userId });
    } else onChange({ ...change, userId: value });
  };
  const value = isOfTeam
    ? change.team === null || change.userId === null
      ? null
      : `${change.team} ${change.userId}`
    : change.userId;
  return (
    <div className={css.change}>
      <Select
        aria-label="Who"
        placeholder="Choose a person"
        searchable
        value={value}
        data={isOfTeam ? memberships : people}
        onChange={choose}
      />
      <Select
        aria-label="What changes"
        allowDeselect={false}
        value={change.kind}
        data={CHANGE_KINDS.map(({ value, label }) => ({ value, label }))}
        onChange={value => {
          const kind = CHANGE_KINDS.find(known => known.value === value)?.value ?? 'off';
          onChange({ ...change, kind, ...teamOf(teams, change.userId, kind) });
        }}
      />
      <Value change={change} onChange={onChange} />
      {onRemove === null ? (
        <span />
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Remove this change"
          onClick={onRemove}
        >
          <Icon name="cross" size={16} />
        </ActionIcon>
      )}
    </div>
  );
}

function Value({ change, onChange }: { readonly change: Change; readonly onChange: (next: Change) => void }) {
  if (change.kind === 'paused')
    return (
      <Text c="dimmed" py={8}>
        until further notice
      </Text>
    );
  if (change.kind === 'off')
    return (
      <PickerName name="First and last day">
        {named => (
          <DatePickerInput
            type="range"
            {...named}
            placeholder="First and last day"
            valueFormat="ddd D MMM"
            allowSingleDateInRange
            minDate={localText(Date.now()).slice(0, 10)}
            value={[...change.days]}
            onChange={days => onChange({ ...change, days })}
          />
        )}
      </PickerName>
    );
  return (
    <NumberInput
      aria-label="How much"
      placeholder={change.kind === 'weight' ? '2' : '5'}
      suffix={SUFFIX[change.kind]}
      allowNegative={false}
      allowDecimal={change.kind !== 'open'}
      {...(change.kind === 'weight' ? { min: LEAST_WEIGHT, max: MOST_WEIGHT } : { max: 10_000 })}
      value={change.figure}
      onChange={figure => onChange({ ...change, figure })}
    />
  );
}

const SUFFIX = { weight: '', open: ' open leads', perDay: ' new leads' } as const;

function peopleOf(teams: readonly TeamView[]) {
  const people = new Map(teams.flatMap(({ members }) => members.map(({ userId, name }) => [userId, name])));
  return [...people].map(([value, label]) => ({ value, label }));
}

/** Keeps the person chosen when another kind of change is; a figure needs one of their teams. */
function teamOf(teams: readonly TeamView[], userId: string | null, kind: Change['kind']) {
  if (kind === 'off' || kind === 'paused') return { team: null };
  const team = teams.find(({ members }) => members.some(member => member.userId === userId));
  return { team: team?.name ?? null };
}

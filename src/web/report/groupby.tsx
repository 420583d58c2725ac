import { Box, SegmentedControl } from '@mantine/core';
import { useSearchParams } from 'react-router';

/** What the groups of reports are called. */
export const GROUP_WORDS = {
  month: 'Month',
  source: 'Source',
  campaign: 'Campaign',
  segment: 'Segment',
  owner: 'Owner',
  team: 'Team',
  path: 'Path',
  grade: 'Grade',
  version: 'Version',
  tenth: 'Tenth of the scores',
  band: 'Score',
} as const;
type Group = keyof typeof GROUP_WORDS;

/** Chooses how the rows of a report are grouped. */
export function GroupBy<Of extends Group>(props: {
  readonly label: string;
  readonly groups: readonly Of[];
  readonly value: Of;
  readonly onChange: (by: Of) => void;
  readonly mb?: 'xs';
}) {
  const { label, groups, value, onChange, mb } = props;
  return (
    // On a phone there is less room than for all of them.
    <Box
      maw="100%"
      {...(mb === undefined ? {} : { mb })}
      style={{ overflowX: 'auto', alignSelf: 'flex-start' }}
    >
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={value}
        data={groups.map(group => ({ value: group, label: GROUP_WORDS[group] }))}
        onChange={onChange}
      />
    </Box>
  );
}

/** The group that the address names, if a report has it, else its usual one; and how to name another. */
export function useGroup<Of extends Group>(
  groups: readonly Of[],
  usual: Of,
): readonly [Of, (by: Of) => void] {
  const [params, setParams] = useSearchParams();
  const by = groups.find(known => known === params.get('by')) ?? usual;
  const choose = (chosen: Of) =>
    setParams(old => new URLSearchParams({ ...Object.fromEntries(old), by: chosen }), { replace: true });
  return [by, choose];
}

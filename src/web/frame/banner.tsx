import { Box, Group, Progress, Text } from '@mantine/core';
import { Icon } from '../kit/icon.tsx';
import css from './banner.module.css';

/** Says that a demo's people are made up, and how far its history has loaded. */
export function DemoBanner({ loaded, total }: { readonly loaded: number; readonly total: number }) {
  const isLoading = loaded < total;
  const share = total === 0 ? 100 : Math.floor((loaded / total) * 100);
  return (
    <Box className={css.demo} role="note">
      <Text size="xs" fw={600} component="span">
        Demo data: generated, not real people
      </Text>
      {isLoading ? (
        <Group gap="xs" wrap="nowrap" role="status">
          <Text size="xs" component="span">
            Loading its history: {share}%
          </Text>
          <Progress value={share} w={120} size="sm" color="amber.7" aria-label="History loaded" />
        </Group>
      ) : null}
    </Box>
  );
}

/** Says that news from the server do not arrive, while the stream reconnects by itself. */
export function LostBanner() {
  return (
    <Box className={css.lost} role="status">
      <Icon name="warning" size={14} />
      <Text size="xs" fw={600} component="span">
        Connection lost: what you see may be old. Trying again by itself.
      </Text>
    </Box>
  );
}

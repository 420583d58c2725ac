import { Alert, Anchor, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { Snippet } from '../kit/snippet.tsx';
import { When } from '../kit/when.tsx';
import { CODE_SNIPPET, FORM_SNIPPET, websiteScript } from './snippet.ts';

/** How often it is asked whether the first call has come, in milliseconds. */
const AGAIN_MS = 2_000;

/** Makes the key of a website, shows what to paste, and waits for the first call. */
export function WebsiteStep() {
  const making = useChange('createKey');
  const keys = useCall('listKeys', {});
  const known = keys.data?.items.filter(({ kind }) => kind === 'public') ?? [];
  const made = making.data ?? null;
  return (
    <Stack gap="md">
      {made === null ? (
        <>
          <Text>
            A public key may stand in a web page: it only adds, and never overwrites what you know.
            {known.length === 0
              ? ''
              : ` There is one already, “${known[0]?.name}”, which begins with ${known[0]?.prefix}…; a key is shown only when it is made.`}
          </Text>
          {making.error === null ? null : <Alert color="brick">{errorWords(making.error)}</Alert>}
          <Group>
            <Button
              variant={known.length === 0 ? 'filled' : 'default'}
              loading={making.isPending}
              onClick={() => making.mutate({ body: { name: 'Website', kind: 'public' } })}
            >
              {known.length === 0 ? 'Make the key for your website' : 'Make another key'}
            </Button>
          </Group>
        </>
      ) : (
        <>
          <Snippet
            words="1. Paste this into every page, before </head>. The key is shown only now."
            text={websiteScript({ secret: made.secret, origin: window.location.origin })}
          />
          <Snippet
            words="2. Name the forms by which people ask for something. Name, e-mail and company are read from their fields."
            text={FORM_SNIPPET}
          />
          <details>
            <Text component="summary" mb="xs">
              Or from the code of the page
            </Text>
            <Snippet words="After somebody has said who they are" text={CODE_SNIPPET} />
          </details>
        </>
      )}
      <FirstCall />
      <Text c="dimmed">
        From a product or a back end use a server key:{' '}
        <Anchor component={Link} to="/settings/keys" underline="always">
          Settings, Keys
        </Anchor>
        . Segment’s own libraries work too.
      </Text>
    </Stack>
  );
}

/** Waits for the first call and says what came. */
function FirstCall() {
  const first = useCall('getFirstSteps', {}, { againMs: () => AGAIN_MS });
  const event = first.data?.lastEvent ?? null;
  if (event === null)
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" />
        <Text>Waiting for the first call …</Text>
      </Group>
    );
  return (
    <Alert color="pine" variant="light" icon={<Icon name="check" />} role="status">
      Received: “{event.name}”{event.at === null ? '' : ', '}
      {event.at === null ? null : <When at={event.at} />}.{' '}
      <Anchor component={Link} to="/contacts?sort=-lastSeenAt" underline="always">
        See who it was
      </Anchor>
    </Alert>
  );
}

import { Alert, Progress, Text } from '@mantine/core';
import { useCall } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { scoringWords } from './progresswords.ts';

/** How often the progress is asked for while there is some, in milliseconds: counting reads every contact. */
const AGAIN_MS = 3_000;

/** Says how far contacts are scored under the active version of an agreement; nothing once all are. */
export function ScoringNotice({ agreementId }: { readonly agreementId: string }) {
  const { data } = useCall(
    'getScoring',
    { params: { id: agreementId } },
    { againMs: ({ scoring }) => (scoring === null ? null : AGAIN_MS) },
  );
  const progress = data === undefined ? null : scoringWords(data);
  if (progress === null) return null;
  return (
    <Alert role="note" color="gray" variant="light" icon={<Icon name="clock" />} mb="md">
      <Text className="figure">{progress.words}</Text>
      <Progress value={progress.percent} size="sm" my={6} color="pine.5" aria-label="Contacts scored" />
      <Text c="dimmed">
        Until its turn comes, a contact is listed with the score it had before; its own page shows the new
        one.
      </Text>
    </Alert>
  );
}

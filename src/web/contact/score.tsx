import { Stack, Text } from '@mantine/core';
import { useNames } from '../agreement/version.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { LineTable, ReasonInShort } from '../score/why.tsx';
import { breakdownOf, heaviest, scoreSentence } from '../score/words.ts';
import { dayTimeWords, momentWords } from '../words/time.ts';
import { type AsOf, AsOfNotice, AsOfPicker } from './asof.tsx';

type Contact = CallOutput<'getContact'>;

/** The score of a contact as of a past moment; asks nothing while that is now. */
export function usePastScore(contact: Contact, asOf: AsOf | null) {
  const at = asOf === null ? undefined : new Date(asOf.at).toISOString();
  const query = { at, knownAt: asOf?.isKnownThen === true ? at : undefined };
  return useCall(
    'getContactScore',
    { params: { id: contact.id }, query },
    { enabled: asOf !== null, keep: true },
  );
}

type PastScore = ReturnType<typeof usePastScore>;

/** Why a contact has its score, at a glance: a sentence and the heaviest lines; now, or as of a past moment. */
export function WhyCard(props: {
  readonly contact: Contact;
  readonly asOf: AsOf | null;
  readonly past: PastScore;
  readonly onAsOf: (next: AsOf | null) => void;
}) {
  const { contact, asOf, past, onAsOf } = props;
  const picker = <AsOfPicker asOf={asOf} from={Date.parse(contact.createdAt)} onChange={onAsOf} />;
  return (
    <Card title={asOf === null ? 'Why this score' : `Why the score of ${momentWords(asOf.at)}`} side={picker}>
      {asOf === null ? (
        contact.sentence === null ? (
          <Unscored isPast={false} />
        ) : (
          <ReasonInShort sentence={contact.sentence} top={contact.topLines} />
        )
      ) : (
        <Stack gap="sm">
          <AsOfNotice asOf={asOf} onChange={onAsOf} />
          <Await query={past} loading={<Loading rows={2} height={24} />}>
            {score => <PastReason score={score} />}
          </Await>
        </Stack>
      )}
    </Card>
  );
}

function PastReason({ score }: { readonly score: Contact['score'] }) {
  const names = useNames();
  const found = breakdownOf(score);
  if (found === null) return <Unscored isPast />;
  return <ReasonInShort sentence={scoreSentence(found, names.score)} top={heaviest(found.lines, 3)} />;
}

function Unscored({ isPast }: { readonly isPast: boolean }) {
  return (
    <Text c="dimmed">
      {isPast
        ? 'There was no score: the agreement left this contact out, or it was not known yet.'
        : 'The agreement does not score this contact.'}
    </Text>
  );
}

/** Every line of the score with its count and last date; now, or as of a past moment. */
export function PointsPanel(props: {
  readonly contact: Contact;
  readonly asOf: AsOf | null;
  readonly past: PastScore;
}) {
  const { contact, asOf, past } = props;
  if (asOf === null) return <Points score={contact.score} isPast={false} />;
  return (
    <Await query={past} loading={<Loading rows={8} height={26} />}>
      {score => (
        <>
          <Text size="xs" c="var(--baton-soon)" fw={600} mb="xs">
            The points of {momentWords(asOf.at)}
          </Text>
          <Points score={score} isPast />
        </>
      )}
    </Await>
  );
}

function Points({ score, isPast }: { readonly score: Contact['score']; readonly isPast: boolean }) {
  const names = useNames();
  const found = breakdownOf(score);
  if (found === null) return <Unscored isPast={isPast} />;
  return (
    <>
      <LineTable score={found} names={names} />
      {found.nextChangeAt === null ? null : (
        <Text size="xs" c="dimmed" mt="xs">
          If nothing happens, the score changes on {dayTimeWords(Date.parse(found.nextChangeAt))} (
          <When at={found.nextChangeAt} />
          ).
        </Text>
      )}
    </>
  );
}

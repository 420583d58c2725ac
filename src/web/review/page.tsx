import { Anchor, SimpleGrid, Table, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from 'react-router';
import type { ReviewHead } from '../../contract/report/review.ts';
import { REVIEW_KINDS, type ReviewKind } from '../../core/review/kind.ts';
import { counted } from '../../core/text/number.ts';
import { useCall } from '../client/query.ts';
import { Card, PageHead } from '../kit/card.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';

const WORDS: Readonly<Record<ReviewKind, readonly [title: string, words: string]>> = {
  weekly: [
    'Weekly digest',
    'How fast leads were handed over and touched, what is open, and what was missed.',
  ],
  monthly: ['Monthly review', 'Sources, rejections, scores, and a verdict on the agreed band.'],
  quarterly: ['Definition review', 'Whether the definition of a good lead still holds, version by version.'],
};

/** The reviews of the last weeks, months and quarters, with what is still to do. */
export function ReviewsPage() {
  useDocumentTitle('Reviews · Baton');
  const reviews = useCall('listReviews', {});
  return (
    <>
      <PageHead title="Reviews">
        <Text c="dimmed" mt={4}>
          What both sides look at together, and what they decide. People are reminded on the first working day
          after each period;{' '}
          <Anchor component={Link} to="/settings/notifications" underline="always">
            notifications
          </Anchor>{' '}
          switch that off.
        </Text>
      </PageHead>
      <Await query={reviews} loading={<Loading rows={3} height={200} />}>
        {({ items }) => (
          <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="md">
            {REVIEW_KINDS.map(kind => (
              <Card key={kind} title={WORDS[kind][0]}>
                <Text c="dimmed" mb="sm">
                  {WORDS[kind][1]}
                </Text>
                <List label={WORDS[kind][0]} items={items.filter(review => review.kind === kind)} />
              </Card>
            ))}
          </SimpleGrid>
        )}
      </Await>
    </>
  );
}

function List({ label, items }: { readonly label: string; readonly items: readonly ReviewHead[] }) {
  return (
    <Table aria-label={label} verticalSpacing={8}>
      <Table.Tbody>
        {items.map(({ kind, key, period, state, dueAt, open, decisions }) => (
          <Table.Tr key={key}>
            <Table.Th scope="row" fw={500}>
              <Anchor component={Link} to={`/reviews/${kind}/${key}`}>
                {period}
              </Anchor>
            </Table.Th>
            <Table.Td ta="right" c="dimmed">
              {state === 'running' ? (
                <>
                  runs; due <When at={dueAt} />
                </>
              ) : (
                writtenWords({ open, decisions })
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function writtenWords({ open, decisions }: Pick<ReviewHead, 'open' | 'decisions'>): string {
  const parts = [
    ...(open === 0 ? [] : [counted(open, 'open to-do')]),
    ...(decisions === 0 ? [] : [counted(decisions, 'decision')]),
  ];
  return parts.join(', ');
}

import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { REVIEW_KINDS, type ReviewKind } from '../../core/review/kind.ts';
import { scopeWords, standWords, talkingPoints } from '../../core/review/page.ts';
import type { Review } from '../../core/review/review.ts';
import { fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card, PageHead } from '../kit/card.tsx';
import { MissingPage } from '../kit/denied.tsx';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { Drill, type Figure } from '../report/drill.tsx';
import { EarlierCard, EntriesCard } from './entries.tsx';
import css from './review.module.css';
import { SectionView } from './section.tsx';

/** A review: what was found, what is decided, and what earlier ones left to do. */
export function ReviewPage() {
  const { kind: given, key = '' } = useParams();
  const kind = REVIEW_KINDS.find(known => known === given);
  return kind === undefined ? <MissingPage /> : <Reviewed key={`${kind} ${key}`} kind={kind} id={key} />;
}

function Reviewed({ kind, id }: { readonly kind: ReviewKind; readonly id: string }) {
  const review = useCall('getReview', { params: { kind, key: id }, query: {} }, { keep: true });
  useDocumentTitle(`${review.data?.title ?? 'Review'} · Baton`);
  return (
    <Await query={review} loading={<Loading rows={5} height={120} />}>
      {answer => <ReviewView review={answer} />}
    </Await>
  );
}

function ReviewView({ review }: { readonly review: Review }) {
  const { kind, key, title, verdict, highlights, sections, entries, earlier, before, after, state } = review;
  const [figure, setFigure] = useState<Figure | null>(null);
  const stand = standWords(review);
  return (
    <article className={css.review}>
      <PageHead
        title={title}
        side={
          <Group gap="xs" className={css.tools ?? ''}>
            <Button variant="default" onClick={() => window.print()}>
              Print
            </Button>
            <Button
              component="a"
              variant="default"
              href={fileAddress('getReviewFile', { params: { kind, key }, query: {} })}
            >
              Save as a file
            </Button>
          </Group>
        }
      >
        <Text size="xs" c="dimmed" mt={4}>
          {scopeWords(review)}
        </Text>
        <Group gap="md" mt={6} className={css.tools ?? ''}>
          <Anchor component={Link} to="/reviews" size="sm">
            All reviews
          </Anchor>
          <Anchor component={Link} to={`/reviews/${kind}/${before.key}`} size="sm">
            ← {before.period}
          </Anchor>
          <Anchor component={Link} to={`/reviews/${kind}/${after.key}`} size="sm">
            {after.period} →
          </Anchor>
        </Group>
      </PageHead>
      <Stack gap="md">
        {stand === '' ? null : <p className={css.stand}>{stand}</p>}
        <p className={css.verdict} data-tone={verdict.tone}>
          {verdict.headline}
        </p>
        {state === 'ahead' ? null : <Highlights of={highlights} onLeads={setFigure} />}
        <Points of={talkingPoints(review)} />
        <EarlierCard entries={earlier} />
        {sections.length === 0 && state !== 'ahead' ? (
          <Empty icon="report" title="There is nothing to review yet">
            No lead was handed over in this period or the one before. Figures appear with the first handoff.
          </Empty>
        ) : null}
        {sections.map(section => (
          <SectionView key={section.id} of={section} onLeads={setFigure} />
        ))}
        <EntriesCard kind={kind} id={key} entries={entries} />
      </Stack>
      <Drill figure={figure} onClose={() => setFigure(null)} />
    </article>
  );
}

function Points({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <Card title="To talk about first">
      <ul className={css.points}>
        {of.map(point => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </Card>
  );
}

function Highlights(props: {
  readonly of: Review['highlights'];
  readonly onLeads: (of: { readonly title: string; readonly leads: string }) => void;
}) {
  return (
    <dl className={css.figures}>
      {props.of.map(({ label, value, note, tone, leads }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd data-tone={tone}>
            {leads === null ? (
              value
            ) : (
              <button type="button" onClick={() => props.onLeads({ title: label, leads })}>
                {value}
              </button>
            )}
          </dd>
          <dd className={css.note}>{note}</dd>
        </div>
      ))}
    </dl>
  );
}

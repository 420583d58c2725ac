import { Paper, Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '../client/client.ts';
import { Loading } from '../kit/state.tsx';
import type { AsOf } from './asof.tsx';
import { ChangesPanel } from './changes.tsx';
import { PointsPanel, type usePastScore } from './score.tsx';

type Contact = CallOutput<'getContact'>;

/** The chart comes with a large library, so only when it is asked for. */
const CoursePanel = lazy(async () => ({ default: (await import('./trend.tsx')).CoursePanel }));

const LOOKS = ['points', 'changes', 'course'] as const;

/** Three looks at a score, the chosen one in the page's address: every point, what changed, the course over time. */
export function Looks(props: {
  readonly contact: Contact;
  readonly asOf: AsOf | null;
  readonly past: ReturnType<typeof usePastScore>;
}) {
  const { contact, asOf, past } = props;
  const [params, setParams] = useSearchParams();
  const look = LOOKS.find(known => known === params.get('look')) ?? 'points';
  const show = (next: string | null) =>
    setParams(
      old => {
        const params = new URLSearchParams(old);
        if (next === null || next === 'points') params.delete('look');
        else params.set('look', next);
        return params;
      },
      { replace: true },
    );
  return (
    <Paper
      component="section"
      aria-label="The score in detail"
      withBorder
      p="md"
      pt="xs"
      bg="var(--baton-surface)"
      style={{ borderColor: 'var(--baton-line)' }}
    >
      <Tabs value={look} onChange={show} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="points" px={{ base: 8, xs: 'md' }}>
            Every point
          </Tabs.Tab>
          <Tabs.Tab value="changes" px={{ base: 8, xs: 'md' }}>
            What changed
          </Tabs.Tab>
          <Tabs.Tab value="course" px={{ base: 8, xs: 'md' }}>
            Over time
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="points">
          <PointsPanel contact={contact} asOf={asOf} past={past} />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          <ChangesPanel contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="course">
          <Suspense fallback={<Loading rows={1} height={400} />}>
            <CoursePanel contact={contact} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}

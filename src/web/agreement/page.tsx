import { Badge, Button, Group, Stack, Table, Tabs, Text, VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useSearchParams } from 'react-router';
import { LETTERS, rightOf } from '../../contract/access.ts';
import type { CallOutput } from '../client/client.ts';
import { useUser } from '../client/session.tsx';
import { Card, PageHead } from '../kit/card.tsx';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { Moment, When } from '../kit/when.tsx';
import { LettersPart } from './letters.tsx';
import { PracticeCards } from './practice.tsx';
import { AppliesCard, RuleCards } from './rules.tsx';
import { ScoringNotice } from './scoring.tsx';
import { Source } from './source.tsx';
import css from './terms.module.css';
import { Anchored, PathCards } from './terms.tsx';
import { type ReadVersion, useAgreement } from './version.ts';

type Head = CallOutput<'listAgreements'>['items'][number];
type Version = CallOutput<'getAgreementVersion'>;

/** What marketing and sales agreed on, in words and as the file; any version of it. */
export function AgreementPage() {
  useDocumentTitle('Agreement · Baton');
  const [params, setParams] = useSearchParams();
  const asked = Number.parseInt(params.get('version') ?? '', 10);
  const { list, head, source, read } = useAgreement(Number.isNaN(asked) ? null : asked);
  const mayPreview = rightOf(LETTERS, useUser().role) !== null;
  const set = (changes: Readonly<Record<string, string>>) =>
    setParams({ ...Object.fromEntries(params), ...changes }, { replace: true });
  return (
    <Await query={list} loading={<Loading rows={6} height={80} />}>
      {() =>
        head === null ? (
          <Empty icon="agreement" title="No agreement is active">
            Store and activate one with the command <code>baton agreement apply my-agreement.yaml</code>
          </Empty>
        ) : (
          <Await query={source} loading={<Loading rows={6} height={80} />}>
            {version => (
              <>
                <PageHead title={version.name} side={<VersionMark head={head} version={version} />} />
                <ScoringNotice key={head.activeVersion} agreementId={head.id} />
                <Tabs
                  value={params.get('tab') ?? 'words'}
                  onChange={tab => set({ tab: tab ?? 'words' })}
                  keepMounted={false}
                >
                  <Tabs.List mb="md">
                    <Tabs.Tab value="words">In words</Tabs.Tab>
                    {mayPreview && hasTemplates(read) ? <Tabs.Tab value="letters">Letters</Tabs.Tab> : null}
                    <Tabs.Tab value="source">Source</Tabs.Tab>
                    <Tabs.Tab value="versions">Versions</Tabs.Tab>
                  </Tabs.List>
                  <Tabs.Panel value="words">
                    {read === null ? <Unreadable /> : <InWords {...read} />}
                  </Tabs.Panel>
                  {mayPreview && hasTemplates(read) ? (
                    <Tabs.Panel value="letters">
                      <LettersPart agreementId={version.id} version={version.version} />
                    </Tabs.Panel>
                  ) : null}
                  <Tabs.Panel value="source">
                    <Source text={version.source} file={`${version.id}-v${version.version}.yaml`} />
                  </Tabs.Panel>
                  <Tabs.Panel value="versions">
                    <Versions
                      head={head}
                      shown={version.version}
                      onShow={chosen => set({ version: String(chosen), tab: 'words' })}
                    />
                  </Tabs.Panel>
                </Tabs>
              </>
            )}
          </Await>
        )
      }
    </Await>
  );
}

function hasTemplates(read: ReadVersion | null): boolean {
  return Object.keys(read?.agreement.practice.templates ?? {}).length > 0;
}

function VersionMark({ head, version }: { readonly head: Head; readonly version: Version }) {
  const isActive = head.activeVersion === version.version;
  return (
    <Group gap="xs">
      <Badge color={isActive ? 'pine' : 'gray'} variant="light" size="lg">
        Version {version.version}, {isActive ? 'active' : 'not active'}
      </Badge>
      {version.activatedAt === null ? null : (
        <Text c="dimmed">
          since <Moment at={version.activatedAt} />
        </Text>
      )}
    </Group>
  );
}

function Unreadable() {
  return (
    <Empty icon="warning" title="This page is too old to put this version into words">
      Reload the page, or read the source.
    </Empty>
  );
}

function InWords(read: ReadVersion) {
  const sections = [
    ['applies', 'Who is scored'],
    ['paths', 'When a lead is handed over'],
    ['rules', 'Scores and rules'],
    ['practice', 'How leads are worked'],
  ] as const;
  return (
    <div className={css.page}>
      <Stack gap="md">
        <Anchored id="applies">
          <AppliesCard {...read} />
        </Anchored>
        <Anchored id="paths">
          <PathCards {...read} />
        </Anchored>
        <Anchored id="rules">
          <RuleCards {...read} />
        </Anchored>
        <Anchored id="practice">
          <PracticeCards {...read} />
        </Anchored>
      </Stack>
      <nav className={css.contents} aria-label="Contents">
        {sections.map(([id, label]) => (
          <a key={id} href={`#${id}`}>
            {label}
          </a>
        ))}
      </nav>
    </div>
  );
}

function Versions(props: {
  readonly head: Head;
  readonly shown: number;
  readonly onShow: (version: number) => void;
}) {
  const { head, shown, onShow } = props;
  return (
    <Card title="Versions, newest first">
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label="Versions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Stored</Table.Th>
              <Table.Th>By</Table.Th>
              <Table.Th>Activated</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...head.versions]
              .sort((a, b) => b.version - a.version)
              .map(entry => (
                <Table.Tr key={entry.version}>
                  <Table.Td fw={600}>
                    {entry.version}{' '}
                    {entry.version === head.activeVersion ? (
                      <Badge color="pine" variant="light" size="sm">
                        Active
                      </Badge>
                    ) : null}
                  </Table.Td>
                  <Table.Td>
                    <When at={entry.createdAt} />
                  </Table.Td>
                  <Table.Td>{entry.createdBy}</Table.Td>
                  <Table.Td>{entry.activatedAt === null ? '–' : <When at={entry.activatedAt} />}</Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={entry.version === shown}
                      onClick={() => onShow(entry.version)}
                    >
                      {entry.version === shown ? 'Shown' : 'Show'}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

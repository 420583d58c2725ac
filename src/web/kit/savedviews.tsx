import { Alert, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { SavedView, ViewPage } from '../../contract/api/view.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Icon } from './icon.tsx';
import { showFailure, showUndoable } from './notice.tsx';

interface Props {
  readonly page: ViewPage;
  /** The parts of the address that belong to the moment and not to a view, such as the selected row. */
  readonly passing?: readonly string[];
}

/** The filters and the order in the address of a page, kept under a name: chooses, keeps and deletes them. */
export function SavedViews({ page, passing = [] }: Props) {
  const [params, setParams] = useSearchParams();
  const [isNaming, setNaming] = useState(false);
  const views = useCall('listViews', { query: { page } });
  const deleting = useChange('deleteView');
  const creating = useChange('createView');
  const query = viewQuery(params, passing);
  const items = views.data?.items ?? [];
  const current = items.find(view => isSame(view.query, query));

  const drop = (view: SavedView) =>
    deleting.mutate(
      { params: { id: view.id } },
      {
        onSuccess: () =>
          showUndoable({
            id: `view ${view.id}`,
            words: `Deleted the view “${view.name}”.`,
            onUndo: () =>
              creating.mutate(
                { body: { page, name: view.name, query: view.query } },
                { onError: showFailure },
              ),
          }),
        onError: showFailure,
      },
    );

  return (
    <>
      <Menu position="bottom-end" withinPortal width={260}>
        <Menu.Target>
          <Button variant="default" size="sm" leftSection={<Icon name="view" />}>
            {current?.name ?? 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {items.length === 0 ? (
            <Text px="sm" py={6} size="sm" c="dimmed">
              No views are kept yet. Set filters and keep them under a name.
            </Text>
          ) : null}
          {items.map(view => (
            <Group key={view.id} gap={0} wrap="nowrap">
              <Menu.Item
                fw={view === current ? 650 : undefined}
                onClick={() => setParams(new URLSearchParams(view.query))}
              >
                {view.name}
              </Menu.Item>
              <Menu.Item
                w="auto"
                c="dimmed"
                aria-label={`Delete the view ${view.name}`}
                onClick={() => drop(view)}
              >
                <Icon name="cross" size={14} />
              </Menu.Item>
            </Group>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="plus" />} onClick={() => setNaming(true)}>
            Keep this view…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isNaming ? (
        <NameDialog page={page} query={query} name={current?.name ?? ''} onClose={() => setNaming(false)} />
      ) : null}
    </>
  );
}

function NameDialog(props: {
  readonly page: ViewPage;
  readonly query: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const { page, query, onClose } = props;
  const [name, setName] = useState(props.name);
  const creating = useChange('createView');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate({ body: { page, name, query } }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Keep this view" size="sm">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Keeps the filters and the order. A view of the same name is replaced."
            value={name}
            maxLength={100}
            required
            data-autofocus
            onChange={event => setName(event.currentTarget.value)}
          />
          {creating.error === null ? null : <Alert color="brick">{errorWords(creating.error)}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={creating.isPending}>
              Keep
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/**
 * The query of a page as a view keeps it: in the order of the names, without what belongs to the moment.
 *
 * @example viewQuery(new URLSearchParams('show=all&lead=7&grade=A'), ['lead']) // 'grade=A&show=all'
 */
export function viewQuery(params: URLSearchParams, passing: readonly string[]): string {
  const kept = new URLSearchParams(params);
  for (const name of passing) kept.delete(name);
  kept.sort();
  return kept.toString();
}

function isSame(one: string, other: string): boolean {
  return viewQuery(new URLSearchParams(one), []) === viewQuery(new URLSearchParams(other), []);
}

import { Anchor, Button, Group, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { MOST_AT_ONCE } from '../../contract/api/contact.ts';
import { counted } from '../../core/text/number.ts';
import { type CallOutput, call, fileAddress } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { More } from '../kit/more.tsx';
import { showFailure } from '../kit/notice.tsx';
import { SavedViews } from '../kit/savedviews.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { AddContact } from './addcontact.tsx';
import { BulkBar } from './bulk.tsx';
import { ContactFilters, readFilter } from './contactfilters.tsx';
import { type ContactItem, ContactTable } from './contacttable.tsx';

/** Everybody Baton knows, to be searched, filtered, sorted and worked on together; the address keeps what was chosen. */
export function ContactsPage() {
  useDocumentTitle('Contacts · Baton');
  const [params, setParams] = useSearchParams();
  const [isAdding, setAdding] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const matching = useMatching();
  const may = useMay();
  const filter = readFilter(params);
  const set = (name: string, value: string | null) => {
    setSelected(new Set());
    matching.forget();
    setParams(
      previous => {
        const next = new URLSearchParams(previous);
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  const pages = usePages({
    key: ['listContacts', filter],
    load: (cursor, signal) => call('listContacts', { query: { ...filter, cursor } }, signal),
  });
  const count = pages.first?.count;
  const known = new Map([...matching.items, ...pages.items].map(item => [item.id, item]));
  const chosen = [...known.values()].filter(({ id }) => selected.has(id));
  const most = Math.min(count ?? 0, MOST_SELECTED);
  const all =
    chosen.length < pages.items.length || chosen.length >= most
      ? null
      : {
          words: most === count ? `Select all ${most}` : `Select the first ${most}`,
          isBusy: matching.isBusy,
          onSelect: () =>
            void matching.load(filter).then(items => setSelected(new Set(items.map(({ id }) => id)))),
        };
  return (
    <>
      <PageHead
        title={
          <>
            Contacts{' '}
            <Text component="span" c="dimmed" fw={400}>
              {count === undefined ? '' : counted(count, 'contact')}
            </Text>
          </>
        }
        side={
          <Group gap="xs">
            <SavedViews page="contacts" />
            <Button
              component="a"
              href={fileAddress('getContactFile', { query: filter })}
              variant="default"
              leftSection={<Icon name="download" size={15} />}
            >
              Export
            </Button>
            {may('startImport') ? (
              <Button component={Link} to="/import" variant="default">
                Import
              </Button>
            ) : null}
            {may('createContact') ? <Button onClick={() => setAdding(true)}>Add a contact</Button> : null}
          </Group>
        }
      />
      <ContactFilters params={params} set={set} onClear={() => setParams({})} />
      {pages.error !== null && pages.items.length === 0 ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.first === undefined ? (
        <Loading rows={10} />
      ) : pages.items.length === 0 ? (
        <NoContacts isFiltered={params.size > 0} onClear={() => setParams({})} />
      ) : (
        <>
          <ContactTable
            items={pages.items}
            sort={filter.sort ?? '-total'}
            onSort={sort => set('sort', sort)}
            selected={selected}
            onSelect={setSelected}
          />
          <More pages={pages} mt="md" mx="auto" display="block" />
        </>
      )}
      {chosen.length === 0 ? null : (
        <BulkBar items={chosen} all={all} onKeep={setSelected} onClear={() => setSelected(new Set())} />
      )}
      {isAdding ? <AddContact onClose={() => setAdding(false)} /> : null}
    </>
  );
}

/** How many contacts are selected together: what a person still oversees, and a few calls change. */
const MOST_SELECTED = 1_000;

/** Loads the contacts that a filter lets through, page by page, beyond what the list shows. */
function useMatching() {
  const [items, setItems] = useState<readonly ContactItem[]>([]);
  const [isBusy, setBusy] = useState(false);
  const load = async (filter: ReturnType<typeof readFilter>) => {
    const found: ContactItem[] = [];
    let cursor: string | null = null;
    setBusy(true);
    try {
      do {
        const limit = Math.min(MOST_AT_ONCE, MOST_SELECTED - found.length);
        const query = { ...filter, limit, ...(cursor === null ? {} : { cursor }) };
        const page: CallOutput<'listContacts'> = await call('listContacts', { query });
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < MOST_SELECTED);
      setItems(found);
    } catch (error) {
      showFailure(error);
    } finally {
      setBusy(false);
    }
    return found;
  };
  return { items, isBusy, load, forget: () => setItems([]) };
}

function NoContacts({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (isFiltered)
    return (
      <Empty
        icon="search"
        title="No contact matches"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Search looks into names, e-mail addresses and companies.
      </Empty>
    );
  return (
    <Empty
      icon="contacts"
      title="No contacts yet"
      action={
        <Button component={Link} to="/start">
          Connect your website
        </Button>
      }
    >
      Contacts come from your website and your product, from a file, or are added by hand. What to do first is
      under{' '}
      <Anchor component={Link} to="/start" underline="always">
        First steps
      </Anchor>
      .
    </Empty>
  );
}

import { Box } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Exception } from '../../contract/api/exception.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Detail } from '../kit/detail.tsx';
import css from '../kit/list.module.css';
import { More } from '../kit/more.tsx';
import { NoExceptions } from '../kit/nothing.tsx';
import { useSelection, WIDE } from '../kit/selection.ts';
import { Failed, Loading } from '../kit/state.tsx';
import { useTransfers } from '../queue/transfer.tsx';
import { ExceptionActions, type ExceptionDialog, mayClose } from './actions.tsx';
import { ExceptionDetail } from './detail.tsx';
import { ExceptionDialogs } from './dialogs.tsx';
import { ExceptionRow } from './row.tsx';
import { EXCEPTION_WORDS } from './words.ts';
import { useExceptionWork } from './work.tsx';

/** What waits for a person of one kind, due first; worked by keyboard or by hand. */
export function ExceptionList(props: {
  readonly kind: Exception['kind'];
  readonly isMine: boolean;
  /** The exception or episode to begin with. */
  readonly first: string | null;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
}) {
  const { kind, isMine, first, onHelp, isHelpOpen } = props;
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const navigate = useNavigate();
  const may = useMay();
  const work = useExceptionWork();
  const transfers = useTransfers();
  const [dialog, setDialog] = useState<{
    readonly which: ExceptionDialog;
    readonly exception: Exception;
  } | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  const owner = isMine ? 'me' : undefined;
  const pages = usePages({
    key: ['listExceptions', { kind, owner }],
    load: (cursor, signal) => call('listExceptions', { query: { kind, owner, cursor } }, signal),
  });
  const begin = pages.items.find(
    ({ id, episode }) => first !== null && (id === first || episode?.id === first),
  );
  const { selected, index, select, move, rowRef } = useSelection(pages.items, begin?.id ?? null);

  const open = (exception: Exception | undefined) => {
    const contact = exception?.contact ?? null;
    if (contact !== null) void navigate(`/contacts/${contact.id}`);
  };
  const show = (position: number) => {
    select(position);
    if (!isWide) setDrawn(pages.items[position]?.id ?? null);
  };
  const take = () => {
    const lead = leadOf(selected);
    if (lead !== null && selected?.workRefused === null && !transfers.isBusy) void transfers.take(lead);
  };
  const act = (which: ExceptionDialog) => {
    if (selected?.workRefused !== null) return;
    if (which === 'assign' && leadOf(selected) === null) return;
    if (which === 'complete' && selected.missing.length === 0) return;
    if (which === 'close' && !(mayClose(selected) && may('closeException'))) return;
    setDialog({ which, exception: selected });
  };
  const retry = () => {
    if (leadOf(selected) !== null && selected?.workRefused === null && !work.isBusy)
      void work.retry(selected);
  };
  useHotkeys(
    dialog === null && !isHelpOpen && drawn === null
      ? [
          ['j', () => move(1)],
          ['ArrowDown', () => move(1)],
          ['k', () => move(-1)],
          ['ArrowUp', () => move(-1)],
          ['a', () => act('assign')],
          ['m', take],
          ['f', () => act('complete')],
          ['n', retry],
          ['c', () => act('close')],
          ['?', onHelp],
          ['shift+?', onHelp],
        ]
      : [],
  );

  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={5} height={120} />;
  // What a dialog is about stays what it was, also when the list changes under it.
  const dialogs =
    dialog === null ? null : (
      <ExceptionDialogs
        open={dialog.which}
        exception={dialog.exception}
        work={work}
        onClose={() => setDialog(null)}
      />
    );
  if (selected === undefined)
    return (
      <>
        <NoExceptions kind={kind} isMine={isMine} />
        {dialogs}
      </>
    );
  const detail = (
    <ExceptionDetail
      key={selected.id}
      exception={selected}
      work={work}
      onEntrust={() => act('entrust')}
      actions={<ExceptionActions exception={selected} work={work} onTake={take} onOpen={act} />}
    />
  );
  return (
    <div className={css.split}>
      <Box>
        <ul className={css.list} aria-label={`${EXCEPTION_WORDS[kind]}, due first`}>
          {pages.items.map((exception, position) => (
            <ExceptionRow
              key={exception.id}
              exception={exception}
              isSelected={isWide && position === index}
              onSelect={() => show(position)}
              onOpen={() => (isWide ? open(exception) : show(position))}
              ref={rowRef(exception.id)}
            />
          ))}
        </ul>
        <More pages={pages} label="Show more" fullWidth mt="sm" />
      </Box>
      <Detail
        isWide={isWide}
        label="Selected exception"
        title={EXCEPTION_WORDS[kind]}
        isDrawn={drawn === selected.id}
        onClose={() => setDrawn(null)}
      >
        {detail}
      </Detail>
      {dialogs}
    </div>
  );
}

/** The lead that waits, as the transfers know it. */
function leadOf(exception: Exception | undefined) {
  if (exception === undefined || exception.episode === null || exception.contact === null) return null;
  return { id: exception.episode.id, contact: exception.contact, owner: null };
}

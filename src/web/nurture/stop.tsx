import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Confirm } from '../kit/confirm.tsx';
import { showDone } from '../kit/notice.tsx';

/** Stops the track of a lead once that is confirmed; nothing for who may not. */
export function StopTrack(props: {
  readonly episodeId: string;
  readonly name: string;
  readonly track: string;
  readonly workRefused: string | null;
}) {
  const { episodeId, name, track, workRefused } = props;
  const [isAsking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const stopping = useChange('stopNurture');
  const may = useMay();
  if (!may('stopNurture') || workRefused !== null) return null;
  const close = () => {
    setAsking(false);
    stopping.reset();
  };
  const stop = () =>
    stopping.mutate(
      { params: { id: episodeId }, body: note.trim() === '' ? {} : { note: note.trim() } },
      {
        onSuccess: () => {
          showDone(`${name} gets nothing more of ${track}.`);
          close();
        },
      },
    );
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Stop the track for ${name}`}
        onClick={() => setAsking(true)}
      >
        Stop the track
      </Button>
      {isAsking ? (
        <Confirm
          title={`Stop ${track} for ${name}?`}
          verb="Stop the track"
          isBusy={stopping.isPending}
          error={stopping.error}
          onConfirm={stop}
          onClose={close}
        >
          The lead gets nothing more of it. How long it waits stays as it is.
          <Textarea
            mt="sm"
            label="Why (optional)"
            value={note}
            maxLength={4000}
            autosize
            minRows={2}
            onChange={event => setNote(event.currentTarget.value)}
          />
        </Confirm>
      ) : null}
    </>
  );
}

import { notifications } from '@mantine/notifications';
import type { ImportedFile } from '../../contract/api/import.ts';
import { counted } from '../../core/text/number.ts';
import { useChange } from '../client/query.ts';
import { Confirm } from '../kit/confirm.tsx';

/** Asks once more before an import is taken back. */
export function Undo({ item, onClose }: { readonly item: ImportedFile; readonly onClose: () => void }) {
  const undoing = useChange('undoImport');
  return (
    <Confirm
      title={`Take ${item.file} back?`}
      verb="Take back"
      isBusy={undoing.isPending}
      error={undoing.error}
      onClose={onClose}
      onConfirm={() =>
        undoing.mutate(
          { params: { id: item.id } },
          {
            onSuccess: ({ contactsRemoved, contactsChanged, episodesKept }) => {
              const kept =
                episodesKept === 0
                  ? ''
                  : ` ${counted(episodesKept, 'handoff')} stay: somebody has worked on them.`;
              notifications.show({
                color: 'pine',
                message: `Taken back: ${counted(contactsRemoved, 'contact')} removed, ${contactsChanged} changed.${kept}`,
              });
              onClose();
            },
          },
        )
      }
    >
      What the file added goes: values, events and handoffs. Contacts with nothing left are removed. Handoffs
      that somebody has worked on since stay.
    </Confirm>
  );
}

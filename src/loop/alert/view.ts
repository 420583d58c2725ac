import type { Alert } from '../../contract/api/alert.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import type { listAlertRows } from '../../db/alert/alert.ts';

type Row = Awaited<ReturnType<typeof listAlertRows>>[number];
type Told = 'id' | 'at' | 'label' | 'text' | 'contact_id' | 'episode_id' | 'read_at';

/** An alert as the API and the stream carry it. */
export function toAlert(row: Pick<Row, Told> & { readonly kind?: string | null }): Alert {
  return {
    id: row.id,
    at: formatInstant(row.at),
    label: row.label,
    text: row.text,
    contactId: row.contact_id,
    episodeId: row.episode_id,
    readAt: instantOrNull(row.read_at),
    kind: row.kind ?? null,
  };
}

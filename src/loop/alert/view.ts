import type { Alert } from '../../contract/api/alert.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import type { listAlertRows } from '../../db/alert/alert.ts';

/** An alert as the API and the stream carry it. */
export function toAlert(
  row: Omit<Awaited<ReturnType<typeof listAlertRows>>[number], 'kind'> & { readonly kind?: string | null },
): Alert {
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

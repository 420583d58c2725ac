import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** The longest that a browser's timer waits, in ms. */
const MOST_WAIT_MS = 2_000_000_000;

/** Asks for the queue again when a lead that was snoozed comes back; its time is an instant, null for none. */
export function useReturn(at: string | null): void {
  const client = useQueryClient();
  useEffect(() => {
    if (at === null) return undefined;
    const wait = Math.min(Math.max(Date.parse(at) - Date.now() + 500, 0), MOST_WAIT_MS);
    const timer = window.setTimeout(() => void client.invalidateQueries({ queryKey: ['listQueue'] }), wait);
    return () => window.clearTimeout(timer);
  }, [at, client]);
}

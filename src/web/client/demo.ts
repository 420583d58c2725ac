import type { CallOutput } from './client.ts';

/** How a demo stands, as the session reports it. */
export type Demo = NonNullable<CallOutput<'getSession'>['demo']>;

/** Becomes another person of the demo and loads the page again as they see it; false when the server refused. */
export async function lookAs(userId: string): Promise<boolean> {
  const answer = await fetch('/demo/look', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  }).catch(() => null);
  if (answer?.ok !== true) return false;
  window.location.reload();
  return true;
}

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import { type CallOutput, call } from '../client/client.ts';
import { type Draft, type DraftKey, type Drafts, openDrafts } from './draft.ts';

/** The answers being typed, by the store of answers that they go into. */
const opened = new WeakMap<QueryClient, Drafts>();

/** The answers that are being typed in this browser tab: they outlast the form, so that nothing typed is lost. */
export function useDrafts(): Drafts {
  const client = useQueryClient();
  const known = opened.get(client);
  if (known !== undefined) return known;
  const drafts = openDrafts(async ({ episodeId, question }, said, revision) => {
    const params = { id: episodeId };
    const episode = await call('saveQualification', {
      params,
      body: { answers: { [question]: { ...said, revision } } },
    });
    keep(client, episode);
    void client.invalidateQueries({ queryKey: ['listTimeline'] });
    return episode.qualification?.answers.find(({ id }) => id === question)?.revision ?? 0;
  });
  opened.set(client, drafts);
  return drafts;
}

/** Puts an episode as it is now where pages show it, so that no field shows for a moment what it was. */
function keep(client: QueryClient, episode: Episode): void {
  client.setQueryData(['getEpisode', { params: { id: episode.id } }], episode);
  client.setQueriesData({ queryKey: ['getContact'] }, (contact: CallOutput<'getContact'> | undefined) => {
    if (contact === undefined || !contact.episodes.some(({ id }) => id === episode.id)) return contact;
    return {
      ...contact,
      episodes: contact.episodes.map(known => (known.id === episode.id ? episode : known)),
    };
  });
}

/** The answer to a question as it is being typed; null while nobody types. */
export function useDraft(key: DraftKey): Draft | null {
  const drafts = useDrafts();
  return useSyncExternalStore(drafts.subscribe, () => drafts.get(key));
}

/** Whether anything typed is not saved yet. */
export function useUnsaved(): boolean {
  const drafts = useDrafts();
  return useSyncExternalStore(drafts.subscribe, drafts.isAnyUnsaved);
}

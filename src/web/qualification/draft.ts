import type { AnswerConflict } from '../../core/qualification/shape.ts';
import { CallError, errorWords } from '../client/client.ts';

/** What somebody says to a question, as the API takes it. */
export interface Said {
  readonly value?: DraftValue | null;
  readonly unknown?: true;
  readonly note?: string;
}
export type DraftValue =
  | boolean
  | number
  | string
  | { readonly amount: number | string; readonly currency: string };

/** How far the saving of an answer is. */
export type Saving =
  | { readonly kind: 'waiting' | 'saving' | 'saved' }
  /** Baton could not be reached: it is tried again. */
  | { readonly kind: 'failed'; readonly words: string }
  /** It was refused, and would be again. */
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'conflict'; readonly conflict: AnswerConflict };

/** An answer as it is typed, until it is saved and the field is left. */
export interface Draft {
  readonly said: Said;
  readonly saving: Saving;
  /** The revision of the answer that it changes. */
  readonly seen: number;
}

/** Names the answer to a question about a lead. */
export interface DraftKey {
  readonly episodeId: string;
  readonly question: string;
}

/** Saves an answer, and gives its revision from then on. */
export type Save = (key: DraftKey, said: Said, seen: number) => Promise<number>;

/** How long somebody pauses before what they typed is saved, and how long until a failed save is tried again. */
export const PAUSE_MS = 700;
export const AGAIN_MS = 5_000;

/** The answers that are being typed on this page, each saved after a pause; what fails is kept and tried again. */
export interface Drafts {
  readonly get: (key: DraftKey) => Draft | null;
  readonly subscribe: (onChange: () => void) => () => void;
  /** Keeps what was typed, over the answer of revision `seen`, and saves it after a pause. */
  readonly type: (key: DraftKey, said: Said, seen: number) => void;
  /** Saves at once what waits; nothing is left to show once it is saved and its field was left. */
  readonly leave: (key: DraftKey) => void;
  /** Saves what waits of a lead; done when all of it is saved, or could not be. */
  readonly flush: (episodeId: string) => Promise<void>;
  /** Saves an answer over the one that somebody else gave meanwhile. */
  readonly insist: (key: DraftKey) => void;
  readonly drop: (key: DraftKey) => void;
  /** Whether anything is not saved. */
  readonly isAnyUnsaved: () => boolean;
}

interface Entry {
  draft: Draft;
  timer: ReturnType<typeof setTimeout> | null;
  running: Promise<void> | null;
  isLeft: boolean;
}

/** Opens the answers of a page. */
export function openDrafts(save: Save): Drafts {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  const nameOf = ({ episodeId, question }: DraftKey) => `${episodeId} ${question}`;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const show = (key: DraftKey, entry: Entry, draft: Partial<Draft>) => {
    entry.draft = { ...entry.draft, ...draft };
    if (entry.isLeft && entry.draft.saving.kind === 'saved') entries.delete(nameOf(key));
    tell();
  };
  const schedule = (key: DraftKey, entry: Entry, ms: number) => {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void run(key, entry), ms);
  };
  const run = (key: DraftKey, entry: Entry): Promise<void> => {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
    // One save of an answer at a time: the next one begins from its revision.
    entry.running ??= send(key, entry).finally(() => {
      entry.running = null;
    });
    return entry.running;
  };
  const send = async (key: DraftKey, entry: Entry): Promise<void> => {
    for (let said: Said | null = entry.draft.said; said !== null; ) {
      const sent: Said = said;
      show(key, entry, { saving: { kind: 'saving' } });
      try {
        const revision = await save(key, sent, entry.draft.seen);
        const isTyped = entry.draft.said !== sent;
        said = isTyped ? entry.draft.said : null;
        show(key, entry, { seen: revision, saving: { kind: isTyped ? 'saving' : 'saved' } });
      } catch (error) {
        said = null;
        const saving = savingOf(error, key.question);
        show(key, entry, { saving });
        if (saving.kind === 'failed') schedule(key, entry, AGAIN_MS);
      }
    }
  };
  const isPending = ({ saving }: Draft) => saving.kind === 'waiting' || saving.kind === 'failed';
  return {
    get: key => entries.get(nameOf(key))?.draft ?? null,
    subscribe: onChange => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    type: (key, said, seen) => {
      const known = entries.get(nameOf(key));
      const entry = known ?? {
        draft: { said, seen, saving: { kind: 'waiting' } },
        timer: null,
        running: null,
        isLeft: false,
      };
      entries.set(nameOf(key), entry);
      entry.isLeft = false;
      const base = entry.draft.saving.kind === 'saved' ? Math.max(seen, entry.draft.seen) : entry.draft.seen;
      const isRunning = entry.running !== null;
      show(key, entry, { said, seen: base, saving: { kind: isRunning ? 'saving' : 'waiting' } });
      if (!isRunning) schedule(key, entry, PAUSE_MS);
    },
    leave: key => {
      const entry = entries.get(nameOf(key));
      if (entry === undefined) return;
      entry.isLeft = true;
      if (entry.draft.saving.kind === 'waiting') void run(key, entry);
      else show(key, entry, {});
    },
    flush: async episodeId => {
      const mine = [...entries].filter(([name]) => name.startsWith(`${episodeId} `));
      await Promise.all(
        mine.map(([name, entry]) => {
          const key = { episodeId, question: name.slice(episodeId.length + 1) };
          return entry.running ?? (isPending(entry.draft) ? run(key, entry) : null);
        }),
      );
    },
    insist: key => {
      const entry = entries.get(nameOf(key));
      if (entry === undefined || entry.draft.saving.kind !== 'conflict') return;
      const { revision } = entry.draft.saving.conflict.theirs;
      entry.draft = { ...entry.draft, seen: revision };
      void run(key, entry);
    },
    drop: key => {
      const entry = entries.get(nameOf(key));
      if (entry === undefined) return;
      if (entry.timer !== null) clearTimeout(entry.timer);
      entries.delete(nameOf(key));
      tell();
    },
    isAnyUnsaved: () => [...entries.values()].some(({ draft }) => draft.saving.kind !== 'saved'),
  };
}

/** Tells a refusal, which stays one, from a server that could not be reached. */
function savingOf(error: unknown, question: string): Saving {
  if (!(error instanceof CallError)) return { kind: 'refused', words: errorWords(error) };
  const conflict = error.failure?.conflicts?.find(({ id }) => id === question);
  if (conflict !== undefined) return { kind: 'conflict', conflict };
  const isAway = error.status === 0 || error.status === 429 || error.status >= 500;
  if (isAway) return { kind: 'failed', words: errorWords(error) };
  const fault = error.failure?.errors.find(({ path }) => path.startsWith(`answers.${question}`));
  return { kind: 'refused', words: fault === undefined ? errorWords(error) : fault.message };
}

import { z } from 'zod';
import type { PostMail } from '../../src/loop/delivery/mail.ts';
import type { Node } from './node.ts';
import type { Raw } from './people.ts';
import type { Mood } from './plan.ts';
import type { Look } from './world.ts';

/** A letter that arrived at the mail server. `isLost` says that its sender could not know: it may come again under its id. */
interface Arrival {
  readonly id: string;
  readonly address: string;
  readonly subject: string;
  readonly token: string;
  /** By the clock of the server that sent it. */
  readonly at: number;
  readonly step: number;
  isLost: boolean;
}

/** What the reader of a letter asked for by its link. */
interface Wish {
  readonly address: string;
  readonly wantsMail: boolean;
  readonly isDone: boolean;
  readonly at: number;
}

/** A letter that the mail server would not take. */
interface Refusal {
  readonly id: string;
  readonly address: string;
  readonly isGone: boolean;
  readonly at: number;
  readonly step: number;
  /** Whether its sender lived to hear of it. */
  isHeard: boolean;
}

/** A word by which somebody, known by an address or by another name, wants no mail. */
interface Word {
  readonly address: string | null;
  readonly name: string;
}

/**
 * The mail server of a world, everything that ever reached it, and its own book of who wants no mail and which addresses are
 * gone: by the acts alone. It complains of every letter that should not have been tried.
 */
export interface Post {
  /** The mail server in a mood, as one server speaks to it. */
  readonly open: (mood: Mood, node: Node, onTake: (id: string) => void) => PostMail;
  readonly letters: () => readonly Arrival[];
  readonly refusals: () => readonly Refusal[];
  readonly wishes: () => readonly (Wish & { readonly step: number; readonly isFresh: boolean })[];
  /** Whether a letter was tried in vain, or waited while nobody was in. */
  readonly hasFailed: (id: string) => boolean;
  readonly wish: (wish: Wish) => void;
  /** Hears what was told of mail, once it was taken in. */
  readonly hear: (raw: Raw) => void;
  /** Hears that contacts of these names were parted: whose wish it was can be told by the address alone from then on. */
  readonly part: (names: readonly string[]) => void;
  /** Whether anybody of this name, or who was one with them, ever wanted no mail. */
  readonly isKnownFor: (names: readonly string[], what: 'wants none' | 'gone') => boolean;
  /** Ends a step, after which the world looks like this; gives what was wrong in it. */
  readonly endStep: (look: Look, step: number) => readonly string[];
}

const said = z.object({
  event: z.string().optional(),
  userId: z.string().optional(),
  properties: z.object({ email: z.string().optional() }).optional(),
  traits: z.object({ unsubscribed: z.boolean().optional() }).optional(),
});
const sent = z.object({
  messageId: z.string(),
  subject: z.string(),
  to: z.object({ address: z.string() }),
  headers: z.object({ 'List-Unsubscribe': z.string() }),
});

/** Opens the mail server of a world. */
export function openPost(): Post {
  const arrivals: Arrival[] = [];
  const refusals: Refusal[] = [];
  const wishes: (Wish & { step: number; isFresh: boolean })[] = [];
  const failures = new Set<string>();
  let wasAway = false;
  const parted = new Set<string>();
  const fields = new Map<string, boolean>();
  const ever = { 'wants none': new Set<string>(), gone: new Set<string>() };
  let words: Word[] = [];
  const bounces = new Set<string>();
  let faults: string[] = [];
  let here: (() => void)[] = [];
  let look: Look = emptyLook();
  let step = 0;
  /** The addresses that no letter may go to, as of the end of the last step. */
  let shut = { stopped: new Set<string>(), gone: new Set<string>() };

  const namesBeside = (name: string): readonly string[] => {
    const names = look.contacts.get(look.names.get(name) ?? '') ?? [name];
    return names.some(one => parted.has(one)) ? [name] : names;
  };
  const addressesOf = (name: string) =>
    namesBeside(name).flatMap(one => (one.startsWith('email ') ? [one.slice('email '.length)] : []));
  const shutOf = (word: Word) => [
    ...addressesOf(word.name),
    ...(word.address === null ? [] : [word.address]),
  ];
  const forget = (address: string) => {
    const names = new Set(namesBeside(`email ${address}`));
    words = words.filter(
      word => word.address !== address && !names.has(word.name) && !names.has(`email ${word.address}`),
    );
    for (const name of names) shut.stopped.delete(name.replace(/^email /, ''));
  };
  const remember = (what: 'wants none' | 'gone', word: Word) => {
    ever[what].add(word.name);
    if (word.address !== null) ever[what].add(`email ${word.address}`);
  };

  return {
    letters: () => arrivals,
    refusals: () => refusals,
    wishes: () => wishes,
    hasFailed: id => wasAway || failures.has(id),
    part: names => {
      for (const name of names) parted.add(name);
    },
    isKnownFor: (names, what) => names.some(name => ever[what].has(name)),
    open: (mood, node, onTake) => {
      wasAway ||= mood === 'away';
      return async mail => {
        const { messageId, subject, to, headers } = sent.parse(mail);
        const { address } = to;
        const id = /^<([0-9a-f-]{36})@/.exec(messageId)?.[1] ?? '';
        const token = /\/unsubscribe\/([^>]+)>/.exec(headers['List-Unsubscribe'])?.[1] ?? '';
        const at = node.app.clock();
        if (shut.stopped.has(address))
          faults.push(`a letter to somebody who wants none: ${JSON.stringify({ id, address, subject })}`);
        if (shut.gone.has(address))
          faults.push(`a letter to an address that is gone: ${JSON.stringify({ id, address, subject })}`);
        const fail = (isShared: boolean) => {
          failures.add(id);
          return { kind: 'failed', message: 'not now', retryAfterMs: null, isShared } as const;
        };
        switch (mood) {
          case 'takes':
          case 'twice': {
            const arrival = { id, address, subject, token, at, step, isLost: mood === 'twice' };
            arrivals.push(arrival);
            here.push(() => {
              arrival.isLost ||= node.isDead();
            });
            onTake(id);
            return mood === 'takes' ? { kind: 'sent' } : fail(false);
          }
          case 'refuses':
          case 'gone': {
            const isGone = mood === 'gone';
            const refusal = { id, address, isGone, at, step, isHeard: true };
            refusals.push(refusal);
            remember('gone', { address, name: `email ${address}` });
            here.push(() => {
              refusal.isHeard = !node.isDead();
              if (refusal.isHeard && isGone) bounces.add(address);
            });
            return { kind: 'refused', message: 'no', isGone };
          }
          default:
            return fail(mood === 'away');
        }
      };
    },
    wish: given => {
      const { address, wantsMail, isDone } = given;
      const word = { address, name: `email ${address}` };
      wishes.push({ ...given, step, isFresh: !shut.stopped.has(address) });
      // Where the server may have died of it, it may have been heard.
      if (wantsMail) forget(address);
      else remember('wants none', word);
      if (!wantsMail && isDone) words.push(word);
    },
    hear: raw => {
      const { event, userId, properties, traits } = said.parse(raw);
      const word = { address: properties?.email ?? null, name: `user ${userId}` };
      if (event === 'Unsubscribed') words.push(word);
      // One that names no address is of the one that is known by then, if there is just one.
      const [known, ...others] = word.address === null ? addressesOf(word.name) : [word.address];
      if (event === 'Email Bounced' && known !== undefined && others.length === 0) bounces.add(known);
      if (event === 'Unsubscribed' || traits?.unsubscribed === true) remember('wants none', word);
      if (event === 'Email Bounced') remember('gone', word);
      if (traits?.unsubscribed === undefined) return;
      fields.set(word.name, traits.unsubscribed);
      if (!traits.unsubscribed) for (const address of addressesOf(word.name)) shut.stopped.delete(address);
    },
    endStep: (after, number) => {
      for (const end of here) end();
      here = [];
      look = after;
      const known = arrivals.filter(({ step: of }) => of <= number);
      for (const { id } of known.filter(arrival => arrival.step === number)) {
        const [last, ...before] = known.filter(arrival => arrival.id === id).toReversed();
        if (before.some(({ isLost }) => !isLost))
          faults.push(`a letter was sent twice: ${JSON.stringify({ last, before })}`);
      }
      const optedOut = [...fields].flatMap(([name, isOut]) => {
        // Of contacts that were joined, one may have said this and one that.
        const others = namesBeside(name).filter(other => fields.get(other) === false);
        return isOut && others.length === 0 && !parted.has(name) ? [{ address: null, name }] : [];
      });
      shut = {
        stopped: new Set([...words, ...optedOut].flatMap(shutOf)),
        gone: new Set(bounces),
      };
      step = number + 1;
      const told = faults;
      faults = [];
      return told;
    },
  };
}

function emptyLook(): Look {
  return { now: 0, names: new Map(), episodes: new Map(), contacts: new Map(), versions: new Map() };
}

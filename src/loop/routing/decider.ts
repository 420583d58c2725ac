import { valueAt } from '../../core/condition/reading.ts';
import { textIn } from '../../core/contact/profile.ts';
import { isAddress, whyUnreachable } from '../../core/routing/reach.ts';
import type { Assignment, HoldingCause } from '../../core/routing/route.ts';
import type { Sql } from '../../db/database.ts';
import { loadKnown } from '../../db/handoff/handoff.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { type Alike, findCandidates } from '../contact/candidate.ts';
import type { Lead } from '../scoring/lead.ts';
import { loadStaff, type StaffBook } from './staff.ts';

/** Who gets a lead, or why it waits; `alike` is the contact that may be the same person. */
export interface Decision {
  readonly assignment: Assignment;
  readonly alike: Alike | null;
}

/** A lead to be given to somebody; `team` takes the place of the routing entries, `except` are those who handed it back. */
interface Asking {
  readonly active: RunningAgreement;
  readonly lead: Lead;
  readonly episodeId: string;
  readonly team: string | null;
  readonly except: readonly string[];
  /** Who rejected it before, and who opened the handoff by hand. */
  readonly keptFrom?: string | null;
  readonly byHand?: string | null;
}

/** Decides who gets leads, each knowing of those before it. */
export interface Decider {
  readonly staff: StaffBook;
  readonly decide: (asking: Asking) => Decision;
}

/**
 * Loads what deciding on leads needs, with everybody who may get one locked until the transaction ends. A lead that nobody
 * could reach, or that may be somebody who is worked already, is held back before it is given to anybody.
 */
export async function openDecider(
  sql: Sql,
  app: Pick<App, 'newId'>,
  leads: readonly Lead[],
): Promise<Decider> {
  const now = Math.min(...leads.map(lead => lead.now));
  const rows = [...new Map(leads.map(({ row }) => [row.id, row])).values()];
  const nameless = rows.filter(({ email }) => !isAddress(email)).map(({ id }) => id);
  // The lock on the teams is asked for first: what comes after it sees what others have given out.
  const [staff, known, alike] = await Promise.all([
    loadStaff(sql, { companyIds: leads.flatMap(({ row }) => row.companyId ?? []), now }),
    nameless.length === 0 ? new Set<string>() : loadKnown(sql, nameless),
    findCandidates(sql, app, rows, now),
  ]);
  const whyUnreached = ({ row, profile }: Lead) =>
    whyUnreachable({
      email: row.email,
      phone: textIn(valueAt(profile.contact, ['phone'])),
      isKnown: known.has(row.id),
    });
  const givenNow = new Set<string>();
  const blocking = (contactId: string) =>
    alike
      .get(contactId)
      ?.find(
        other => other.otherHasOpenEpisode || other.otherOwnerId !== null || givenNow.has(other.otherId),
      ) ?? null;
  return {
    staff,
    decide: ({ active, lead, episodeId, team, except, keptFrom = null, byHand = null }) => {
      const { row, subject, score, now: at } = lead;
      const asked = {
        subject,
        score,
        at,
        companyId: row.companyId,
        contactId: row.id,
        episodeId,
        team,
        except,
        keptFrom,
        byHand,
      };
      const unreached = whyUnreached(lead);
      if (unreached !== null) return { assignment: staff.hold(active, asked, unreached), alike: null };
      const other = blocking(row.id);
      givenNow.add(row.id);
      if (other !== null) return { assignment: staff.hold(active, asked, heldBy(other)), alike: other };
      return { assignment: staff.assign(active, asked), alike: null };
    },
  };
}

function heldBy({ otherName, reasons }: Alike): HoldingCause {
  return { kind: 'alike', name: otherName, because: reasons[0]?.text ?? null };
}

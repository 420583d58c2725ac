import type { z } from 'zod';
import type { Acceptance } from '../report/acceptance.ts';
import type { Mark } from '../report/answer.ts';
import type { Conversion } from '../report/conversion.ts';
import type { RowHead } from '../report/frame.ts';
import type { Health, healthTotal } from '../report/health.ts';
import type { Period } from '../report/period.ts';
import type { RejectionFigures } from '../report/rejection.ts';
import type { SlaFigures } from '../report/sla.ts';
import type { SourceRow } from '../report/source.ts';
import type { velocity } from '../report/velocity.ts';
import type { Targets } from '../report/verdict.ts';
import type { ReviewKind } from './kind.ts';
import type { ReviewEntry } from './review.ts';

type Rows<Figures> = readonly (RowHead & Figures)[];

/** What the reports say of one period. */
export interface PeriodFigures {
  readonly acceptance: Acceptance & { readonly leads: string };
  readonly speed: z.infer<typeof velocity>;
  readonly clocks: SlaFigures;
  readonly reasons: Rows<RejectionFigures>;
  readonly scores: z.infer<typeof healthTotal>;
}

/** Leads that nobody has decided on, of one owner. */
export interface OpenWork {
  readonly label: string;
  readonly leads: string;
  readonly open: number;
  /** Of these, those whose first touch or decision is past due. */
  readonly late: number;
}

/** What a review is made of: the reports of its period, of the one before, and of those that led to it. */
export interface ReviewFigures {
  readonly kind: ReviewKind;
  readonly key: string;
  readonly zone: string;
  /** As of when, epoch ms. */
  readonly at: number;
  /** The periods up to the review's own, which is the last. */
  readonly trail: readonly Period[];
  readonly before: Period;
  readonly after: Period;
  readonly targets: Targets;
  readonly marks: readonly Mark[];
  readonly now: PeriodFigures;
  readonly then: PeriodFigures;
  /** Acceptance by the periods of the trail. */
  readonly rates: Rows<Acceptance>;
  /** Conversion by the periods of the trail. */
  readonly conversion: Rows<Conversion>;
  /** The following are of the period itself. */
  readonly ownerRates: Rows<Acceptance>;
  readonly ownerSpeed: Rows<z.infer<typeof velocity>>;
  readonly ownerClocks: Rows<SlaFigures>;
  readonly sources: readonly SourceRow[];
  readonly grades: Rows<Health>;
  readonly versions: Rows<Acceptance>;
  readonly paths: Rows<Acceptance>;
  /** What is open of the last year, the owner with the most late leads first. */
  readonly open: readonly OpenWork[];
  readonly entries: readonly ReviewEntry[];
  readonly earlier: readonly ReviewEntry[];
}

import { administration } from './api/administration.ts';
import { agreements } from './api/agreement.ts';
import { inApp } from './api/alert.ts';
import { boards } from './api/board.ts';
import { contacts } from './api/contact.ts';
import { decisions } from './api/decision.ts';
import { deliveries } from './api/delivery.ts';
import { operations } from './api/doctor.ts';
import { duplicates } from './api/duplicate.ts';
import { work } from './api/episode.ts';
import { exceptions } from './api/exception.ts';
import { imports } from './api/import.ts';
import { intake } from './api/intake.ts';
import { letters } from './api/letter.ts';
import { nurture } from './api/nurture.ts';
import { deals } from './api/opportunity.ts';
import { pauses } from './api/pause.ts';
import { preferences } from './api/preference.ts';
import { questions } from './api/qualification.ts';
import { session } from './api/session.ts';
import { snoozing } from './api/snooze.ts';
import { teams } from './api/team.ts';
import { views } from './api/view.ts';
import { webhooks } from './api/webhook.ts';
import type { FileType } from './endpoint.ts';
import { counts } from './report/counts.ts';
import { reports } from './report/report.ts';
import { reviews } from './report/review.ts';

/** Every endpoint of the API by the name that handlers and clients use. The stream is described in `stream.ts`. */
export const api = {
  ...session,
  ...work,
  ...snoozing,
  ...boards,
  ...pauses,
  ...questions,
  ...deals,
  ...decisions,
  ...nurture,
  ...contacts,
  ...agreements,
  ...exceptions,
  ...duplicates,
  ...reports,
  ...counts,
  ...reviews,
  ...operations,
  ...imports,
  ...inApp,
  ...preferences,
  ...administration,
  ...intake,
  ...deliveries,
  ...webhooks,
  ...letters,
  ...teams,
  ...views,
};
export type Api = typeof api;
export type EndpointName = keyof Api;

type NameOf<Kind> = { [Name in EndpointName]: Api[Name] extends Kind ? Name : never }[EndpointName];

/** The endpoints that change something. */
export type WriteEndpointName = Exclude<EndpointName, NameOf<{ readonly method: 'GET' }>>;
/** The endpoints that give a file: a link opens them. */
export type FileEndpointName = NameOf<{ readonly file: FileType }>;
/** The endpoints that only answer. */
export type ReadEndpointName = Exclude<EndpointName, WriteEndpointName | FileEndpointName>;

import { administration } from './api/administration.ts';
import { agreements } from './api/agreement.ts';
import { inApp } from './api/alert.ts';
import { contacts } from './api/contact.ts';
import { deliveries } from './api/delivery.ts';
import { operations } from './api/doctor.ts';
import { likenesses } from './api/duplicate.ts';
import { work } from './api/episode.ts';
import { exceptions } from './api/exception.ts';
import { preferences } from './api/preference.ts';
import { reports } from './api/report.ts';
import { session } from './api/session.ts';
import { teams } from './api/team.ts';
import { webhooks } from './api/webhook.ts';

/** Every endpoint of the API by the name that handlers and clients use. The stream is described in `stream.ts`. */
export const api = {
  ...session,
  ...work,
  ...contacts,
  ...agreements,
  ...exceptions,
  ...likenesses,
  ...reports,
  ...operations,
  ...inApp,
  ...preferences,
  ...administration,
  ...deliveries,
  ...webhooks,
  ...teams,
};
export type Api = typeof api;
export type EndpointName = keyof Api;

/** The endpoints that only answer, and those that change something. */
export type ReadEndpointName = {
  [Name in EndpointName]: Api[Name]['method'] extends 'GET' ? Name : never;
}[EndpointName];
export type WriteEndpointName = Exclude<EndpointName, ReadEndpointName>;

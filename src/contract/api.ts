import { administration } from './api/administration.ts';
import { agreements } from './api/agreement.ts';
import { inApp } from './api/alert.ts';
import { contacts } from './api/contact.ts';
import { reports } from './api/report.ts';
import { session } from './api/session.ts';
import { work } from './api/work.ts';

/** Every endpoint of the API by the name that handlers and clients use. The stream is described in `stream.ts`. */
export const api = {
  ...session,
  ...work,
  ...contacts,
  ...agreements,
  ...reports,
  ...inApp,
  ...administration,
};
export type Api = typeof api;
export type EndpointName = keyof Api;

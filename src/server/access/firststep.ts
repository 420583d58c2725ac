import { instantOrNull } from '../../core/time/instant.ts';
import { findFirstSteps } from '../../db/access/firststep.ts';
import { closeFirstSteps, FIRST_START } from '../../loop/access/firststep.ts';
import type { App } from '../../loop/app.ts';
import { hostOf } from '../../loop/delivery/address.ts';
import type { Handler } from '../handler/handler.ts';

/** Answers with what the first steps need that no other call says. */
export const getFirstSteps: Handler<'getFirstSteps'> = ({ app }) => stepsOf(app);

/** Sets down whether the first steps are done, and answers with them. */
export const saveFirstSteps: Handler<'saveFirstSteps'> = async ({ app }, { body }) => {
  await closeFirstSteps(app, body.isDone);
  return stepsOf(app);
};

async function stepsOf({ db, settings }: App) {
  const row = await findFirstSteps(db, FIRST_START);
  const { SMTP_URL: smtpUrl } = settings;
  return {
    isDone: row.is_done,
    lastEvent: row.event === null ? null : { name: row.event, at: instantOrNull(row.event_at) },
    isTemplate: row.is_template,
    hasContacts: row.has_contacts,
    mailServer: smtpUrl === undefined ? null : hostOf(smtpUrl),
  };
}

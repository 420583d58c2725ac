import { changeIntakeSettings, findIntakeSettings } from '../../loop/intake/setting.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';

/** Answers with what holds for incoming calls. */
export const getIntake: Handler<'getIntake'> = ({ app }) => findIntakeSettings(app.db);

/** Sets what holds for incoming calls, and answers with it. */
export const saveIntake: Handler<'saveIntake'> = async (request, { body }) => {
  await changeIntakeSettings(request.app, body, doing(request, 'saveIntake'));
  return findIntakeSettings(request.app.db);
};

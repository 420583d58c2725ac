import { changePermissions, findPermissions } from '../../loop/access/permission.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';

/** Answers with what the workspace lets marketing do. */
export const getPermissions: Handler<'getPermissions'> = ({ app }) => findPermissions(app.db);

/** Sets what the workspace lets marketing do, and answers with it. */
export const savePermissions: Handler<'savePermissions'> = async (request, { body }) => {
  await changePermissions(request.app, body, doing(request, 'savePermissions'));
  return findPermissions(request.app.db);
};

import { z } from 'zod';
import { SELF } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { done, givenName, givenText, id } from '../shapes.ts';

/** The pages whose filters and order can be kept. */
const VIEW_PAGES = ['queue', 'contacts'] as const;
export const viewPage = z.enum(VIEW_PAGES);
export type ViewPage = (typeof VIEW_PAGES)[number];

const view = z.object({
  id,
  page: viewPage,
  name: z.string(),
  /** The query of the page's address, without the question mark: `owner=me&overdue=yes`. */
  query: z.string(),
});
export type SavedView = z.infer<typeof view>;

const REFUSALS = { 409: 'An API key has no views.' };

/** The filters and the order of pages that the person signed in has kept. */
export const views = {
  listViews: endpoint({
    method: 'GET',
    path: '/api/views',
    summary: 'The saved views of the person signed in, by name',
    tag: 'work',
    access: SELF,
    query: z.object({ page: viewPage.optional().describe('those of this page; of all pages without it') }),
    output: z.object({ items: z.array(view) }),
    refusals: REFUSALS,
  }),
  createView: endpoint({
    method: 'POST',
    path: '/api/views',
    summary: 'Keep the filters and the order of a page under a name; a view of the same name is replaced',
    tag: 'work',
    access: SELF,
    body: z.strictObject({ page: viewPage, name: givenName, query: givenText(2000) }),
    output: view,
    refusals: { 409: 'An API key has no views, or the person has as many as one may have.' },
  }),
  deleteView: endpoint({
    method: 'DELETE',
    path: '/api/views/{id}',
    summary: 'Delete a saved view of the person signed in',
    tag: 'work',
    access: SELF,
    params: z.object({ id }),
    output: done,
    refusals: { 404: 'The person has no such view.', ...REFUSALS },
  }),
};

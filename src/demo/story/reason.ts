import type { Filled } from './chance.ts';

/** The template's reasons for a rejection, but for that of a double: it asks for the other contact, which a story does not know. */
export type ReasonId =
  | 'bad_timing'
  | 'unreachable'
  | 'not_interested'
  | 'no_need'
  | 'no_budget'
  | 'no_authority'
  | 'wrong_fit'
  | 'competitor'
  | 'student'
  | 'junk'
  | 'existing_customer';

/** What reps write when they turn a lead down. */
export const NOTES: Record<ReasonId, Filled<string>> = {
  bad_timing: [
    'Likes it, but the new budget starts in April. Call back in February.',
    'In the middle of an ERP change until summer.',
    'Just renewed the old tool for a year.',
    'New CFO starts next quarter, nothing will move before.',
    'Year-end close. Asked us to come back afterwards.',
  ],
  unreachable: [
    'Four calls, two e-mails, no answer.',
    'Number is the switchboard and they do not put through.',
    'Voicemail every time; no reply to the e-mails.',
    'Out of office until further notice, no deputy named.',
  ],
  not_interested: [
    'Was only reading the paper, does not want a conversation.',
    'Asked not to be called again about this.',
    'Looked around out of curiosity.',
  ],
  no_need: [
    'Three people in finance, the spreadsheet is enough for them.',
    'Group head office does the planning, nothing to plan on site.',
    'Was looking for a bookkeeping tool.',
  ],
  no_budget: [
    'Cost freeze until the end of the year.',
    'Expected something for 50 a month.',
    'Project was cut from the plan last week.',
  ],
  no_authority: [
    'Analyst collecting options. Boss does not know about it yet.',
    'Has to ask the group controller first; promised a name.',
    'Writes the shortlist but cannot see us without the CFO.',
  ],
  wrong_fit: [
    'Four people, no planning beyond the bank account.',
    'Needs it on their own servers, which we do not offer.',
    'Public body that may only buy from a framework contract.',
    'Wants project scheduling, not financial planning.',
  ],
  competitor: [
    'Product manager at a rival, looking at our screens.',
    'Consultant who builds a tool of the same kind.',
  ],
  student: ['Writing a thesis on planning software.', 'Wanted data for a course paper.'],
  junk: ['Name and number are made up.', 'Mail bounces, phone does not exist.'],
  existing_customer: [
    'Already on our business plan, has a support question.',
    'Subsidiary of a customer, under the group contract.',
  ],
};

import type { HookType } from '../../core/delivery/webhook.ts';

/** What a webhook can be told of, in words; the keys are the types on the wire. */
export const HOOK_WORDS: Readonly<Record<HookType, string>> = {
  'lead.handed_off': 'A lead is handed over',
  'lead.reassigned': 'A lead gets another owner',
  'lead.accepted': 'A lead is accepted',
  'lead.rejected': 'A lead is rejected',
  'lead.reopened': 'A decision is taken back',
  'lead.clock_missed': 'A first touch or a decision is not made in time',
  'lead.handled': 'Another team was done with a lead',
  'nurture.step': 'A step of a track asks for something',
  'lead.closed': 'A lead is closed without a decision',
  'lead.outreach': 'The agreement answers a lead by other software',
  'opportunity.opened': 'An accepted lead becomes an opportunity',
  'opportunity.moved': 'An opportunity moves to another stage',
  'opportunity.won': 'An opportunity is won',
  'opportunity.lost': 'An opportunity is lost',
  'opportunity.reopened': 'An opportunity that had ended is reopened',
  'opportunity.taken_back': 'An opportunity is taken back that was opened by mistake',
  'alert.sent': 'An alert about a lead is sent',
  'exception.opened': 'An exception is opened: something waits for a person',
  'exception.closed': 'An exception is closed',
};

/**
 * An address short enough for a list: host and path.
 *
 * @example addressWords('https://crm.acme.com/hooks/baton?x=1') // 'crm.acme.com/hooks/baton'
 */
export function addressWords(url: string): string {
  const [, rest = url] = /^https?:\/\/([^?#]*)/i.exec(url) ?? [];
  return rest.replace(/\/$/, '');
}

import { agreementOf } from './lead.ts';

/** An agreement as a seller of online courses would write it: one score of the profile, one of the activity, no grades. */
export const courses = agreementOf({
  agreement: 1,
  name: 'Online courses',
  scores: { profile: { label: 'Profile' }, engagement: { label: 'Engagement', max: 60 } },
  rules: [
    {
      id: 'working',
      label: 'Working professional',
      score: 'profile',
      points: 30,
      when: { 'contact.occupation': 'Working Professional' },
    },
    {
      id: 'referred',
      label: 'Came by a reference',
      score: 'profile',
      points: 25,
      when: { 'contact.source': 'Reference' },
    },
    {
      id: 'specialised',
      label: 'Specialisation we teach',
      score: 'profile',
      points: 10,
      when: { 'contact.specialization': ['Finance Management', 'Marketing Management'] },
    },
    {
      id: 'no_mail',
      label: 'Does not want e-mail',
      score: 'profile',
      points: -15,
      when: { 'contact.doNotEmail': true },
    },
    {
      id: 'visits',
      label: 'Visit to the course pages',
      score: 'engagement',
      points: 4,
      on: 'page',
      window: '30d',
      limit: 8,
    },
    {
      id: 'chat',
      label: 'Olark chat conversation',
      score: 'engagement',
      points: 15,
      on: 'Chat Started',
      window: '60d',
      limit: 2,
    },
    {
      id: 'sms',
      label: 'SMS reply',
      score: 'engagement',
      points: 20,
      on: 'SMS Replied',
      limit: 3,
      decay: { halfLife: '30d' },
    },
    { id: 'bounced', label: 'E-mail bounced', score: 'engagement', points: -20, on: 'Email Bounced' },
  ],
  mql: [
    { id: 'hot', label: 'Hot lead', when: { 'score.profile': { gte: 30 }, 'score.engagement': { gte: 20 } } },
  ],
});

/** An agreement as a lender would write it: what counts is how an application goes on. */
export const loans = agreementOf({
  agreement: 1,
  name: 'Loan applications',
  scores: { case: { label: 'Application', min: 0 } },
  groups: { calls: { label: 'Calls', score: 'case', max: 12 } },
  rules: [
    {
      id: 'amount',
      label: 'Amount we like to lend',
      score: 'case',
      cases: [
        { when: { 'contact.amount': { gte: 10000 } }, points: 20, label: 'Wants 10,000 or more' },
        { when: { 'contact.amount': { gte: 5000 } }, points: 10, label: 'Wants 5,000 or more' },
      ],
    },
    {
      id: 'preaccepted',
      label: 'Application pre-accepted',
      score: 'case',
      points: 15,
      on: 'A_PREACCEPTED',
      limit: 1,
    },
    { id: 'offer', label: 'Offer sent', score: 'case', points: 10, on: 'O_SENT', limit: 3 },
    {
      id: 'returned',
      label: 'Returned a signed offer',
      score: 'case',
      points: 30,
      on: 'O_SENT_BACK',
      limit: 1,
    },
    {
      id: 'called',
      label: 'Call about the offer',
      score: 'case',
      group: 'calls',
      points: 5,
      on: 'W_Nabellen offertes',
      window: '30d',
    },
    { id: 'cancelled', label: 'Cancelled an offer', score: 'case', points: -10, on: 'O_CANCELLED' },
    { id: 'silent', label: 'Silent for two weeks', score: 'case', points: -8, quiet: '14d' },
  ],
  disqualify: [{ id: 'declined', label: 'Application declined', did: { on: 'A_DECLINED' } }],
  mql: [
    {
      id: 'likely',
      label: 'Likely to sign',
      when: { 'score.case': { gte: 50 } },
      did: { on: 'O_SENT', times: 2, within: '60d' },
    },
  ],
});

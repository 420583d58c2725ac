/** The agreement of the loop's tests: few rules with round numbers, so that every crossing can be told by hand. */
export const AGREEMENT = {
  agreement: 1,
  name: 'Loop',
  scores: { fit: { min: -100 }, intent: {} },
  rules: [
    { id: 'vp', label: 'VP', score: 'fit', points: 20, when: { 'contact.title': 'VP' } },
    { id: 'software', label: 'Software', score: 'fit', points: 20, when: { 'company.industry': 'Software' } },
    {
      id: 'trial_over',
      label: 'Trial over',
      score: 'fit',
      points: 30,
      when: { 'contact.trialEndsAt': { olderThan: '1d' } },
    },
    {
      id: 'demo',
      label: 'Asked for a demo',
      score: 'intent',
      points: 40,
      on: 'Demo Requested',
      window: '30d',
    },
    { id: 'visit', label: 'Visit', score: 'intent', points: 10, on: 'page', window: '10d', limit: 4 },
  ],
  disqualify: [{ id: 'rival', when: { 'contact.emailDomain': 'rival.com' } }],
  mql: [
    {
      id: 'hand_raiser',
      label: 'Asked to talk',
      when: { 'score.fit': { gte: 10 } },
      did: { on: 'Demo Requested', within: '7d' },
    },
    { id: 'score', label: 'Fit and intent', when: { total: { gte: 50 } } },
  ],
  routing: [
    { id: 'all', label: 'Everybody', when: { total: { gte: 0 } }, to: { team: 'sales', by: 'round_robin' } },
    { fallback: 'queue' },
  ],
  calendars: { business: { timezone: 'Europe/London', hours: { 'mon-fri': ['09:00-17:30'] } } },
  sla: [{ id: 'all', when: { all: [] }, firstTouch: '1h', decision: '5bd', calendar: 'business' }],
  sql: {
    framework: 'bant',
    questions: [
      { id: 'tender', label: 'Formal tender', type: 'yes_no' },
      { id: 'spend', label: 'Spent today', type: 'amount' },
    ],
  },
  reasons: [
    { id: 'timing', label: 'Not now', then: 'recycle', wait: '30d' },
    { id: 'busy', label: 'Busy', then: 'recycle' },
    { id: 'junk', label: 'Made up', then: 'disqualify' },
  ],
};

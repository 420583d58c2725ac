import type { Agreement } from '../../../src/core/agreement/agreement.ts';
import { courses, loans } from './agreement.ts';
import { type Deed, type Story, template } from './lead.ts';

/** A day at which all stories are looked at. */
export const TODAY = '2026-03-18T15:00:00Z';

const b2b = template();
const pricing = { path: '/pricing' };

function page(at: string, path: string): Deed {
  return [at, 'page', { path }];
}

/** Leads of all kinds, by what is remarkable about them. */
export const stories: readonly {
  readonly name: string;
  readonly agreement: Agreement;
  readonly story: Story;
}[] = [
  {
    name: 'a good fit on the pricing page',
    agreement: b2b,
    story: {
      contact: { title: 'VP', email: 'ann@acme.com' },
      company: { employees: 300, industry: 'Financial services', country: 'Germany' },
      deeds: [
        ['2026-03-14T10:00:00Z', 'page', pricing],
        ['2026-03-17T10:00:00Z', 'page', pricing],
      ],
    },
  },
  {
    name: 'a demo request today by a director',
    agreement: b2b,
    story: {
      contact: { title: 'Director of Finance', email: 'bo@mill.com' },
      company: { employees: 2400, industry: 'Manufacturing' },
      deeds: [['2026-03-18T09:00:00Z', 'Demo Requested'], page('2026-03-16T08:00:00Z', '/pricing')],
    },
  },
  {
    name: 'a demo request a month ago, silent since',
    agreement: b2b,
    story: {
      contact: { title: 'Head of Operations', email: 'c@ship.com' },
      company: { employees: 80, industry: 'Logistics', country: 'Spain' },
      deeds: [['2026-02-10T09:00:00Z', 'Demo Requested']],
    },
  },
  { name: 'an empty profile', agreement: b2b, story: { createdAt: '2026-03-18T14:00:00Z' } },
  {
    name: 'an empty profile, long silent',
    agreement: b2b,
    story: { createdAt: '2025-03-18T14:00:00Z' },
  },
  {
    name: 'a good fit that did nothing',
    agreement: b2b,
    story: {
      createdAt: '2026-03-10',
      contact: { title: 'CFO', email: 'd@bank.com' },
      company: { employees: 1200, industry: 'Software' },
    },
  },
  {
    name: 'a student who looks at everything',
    agreement: b2b,
    story: {
      contact: { title: 'PhD student', email: 'e@uni.edu' },
      deeds: ['03-01', '03-02', '03-03', '03-15', '03-16'].map(day => page(`2026-${day}`, '/pricing')),
    },
  },
  {
    name: 'a competitor with two marks against it',
    agreement: b2b,
    story: {
      contact: { title: 'Founder', email: 'f@plandrift.example' },
      company: { employees: 40, industry: 'Software', customer: true },
      deeds: [['2026-03-18T09:00:00Z', 'Demo Requested']],
    },
  },
  {
    name: 'somebody from a free mailbox who unsubscribed',
    agreement: b2b,
    story: {
      contact: { title: 'Consultant', email: 'g@gmail.com' },
      company: { employees: 3 },
      deeds: [
        ['2026-03-12T09:00:00Z', 'Unsubscribed'],
        ['2026-02-12T09:00:00Z', 'Email Clicked'],
      ],
    },
  },
  {
    name: 'a trial used in earnest',
    agreement: b2b,
    story: {
      contact: { title: 'Supply Chain Manager', email: 'h@wheels.com' },
      company: { employees: 600, industry: 'Retail', country: 'France' },
      deeds: [
        ['2026-03-05T09:00:00Z', 'Trial Started'],
        ['2026-03-06T09:00:00Z', 'Integration Connected'],
        ...['06', '07', '09', '12', '13', '16', '17', '18'].map(
          (day): Deed => [`2026-03-${day}T10:00:00Z`, 'Feature Used'],
        ),
      ],
    },
  },
  {
    name: 'pages, papers and a webinar over weeks',
    agreement: b2b,
    story: {
      contact: { title: 'Controller', email: 'i@paper.com' },
      company: { employees: 150, industry: 'Energy', country: 'Norway' },
      deeds: [
        ['2026-02-20T09:00:00Z', 'Webinar Attended'],
        ['2026-03-10T09:00:00Z', 'Webinar Attended'],
        ['2026-02-25T09:00:00Z', 'Whitepaper Downloaded'],
        page('2026-02-21', '/pricing'),
        page('2026-02-24', '/customers/acme'),
        page('2026-03-17', '/pricing'),
      ],
    },
  },
  {
    name: 'hostile text everywhere',
    agreement: b2b,
    story: {
      contact: {
        title: 'VP\r\nBcc\u202e <script>alert(1)</script> of everything there is to be of',
        email: 'j@evil.com',
      },
      company: { employees: '300', industry: 'Software', country: ['Germany', '<b>'] },
      deeds: [['2026-03-18T09:00:00Z', 'Demo Requested', { path: '\u0000<img>' }]],
    },
  },
  {
    name: 'a title that is a link',
    agreement: b2b,
    story: {
      contact: { title: 'CEO https://evil.example/win', email: 'k@evil.com' },
      company: { employees: 1e30, industry: { name: 'Software' } },
    },
  },
  {
    name: 'a title as long as the field allows',
    agreement: b2b,
    story: {
      contact: { title: `Executive Vice President ${'and Chief of Staff '.repeat(20)}`, email: 'l@long.com' },
      company: { employees: 18000, industry: 'Professional services', country: 'United Kingdom' },
      deeds: [
        ['2026-03-18T09:00:00Z', 'Contact Requested'],
        page('2026-03-01', '/careers/1'),
        page('2026-03-02', '/careers/2'),
        ['2026-03-12T09:00:00Z', 'Unsubscribed'],
      ],
    },
  },
  {
    name: 'a job seeker',
    agreement: b2b,
    story: {
      contact: { title: 'Analyst', email: 'm@search.com' },
      deeds: [page('2026-03-16', '/careers'), page('2026-03-17', '/careers/apply')],
    },
  },
  {
    name: 'a course buyer who chats',
    agreement: courses,
    story: {
      contact: { occupation: 'Working Professional', source: 'Google', specialization: 'Finance Management' },
      deeds: [
        ['2026-03-15T09:00:00Z', 'Chat Started'],
        ['2026-03-01T09:00:00Z', 'SMS Replied'],
        ['2026-03-16T09:00:00Z', 'SMS Replied'],
        ...['01', '05', '09', '13'].map((day): Deed => [`2026-03-${day}T10:00:00Z`, 'page']),
      ],
    },
  },
  {
    name: 'a course buyer by reference',
    agreement: courses,
    story: {
      contact: { occupation: 'Unemployed', source: 'Reference' },
      deeds: [['2026-03-17', 'Chat Started']],
    },
  },
  {
    name: 'an unemployed visitor whose mail bounces',
    agreement: courses,
    story: {
      contact: { occupation: 'Unemployed', doNotEmail: true },
      deeds: [
        ['2024-11-05T09:00:00Z', 'Email Bounced'],
        ['2026-03-01', 'page'],
        ['2026-03-02', 'page'],
      ],
    },
  },
  {
    name: 'a course lead without a profile',
    agreement: courses,
    story: {
      deeds: [
        ['2026-01-20T10:00:00Z', 'Chat Started'],
        ['2026-02-02T10:00:00Z', 'Chat Started'],
      ],
    },
  },
  {
    name: 'a loan application that goes well',
    agreement: loans,
    story: {
      contact: { amount: 15000 },
      deeds: [
        ['2026-03-01T10:00:00Z', 'A_PREACCEPTED'],
        ['2026-03-03T10:00:00Z', 'O_SENT'],
        ['2026-03-09T10:00:00Z', 'O_SENT'],
        ['2026-03-10T10:00:00Z', 'W_Nabellen offertes'],
        ['2026-03-11T10:00:00Z', 'W_Nabellen offertes'],
        ['2026-03-12T10:00:00Z', 'W_Nabellen offertes'],
        ['2026-03-17T10:00:00Z', 'O_SENT_BACK'],
      ],
    },
  },
  {
    name: 'a loan application that was declined',
    agreement: loans,
    story: {
      contact: { amount: 6000 },
      deeds: [
        ['2026-02-01T10:00:00Z', 'A_PREACCEPTED'],
        ['2026-02-20T10:00:00Z', 'A_DECLINED'],
      ],
    },
  },
  {
    name: 'a loan application that fell asleep',
    agreement: loans,
    story: {
      contact: { amount: 100 },
      deeds: [
        ['2026-01-05T10:00:00Z', 'O_SENT'],
        ['2026-01-06T10:00:00Z', 'O_CANCELLED'],
        ['2026-01-07T10:00:00Z', 'O_CANCELLED'],
      ],
    },
  },
];

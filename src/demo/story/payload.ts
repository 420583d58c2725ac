import type { Campaign, Source } from './campaign.ts';
import type { Company } from './company.ts';
import type { Move } from './diary.ts';
import type { Person } from './person.ts';
import { PAGES, VENDOR } from './site.ts';

/** A call as the Segment HTTP tracking API takes it. */
export interface SegmentCall {
  readonly type: 'identify' | 'group' | 'track' | 'page';
  readonly messageId: string;
  readonly timestamp: string;
  readonly sentAt?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly groupId?: string;
  readonly event?: string;
  readonly name?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** What a call says, without who says it and when. */
export type Payload = Pick<SegmentCall, 'type' | 'event' | 'name' | 'properties' | 'traits' | 'groupId'> & {
  readonly context?: SegmentCall['context'];
};

/** Whose calls they are. */
export interface Visitor {
  readonly person: Person;
  readonly company: Company;
  readonly source: Source;
  readonly campaign: Campaign | null;
}

/** A page view; `isFound` says that a search engine brought the visitor. */
export function pagePayload(
  { page, campaign }: Extract<Move, { kind: 'page' }>,
  { isFound }: { readonly isFound: boolean },
): Payload {
  const { path, title } = PAGES[page];
  const properties = { path, url: `${VENDOR.url}${path}`, title };
  return {
    type: 'page',
    name: title,
    properties: isFound ? { ...properties, referrer: 'https://www.google.com/' } : properties,
    ...(campaign === null ? null : { context: { campaign } }),
  };
}

/** What a person's form says, and the source that the website adds. */
export function identifyPayload({ person, company, source, campaign }: Visitor): Payload {
  const isMadeUp = person.persona === 'junk';
  return {
    type: 'identify',
    traits: {
      firstName: person.first,
      lastName: person.last,
      email: person.email,
      ...(person.title === null ? {} : { title: person.title }),
      ...(person.phone === null ? {} : { phone: person.phone }),
      ...(isMadeUp ? {} : { company: { name: company.name }, address: { country: company.place.country } }),
      source,
      ...(campaign === null ? {} : { campaign: campaign.name }),
      ...(campaign?.content === undefined ? {} : { content: campaign.content }),
    },
  };
}

/** What is known of a company; null for a private address, since companies are looked up by mail domain. */
export function groupPayload({ person, company }: Visitor): Payload | null {
  if (!person.email.endsWith(`@${company.domain}`)) return null;
  return {
    type: 'group',
    groupId: company.domain,
    traits: {
      name: company.name,
      website: `https://www.${company.domain}`,
      country: company.place.country,
      ...(company.industry === null ? {} : { industry: company.industry }),
      ...(company.employees === null
        ? {}
        : { employees: company.employees, segment: segmentOf(company.employees) }),
      ...(company.isCustomer ? { customer: true } : {}),
    },
  };
}

function segmentOf(employees: number): string {
  if (employees < 200) return 'Small business';
  return employees < 1000 ? 'Mid-market' : 'Enterprise';
}

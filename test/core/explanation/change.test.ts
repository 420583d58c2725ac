import { expect, it } from 'vitest';
import { changesBetween } from '../../../src/core/explanation/change.ts';
import { agreementOf, breakdownOf, instant, type Lead, leadOf } from '../lead/lead.ts';
import { stories, TODAY } from '../lead/story.ts';

const WEEK_BEFORE = '2026-03-10T15:00:00Z';

const viewOf = (lead: Lead, at: string) => ({ ...lead, at: instant(at) });

it('says line by line what changed in a week, for leads of all kinds', async () => {
  const said = stories.map(({ name, agreement, story }) => {
    const lead = leadOf(agreement, story);
    const [from, to] = [viewOf(lead, WEEK_BEFORE), viewOf(lead, TODAY)];
    const { text, difference } = changesBetween(from, to, lead.events);
    expect(difference).toBe(
      breakdownOf(lead, to.at).total - (from.at < lead.createdAt ? 0 : breakdownOf(lead, from.at).total),
    );
    return `${name} (${agreement.name}): ${difference}\n${text.map(line => `  ${line}\n`).join('')}`;
  });
  await expect(said.join('\n')).toMatchFileSnapshot('../golden/changes.txt');
});

it('names events as the author of the agreement wrote them, others as they arrived', () => {
  const agreement = agreementOf({
    agreement: 1,
    name: 'Names',
    scores: { intent: {} },
    rules: [
      { id: 'called', score: 'intent', points: 5, on: 'W_Nabellen offertes' },
      { id: 'quiet', score: 'intent', points: -5, quiet: '7d' },
    ],
  });
  const lead = leadOf(agreement, {
    deeds: [
      ['2026-02-01', 'page'],
      ['2026-03-16', 'Page Two'],
      ['2026-03-17', 'w_nabellen OFFERTES'],
    ],
  });
  const { lines } = changesBetween(viewOf(lead, WEEK_BEFORE), viewOf(lead, TODAY), lead.events);
  const causes = lines.flatMap(line => line.causes);
  expect(causes.map(cause => (cause.kind === 'events' ? cause.names : []))).toEqual([
    ['W_Nabellen offertes'],
    ['Page Two', 'W_Nabellen offertes'],
  ]);
});

it('says what of the profile changed, in values from and to', () => {
  const agreement = agreementOf({
    agreement: 1,
    name: 'Values',
    scores: { fit: {} },
    rules: [
      { id: 'a', score: 'fit', points: 4, when: { 'contact.title': 'VP' } },
      { id: 'b', score: 'fit', points: 3, when: { 'company.employees': { gte: 50 } } },
      { id: 'c', score: 'fit', points: 2, when: { 'contact.phone': { exists: false } } },
    ],
  });
  const before = { contact: { title: 'Manager', phone: '123' }, company: {} };
  const after = { contact: { title: 'VP' }, company: { employees: 1200 } };
  const lead = viewOf(leadOf(agreement, {}), TODAY);
  expect(changesBetween({ ...lead, profile: before }, { ...lead, profile: after }, []).text).toEqual([
    'a +4: job title from Manager to VP',
    'b +3: company employees now known (1,200)',
    'c +2: phone no longer known (was 123)',
  ]);
});

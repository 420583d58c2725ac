import { expect, it } from 'vitest';
import { changesBetween } from '../../src/core/change.ts';
import { breakdownOf, instant, leadOf } from './lead/lead.ts';
import { stories, TODAY } from './lead/story.ts';

const WEEK_BEFORE = '2026-03-10T15:00:00Z';

it('says line by line what changed in a week, for leads of all kinds', async () => {
  const said = stories.map(({ name, agreement, story }) => {
    const lead = leadOf(agreement, story);
    const [from, to] = [WEEK_BEFORE, TODAY].map(text => ({ ...lead, at: instant(text) }));
    if (from === undefined || to === undefined) throw new Error('two instants make two views');
    const { text, difference } = changesBetween(from, to, lead.events);
    expect(difference).toBe(
      breakdownOf(lead, to.at).total - (from.at < lead.createdAt ? 0 : breakdownOf(lead, from.at).total),
    );
    return `${name} (${agreement.name}): ${difference}\n${text.map(line => `  ${line}\n`).join('')}`;
  });
  await expect(said.join('\n')).toMatchFileSnapshot('golden/changes.txt');
});

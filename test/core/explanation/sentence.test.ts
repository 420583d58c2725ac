import { expect, it } from 'vitest';
import { sentenceOf } from '../../../src/core/explanation/sentence.ts';
import { breakdownOf, instant, leadOf } from '../lead/lead.ts';
import { stories, TODAY } from '../lead/story.ts';

const at = instant(TODAY);

function told(index: number, withEvents: boolean): string {
  const found = stories[index];
  if (found === undefined) throw new Error(`no story ${index}`);
  const lead = leadOf(found.agreement, found.story);
  return sentenceOf({ ...lead, score: breakdownOf(lead, at), at, events: withEvents ? lead.events : null });
}

it('says in one sentence why leads of all kinds have their scores', async () => {
  const said = stories.map(({ name, agreement }, index) => {
    const [full, bare] = [told(index, true), told(index, false)];
    return `${name} (${agreement.name})\n  ${full}\n${bare === full ? '' : `  without its events: ${bare}\n`}`;
  });
  await expect(said.join('\n')).toMatchFileSnapshot('../golden/sentences.txt');
});

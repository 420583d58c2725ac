import { expect, it } from 'vitest';
import { scoreCourse } from '../../../src/core/explanation/trend.ts';
import { instant, leadOf } from '../lead/lead.ts';
import { stories, TODAY } from '../lead/story.ts';

it('tells the course of a score for leads of all kinds', async () => {
  const to = instant(TODAY);
  const from = instant('2026-02-15');
  const said = stories.map(({ name, agreement, story }) => {
    const lead = leadOf(agreement, story);
    const versions = [{ at: null, ...lead.profile }];
    const { steps, thinned } = scoreCourse(lead.program, { ...lead, versions }, { from, to, most: 12 });
    const lines = steps.map(({ at, kind, score, why }) => {
      const total = score.applies
        ? `${score.total}${score.qualifies === null ? '' : ` ${score.qualifies}`}`
        : 'not scored';
      return `  ${new Date(at).toISOString()} ${kind}: ${total}  ${why}\n`;
    });
    return `${name} (${agreement.name})${thinned === null ? '' : `, ${thinned}`}\n${lines.join('')}`;
  });
  await expect(said.join('\n')).toMatchFileSnapshot('../golden/course.txt');
});

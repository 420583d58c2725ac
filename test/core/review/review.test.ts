import { describe, expect, test } from 'vitest';
import { rateOf } from '../../../src/core/report/rate.ts';
import { reviewOf } from '../../../src/core/review/agenda.ts';
import { latestOf, reviewDueAt, trailOf } from '../../../src/core/review/calendar.ts';
import { certaintyWords, changeWords, restOf, verdictWords } from '../../../src/core/review/finding.ts';
import { REVIEW_KINDS, type ReviewKind } from '../../../src/core/review/kind.ts';
import { reviewMail } from '../../../src/core/review/mail.ts';
import { reviewPage, standWords } from '../../../src/core/review/page.ts';
import { review as schema } from '../../../src/core/review/review.ts';
import { formatInstant } from '../../../src/core/time/instant.ts';
import { emptyFigures, HOSTILE, madeFigures } from './made.ts';

const KEYS: Readonly<Record<ReviewKind, string>> = {
  weekly: '2026-W44',
  monthly: '2026-10',
  quarterly: '2026-Q3',
};

describe.each(REVIEW_KINDS)('the %s review', kind => {
  const review = reviewOf(madeFigures(kind, KEYS[kind]));

  test('is as its golden files have it, as a page and as a mail', async () => {
    await expect(reviewPage(review)).toMatchFileSnapshot(`../golden/review-${kind}.html.txt`);
    const { html, text } = reviewMail(review);
    await expect(html).toMatchFileSnapshot(`../golden/review-${kind}-mail.html.txt`);
    await expect(text).toMatchFileSnapshot(`../golden/review-${kind}-mail.txt`);
  });

  test('is of the shape that the contract gives, and nothing more', () => {
    expect(schema.parse(review)).toEqual(review);
  });

  test('lets no text of strangers act, in page or mail', () => {
    expect(JSON.stringify(review)).toContain(JSON.stringify(HOSTILE).slice(1, -1));
    for (const html of [reviewPage(review), reviewMail(review).html]) {
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toContain('<script');
      expect(html).not.toMatch(/(?:src|href|url\()\s*=?\s*["']?(?:https?:)?\/\//);
    }
    expect(reviewMail(review).html).not.toContain('evil.example');
    expect(reviewMail(review).text).not.toContain('evil.example');
    expect(reviewMail(review).html).not.toContain('<svg');
  });

  test('of an empty database says so, with no section and no rate', () => {
    const empty = reviewOf(emptyFigures(kind, KEYS[kind]));
    expect(empty.sections).toEqual([]);
    expect(empty.verdict.headline).toBe('No lead was handed over in this period.');
    expect(empty.verdict.tone).toBe('plain');
    expect(reviewPage(empty)).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test('never writes what is not a figure', () => {
    for (const text of [reviewPage(review), reviewMail(review).html, reviewMail(review).text])
      expect(text).not.toMatch(/NaN|undefined|Infinity|>null</);
  });
});

test('a period that runs is marked as not over, and one that has not begun has no figures', () => {
  const running = reviewOf(madeFigures('monthly', '2026-11'));
  expect(running.state).toBe('running');
  expect(standWords(running)).toMatch(
    /^Not over yet: these are the figures until .*4 Nov 2026.*30 Nov 2026\.$/,
  );
  const ahead = reviewOf(madeFigures('monthly', '2027-02'));
  expect([ahead.state, ahead.sections]).toEqual(['ahead', []]);
  expect(standWords(ahead)).toBe('Not over yet: this period begins on 1 Feb 2027, so there are no figures.');
  expect(standWords(reviewOf(madeFigures('monthly', '2026-10')))).toBe('');
});

test('the sources that stand out, the first reason and the slow owner are named', () => {
  const { sections } = reviewOf(madeFigures('monthly', '2026-10'));
  const found = (id: string) => sections.find(section => section.id === id);
  expect(found('sources')?.title).toBe(
    `${HOSTILE} brings leads that sales turns away: 11% accepted against 83% of the rest`,
  );
  expect(found('rejections')?.title).toMatch(/^Most often rejected for “Wrong company profile”: /);
  expect(found('speed')?.text.join(' ')).toContain('Ben takes longest');
  expect(found('misses')?.text.join(' ')).toContain('Ben keeps clearly fewer than the others: 27% (8 of 30)');
});

const rate = (n: number, of: number) => rateOf({ n, of }, 30);

describe('findings', () => {
  test.each([
    [rate(90, 100), rate(40, 100), 'up from 40% in May'],
    [rate(40, 100), rate(90, 100), 'down from 90% in May'],
    [rate(42, 72), rate(50, 70), 'no clear change from 71% in May'],
    [rate(3, 4), rate(0, 0), 'no cases in May to compare with'],
    [rate(0, 0), rate(3, 4), 'no cases yet'],
  ])('of %o after %o', (now, then, words) => {
    expect(changeWords(now, then, 'May')).toBe(words);
  });

  const targets = {
    acceptance: [0.65, 0.75] satisfies [number, number],
    floor: 0.5,
    ceiling: 0.9,
    minSample: 30,
  };
  test.each([
    [rate(0, 0), /has been decided/],
    [rate(10, 20), /^Too few decisions for a verdict: 20, and the agreement asks for 30\.$/],
    [rate(48, 100), /below the floor of 50%/],
    [rate(60, 100), /below the agreed band of 65–75%/],
    [rate(70, 100), /in the agreed band of 65–75%: the definition holds/],
    [rate(80, 100), /above the agreed band/],
    [rate(95, 100), /above the ceiling of 90%/],
  ])('judge %o', (given, words) => {
    expect(verdictWords(given, targets)).toMatch(words);
  });

  test('give no verdict without a band', () => {
    expect(verdictWords(rate(70, 100), { minSample: 30 })).toContain('names no band');
  });

  test.each([
    [rate(7000, 10_000), 'all of it in the band'],
    [rate(20, 100), 'outside the band'],
    [rate(60, 100), 'reaches into the band'],
    [rate(70, 100), 'reaches out of the band'],
    [rate(80, 100), 'reaches into the band'],
  ])('say how sure %o is', (given, words) => {
    expect(certaintyWords(given, targets)).toContain(words);
  });

  test('count the rest from its cases', () => {
    expect(restOf(rate(10, 40), rate(70, 100))).toMatchObject({ n: 60, of: 60, value: 1 });
  });
});

describe('periods', () => {
  test.each([
    ['weekly', '2026-W53', '2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'],
    ['weekly', '2026-W01', '2025-12-29T00:00:00.000Z', '2026-01-05T00:00:00.000Z'],
    ['monthly', '2026-02', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['quarterly', '2026-Q4', '2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ] as const)('%s %s', (kind, key, from, to) => {
    const trail = trailOf({ kind, key, zone: 'UTC' }) ?? [];
    const own = trail.at(-1);
    expect([own?.key, formatInstant(own?.from ?? 0), formatInstant(own?.to ?? 0)]).toEqual([key, from, to]);
    for (const [index, period] of trail.entries())
      if (index > 0) expect(period.from).toBe(trail[index - 1]?.to);
    expect(trail).toHaveLength(kind === 'quarterly' ? 8 : 12);
  });

  test.each([
    ['weekly', '2025-W53'],
    ['weekly', '2026-10'],
    ['monthly', '2026-13'],
    ['monthly', '2026-W10'],
    ['monthly', '0000-01'],
    ['quarterly', '2026-Q5'],
    ['monthly', "2026-10'; drop table episode"],
    ['monthly', ''],
  ] as const)('a %s review has no %j', (kind, key) => {
    expect(trailOf({ kind, key, zone: 'UTC' })).toBeNull();
  });

  test('begin fourteen hours apart where zones do', () => {
    const start = (zone: string) => trailOf({ kind: 'monthly', key: '2026-03', zone })?.at(-1)?.from ?? 0;
    expect(start('Pacific/Kiritimati')).toBe(Date.UTC(2026, 1, 28, 10));
    expect(start('UTC')).toBe(Date.UTC(2026, 2, 1));
  });

  test('list the latest first, the running one among them', () => {
    const at = Date.UTC(2026, 0, 1);
    expect(latestOf({ kind: 'monthly', at, zone: 'UTC', count: 3 }).map(({ key }) => key)).toEqual([
      '2026-01',
      '2025-12',
      '2025-11',
    ]);
    expect(latestOf({ kind: 'weekly', at: at - 1, zone: 'UTC', count: 1 })[0]?.to).toBe(Date.UTC(2026, 0, 5));
  });

  test('are due on the first working day after them, at eight in their zone', () => {
    const range = { from: 0, to: Date.UTC(2026, 4, 1) };
    const may = (date: number) => Date.UTC(2026, 4, date) / 86_400_000;
    expect(formatInstant(reviewDueAt(range, 'UTC'))).toBe('2026-05-01T08:00:00.000Z');
    const isClosed = (date: number) => date <= may(3);
    expect(formatInstant(reviewDueAt(range, 'UTC', isClosed))).toBe('2026-05-04T08:00:00.000Z');
    expect(formatInstant(reviewDueAt(range, 'UTC', () => true))).toBe('2026-05-01T08:00:00.000Z');
  });
});

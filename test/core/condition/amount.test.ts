import { describe, expect, test } from 'vitest';
import { readAmount } from '../../../src/core/condition/amount.ts';

describe('a number as people write it', () => {
  test.each([
    ['1,200', 1200],
    ['1 200', 1200],
    ['1.200', 1200],
    ['1\u202f200', 1200],
    ['1\u2019200', 1200],
    ['1,00,000', 100_000],
    ['12,34,567.5', 1_234_567.5],
    ['1.234,56', 1234.56],
    ['1,234.56', 1234.56],
    ['1 234,5', 1234.5],
    ['1,5', 1.5],
    ['2,125.000', 2125],
    ['1.5', 1.5],
    ['0.125', 0.125],
    ['1e3', 1000],
    ['１２００', 1200],
    ['1k', 1000],
    ['1.5K', 1500],
    ['10M', 10_000_000],
    ['$10M', 10_000_000],
    ['10 M€', 10_000_000],
    ['EUR 1.5 bn', 1_500_000_000],
    ['2 crore', 20_000_000],
    ['€1.200.000', 1_200_000],
    ['250 employees', 250],
    ['250 Mitarbeiter', 250],
    ['500人', 500],
    ['-12', -12],
  ])('%s is exactly %d', (text, least) => {
    expect(readAmount(text)).toEqual({ least, isExact: true });
  });

  test.each([
    ['201-500', 201],
    ['201–500', 201],
    ['201 to 500', 201],
    ['between 201 and 500', 201],
    ['201~500', 201],
    ['1,001-5,000 employees', 1001],
    ['1.001 – 5.000', 1001],
    ['1-10', 1],
    ['5-10k', 5000],
    ['500-1k', 500],
    ['$1M - $5M', 1_000_000],
    ['500+', 500],
    ['10,001+ employees', 10_001],
    ['10001 employees or more', 10_001],
    ['500 or more', 500],
    ['1k+', 1000],
    ['> 500', 500],
    ['>=500', 500],
    ['over 500', 500],
    ['more than 1,000 people', 1000],
    ['~200', 200],
    ['ca. 200', 200],
    ['about 200', 200],
    ['< 50', 0],
    ['up to 50', 0],
    ['50 or less', 0],
    ['über 500', 500],
  ])('%s counts as %d', (text, least) => {
    expect(readAmount(text)).toEqual({ least, isExact: false });
  });

  test.each([
    '',
    'many',
    '02139',
    '+47 917 31 642',
    '917 31 642',
    '1 20',
    '1,20,0',
    '500-201',
    '2026-01',
    '2026-01-02',
    '10.0.0.1',
    '3 Main Street',
    '1_000',
    '0x10',
    '10²',
    `${'1 '.repeat(40)}x`,
  ])('"%s" is not a number', text => {
    expect(readAmount(text)).toBeNull();
  });

  test('hostile text takes no time', () => {
    const texts = ['1,111'.repeat(9), '1 '.repeat(24), '<'.repeat(48), '1-'.repeat(24)];
    for (const text of texts) for (let count = 0; count < 2_000; count++) readAmount(text);
  });
});

import { describe, expect, test } from 'vitest';
import { likenessWords } from '../../src/web/duplicate/words.ts';
import { inputOf } from '../../src/web/exception/words.ts';
import { fieldLabel, roleWords } from '../../src/web/words/field.ts';

test('fields are called what people call them', () => {
  const fields = ['contact.email', 'contact.jobFunction', 'company.name', 'company.annual_revenue', 'plan'];
  expect(fields.map(fieldLabel)).toEqual([
    'E-mail address',
    'Job function',
    'Company name',
    'Company annual revenue',
    'Plan',
  ]);
});

describe('what a form asks for', () => {
  const body = {
    rules: [
      { id: 'size', when: { 'company.employees': { gte: 50, lt: 2000 } } },
      { id: 'free', when: { any: [{ 'contact.country': ['GB', 'IE'] }, { 'contact.country': 'GB' }] } },
      { id: 'customer', when: { not: { 'company.customer': true } } },
      { id: 'known', when: { 'contact.phone': { exists: true } } },
      { id: 'worded', when: { 'contact.title': { hasWord: ['finance'] } } },
    ],
    routing: [{ id: 'big', when: { 'company.seats': [10, 20] }, to: { team: 'big' } }],
  };

  test.each([
    ['company.employees', { kind: 'number' }],
    ['company.seats', { kind: 'number' }],
    ['contact.country', { kind: 'text', known: ['GB', 'IE'] }],
    ['company.customer', { kind: 'choice' }],
    ['contact.phone', { kind: 'text', known: [] }],
    ['contact.title', { kind: 'text', known: [] }],
    ['company.industry', { kind: 'text', known: [] }],
  ] as const)('%s: %j', (field, input) => {
    expect(inputOf(field, body)).toEqual(input);
  });

  test('a number is asked for by its name where the agreement says nothing', () => {
    expect(inputOf('company.annualRevenue', null)).toEqual({ kind: 'number' });
  });
});

test('how sure a likeness is, in words and percent', () => {
  expect([1, 0.97, 0.92, 0.7, 0.5].map(likenessWords)).toEqual([
    'almost certain, 100%',
    'almost certain, 97%',
    'very likely, 92%',
    'likely, 70%',
    'possible, 50%',
  ]);
});

test('who somebody is says only what is known', () => {
  expect(roleWords({ title: 'CFO', company: null })).toBe('CFO');
  expect(roleWords({ title: null, company: null })).toBe('');
});

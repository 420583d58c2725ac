import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { checkTemplates, fillTemplate } from '../../src/contract/file/template.ts';
import { pageOfText } from '../../src/core/letter/envelope.ts';
import { shownValues, writerValues } from '../../src/core/letter/values.ts';

const problemsOf = (text: string, html?: string) =>
  checkTemplates({ templates: { hello: { subject: 'Hi', text, ...(html === undefined ? {} : { html }) } } });

const LOTS = `{% assign x = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" %}${'{% assign x = x | append: x %}'.repeat(200)}{{ x }}`;

describe('a template is refused', () => {
  test.each([
    ['{{ contact.firstName }}', 'contact.firstName may be missing; expected a default'],
    ['{{ lead.name }}', 'there is no lead.name; expected contact, company, owner, sender or unsubscribeUrl'],
    ['{{ owner.name }}', 'owner.name may be missing'],
    ['{{ owner.phone | default: "-" }}', 'there is no owner.phone'],
    ['{{ contact }}', 'expected a value of contact'],
    ['{{ unsubscribeUrl.x }}', 'there is no unsubscribeUrl.x'],
    ['{{ contact[contact.name] | default: "-" }}', 'expected a name that is written out'],
    ['{{ "Hi " | append: contact.firstName }}', 'contact.firstName may be missing'],
    ['{% if contact.firstName or owner.name %}{{ owner.name }}{% endif %}', 'owner.name may be missing'],
    ['{% assign x = contact.title %}{{ x }}', 'contact.title may be missing'],
    ['{% include "x" %}', 'tag "include" not found; expected one of if'],
    ['{% render "x" %}', 'tag "render" not found'],
    ['{% layout "x" %}', 'tag "layout" not found'],
    ['{% for i in (1..1000000) %}x{% endfor %}', 'tag "for" not found'],
    ['{% tablerow i in (1..9) %}x{% endtablerow %}', 'tag "tablerow" not found'],
    ['{{ (1..9) }}', 'expected no range'],
    ['{{ contact.name | raw }}', 'undefined filter: raw; expected one of default'],
    ['{{ contact.name | replace: "a", "b" }}', 'undefined filter: replace'],
    ['{{ contact.name', 'not closed'],
    ['{% if contact.name %}', 'not closed'],
    ['x'.repeat(50_001), 'expected at most 50000'],
  ])('%s', (text, message) => {
    const [problem, ...more] = problemsOf(text);
    expect(problem?.path).toBe('templates.hello.text');
    expect(problem?.message).toContain(message);
    expect(more).toEqual([]);
  });

  test.each([
    ['<p title={{ contact.name }}>', 'a value may stand in text or in an attribute with quotes'],
    ['<a href="{{ contact.name }}">', 'may begin with unsubscribeUrl'],
    ['<a href=\'{{ contact.website | default: "x" }}\'>', 'may begin with unsubscribeUrl'],
    ['<p onclick="{{ contact.name }}">', 'a value may not stand in the attribute onclick'],
    ['<p style="color:{{ contact.name }}">', 'a value may not stand in the attribute style'],
    ['<style>{{ contact.name }}</style>', 'a value may not stand in <style>'],
    ['<!-- {{ contact.name }} -->', 'a value may not stand in a comment'],
    ['<script>1</script>', 'expected no <script>'],
  ])('as a page: %s', (html, message) => {
    const [problem] = problemsOf('Hi', html);
    expect(problem?.path).toBe('templates.hello.html');
    expect(problem?.message).toContain(message);
  });

  test('with the line of the file and of its own text', () => {
    const file = `agreement: 1\nname: Core\nscores: { fit: {} }\ntemplates:\n  hello:\n    subject: Hi\n    text: |\n      Hi\n      {{ nobody.name }}\n`;
    expect(readAgreementFile(file).problems).toMatchObject([
      {
        path: 'templates.hello.text',
        line: 7,
        message: expect.stringMatching(/^line 2 of the text: there is no nobody/),
      },
    ]);
  });
});

test.each([
  '{{ contact.firstName | default: "there" }} {{ sender.name }} {{ unsubscribeUrl }} {{ contact.name }}',
  '{% if owner.bookingUrl %}{{ owner.bookingUrl }}{% endif %}',
  '{% if owner.name and owner.email %}{{ owner.name }} {{ owner.email }}{% endif %}',
  '{% assign x = company.name | default: "you" %}{{ x | upcase }}{% unless contact.title %}-{% endunless %}',
  '{% case contact.country %}{% when "UK" %}Hello{% else %}Hi{% endcase %}{% comment %}{{ x }}{% endcomment %}',
  '{{ contact["first name"] | default: "-" | truncate: 9 }}',
])('a template may say: %s', text => {
  expect(problemsOf(text)).toEqual([]);
});

test.each([
  '<p title="Hi {{ contact.name }}">{{ contact.name }}</p>',
  '<a href="{{ unsubscribeUrl }}">a</a><a href="{{ owner.bookingUrl | default: "https://x.example" }}">b</a>',
  '<a href="https://x.example/?n={{ contact.name | url_encode }}">a</a>',
])('a page may say: %s', html => {
  expect(problemsOf('Hi', html)).toEqual([]);
});

test('the template that Baton starts with is valid, with its letters', () => {
  const read = readAgreementFile(readFileSync('templates/b2b-saas.yaml', 'utf8'));
  expect(read.problems).toBeNull();
  expect(Object.keys(read.agreement?.practice.templates ?? {})).toContain('acknowledgement');
});

const SENDER = writerValues({ name: 'Ann Reed', email: 'ann@acme.example', bookingUrl: null });
const fill = (contact: object, template: { subject: string; text: string; html?: string }) =>
  fillTemplate(template, {
    contact: shownValues({ ...contact }),
    company: {},
    owner: {},
    sender: SENDER,
    unsubscribeUrl: 'https://baton.example/unsubscribe/x',
  });

test('one that makes too much ends soon, and says so', () => {
  const from = performance.now();
  const { problem } = fill({}, { subject: 'Hi', text: LOTS });
  expect(problem).toBe('text, line 1: the template makes too much text, or takes too long');
  expect(performance.now() - from).toBeLessThan(3000);
});

test('nothing is read but own values', () => {
  const text = '[{{ contact.constructor }}{{ contact.__proto__ }}{{ contact.toString }}]';
  expect(fill({ name: 'Lea' }, { subject: 'Hi', text }).letter?.text).toBe('[]');
});

test('no value escapes from where it stands', () => {
  const signs = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    '\r\n',
    '\n',
    '\u2028',
    '\u202e',
    '{{',
    '}}',
    '{%',
    '%}',
    '=',
    '`',
    '-->',
    '</p>',
    'javascript:',
    'http://evil.example',
    'Bcc: a@b.co',
    '\\',
    ' ',
    'a',
    '😀',
  );
  const hostile = fc.array(signs, { maxLength: 12 }).map(parts => parts.join(''));
  const template = {
    subject: 'Hi {{ contact.firstName | default: "-" }}!',
    text: '[{{ contact.firstName | default: "-" }}]\nend',
    html: '<p title="{{ contact.firstName | default: "-" }}">{{ contact.firstName | default: "-" }}</p>',
  };
  fc.assert(
    fc.property(hostile, firstName => {
      const { letter } = fill({ firstName }, template);
      expect(letter?.subject).toMatch(/^Hi [^\p{Cc}\u2028\u2029\u202e]*$/u);
      expect(letter?.text.split('\n')).toHaveLength(2);
      const [, title = '', body = ''] = /^<p title="([^"]*)">(.*)<\/p>$/su.exec(letter?.html ?? '') ?? [];
      expect(title).toBe(body);
      expect(body).not.toBe('');
      expect(body).not.toMatch(/[<>"'\n]/);
      expect(pageOfText(letter?.text ?? '')).not.toMatch(/href="(?!https:\/\/baton)/);
    }),
  );
});

import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { valueAt } from '../../src/core/condition/reading.ts';
import { COMPETITORS } from '../../src/demo/story/person.ts';
import { NOTES } from '../../src/demo/story/reason.ts';
import { PAGES } from '../../src/demo/story/site.ts';
import { demoPeople, demoTeams } from '../../src/demo/story/staff.ts';
import { compileTemplate, loadTemplate } from './handoff.ts';

const { agreement } = compileTemplate();
const { practice } = agreement;
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

describe('the template agreement', () => {
  test('is accepted without a problem', () => {
    expect(readAgreement(loadTemplate()).problems).toBeNull();
  });

  test('uses every kind of evidence', () => {
    const kinds = sorted(agreement.rules.map(rule => rule.evidence.kind));
    expect(kinds).toEqual(['cases', 'occurrences', 'pattern', 'quiet', 'trait']);
  });

  test('labels everything that a rep sees', () => {
    const { rules, mql, disqualify, scores, groups } = agreement;
    const entries = [...rules, ...mql, ...disqualify, ...scores, ...groups, ...(practice.reasons ?? [])];
    expect(entries.filter(entry => entry.label === undefined || entry.label === entry.id)).toEqual([]);
  });

  test('can fill each score up to its upper bound, so that the bound is a cap and not decoration', () => {
    const fit = agreement.rules.flatMap(({ score, evidence }) => {
      if (score !== 'fit') return [];
      if (evidence.kind === 'cases') return [Math.max(...evidence.cases.map(entry => entry.points))];
      return [Math.max(0, evidence.points)];
    });
    expect(fit.reduce((sum, points) => sum + points, 0)).toBeGreaterThanOrEqual(60);
  });

  test('ends its routing in a fallback and sends every SLA entry to a calendar that exists', () => {
    expect(practice.routing?.at(-1)).toEqual({ kind: 'fallback', team: 'inbound_queue' });
    expect(Object.keys(practice.calendars ?? {})).toEqual(expect.arrayContaining(['business']));
  });

  test('looks for pages that the demo website has', () => {
    const paths = Object.values(PAGES).map(page => page.path);
    for (const start of ['/pricing', '/customers', '/careers']) {
      expect(JSON.stringify(loadTemplate())).toContain(`"startsWith":"${start}"`);
      expect(paths.some(path => path.startsWith(start))).toBe(true);
    }
  });
});

describe('the demo and the template', () => {
  test('name the same teams', () => {
    const routed = (practice.routing ?? []).flatMap(entry => {
      if (entry.kind === 'fallback') return [entry.team];
      return entry.to.kind === 'team' ? [entry.to.team] : [];
    });
    const aside = [...agreement.disqualify, ...(practice.reasons ?? [])].flatMap(({ route }) => route ?? []);
    expect(sorted(demoTeams.map(team => team.name))).toEqual(sorted([...routed, ...aside]));
  });

  test('have members in every team, all of them people of the demo with a positive weight', () => {
    const emails = new Set(demoPeople.map(person => person.email));
    for (const { name, members } of demoTeams) {
      expect(members.length, name).toBeGreaterThan(0);
      expect(
        members.filter(member => !emails.has(member.email) || member.weight <= 0),
        name,
      ).toEqual([]);
    }
  });

  test('give every rep a team and have each role', () => {
    const members = new Set(demoTeams.flatMap(team => team.members.map(member => member.email)));
    expect(demoPeople.filter(person => person.role === 'rep' && !members.has(person.email))).toEqual([]);
    expect(sorted(demoPeople.map(person => person.role))).toEqual(['admin', 'manager', 'marketing', 'rep']);
  });

  test('know the same reasons, each with notes, but for that of a double', () => {
    const known = (practice.reasons ?? []).flatMap(({ id, then }) => (then === 'merge' ? [] : [id]));
    expect(sorted(Object.keys(NOTES))).toEqual(sorted(known));
  });

  test('agree on three of the four rivals; the fourth is for sales to find', () => {
    const named = valueAt(loadTemplate(), ['disqualify']);
    const known = COMPETITORS.filter(({ domain }) => JSON.stringify(named).includes(domain));
    expect(known).toHaveLength(3);
  });
});

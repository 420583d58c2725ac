import { isObject } from '../condition/reading.ts';
import { quote, type Report } from '../problem.ts';
import { checkKnown, checkUnique, listIn, mapIn, type Raw } from './entries.ts';
import { FRAMEWORKS, type Framework } from './framework.ts';

/** Reports what does not fit together in the parts about work after a handoff: questions, stages of a deal, mails. */
export function checkPromises(raw: Raw, report: Report): void {
  const sql = mapIn(raw, 'sql');
  const questions = listIn(sql, 'questions');
  const own = ownQuestions(sql);
  checkUnique(questions, report.at('sql', 'questions'));
  checkUnique(listIn(sql, 'pipeline'), report.at('sql', 'pipeline'));
  for (const [index, { id, type, options }] of questions.entries()) {
    if (typeof id === 'string' && own.includes(id))
      report.add(
        `${quote(id)} is a question of the framework already; expected another id`,
        'sql',
        'questions',
        index,
        'id',
      );
    if (type === 'choice' && options === undefined)
      report.add('expected options: the answers to choose from', 'sql', 'questions', index);
    if (Array.isArray(options)) checkOptions(options, report.at('sql', 'questions', index, 'options'));
    if (type !== 'choice' && typeof type === 'string' && options !== undefined)
      report.add('options go with type choice only', 'sql', 'questions', index, 'options');
  }
  if (sql.framework === 'custom' && questions.length === 0 && !Array.isArray(sql.require))
    report.add('expected questions: the framework custom has none of its own', 'sql');
  const stages = listIn(sql, 'pipeline');
  if (stages.length > 0 && stages.every(({ id }) => id === 'won' || id === 'lost'))
    report.add('expected a stage beside won and lost, which every opportunity has', 'sql', 'pipeline');
  checkTemplates(raw, report);
}

function checkOptions(options: readonly unknown[], report: Report): void {
  const seen = new Set<string>();
  for (const [index, option] of options.entries()) {
    if (typeof option !== 'string') continue;
    const word = option.trim().toLowerCase();
    if (seen.has(word)) report.add(`${quote(option)} stands twice; expected different options`, index);
    seen.add(word);
  }
}

function checkTemplates(raw: Raw, report: Report): void {
  if (!Object.hasOwn(raw, 'templates')) return;
  const known = new Set(Object.keys(mapIn(raw, 'templates')));
  listIn(raw, 'nurture').forEach((track, index) => {
    listIn(track, 'steps').forEach(({ email }, step) => {
      checkKnown(email, known, 'template', report.at('nurture', index, 'steps', step, 'email'));
    });
  });
  listIn(raw, 'outreach').forEach(({ email }, index) => {
    checkKnown(email, known, 'template', report.at('outreach', index, 'email'));
  });
}

/**
 * Reports what the parts about work may say and probably do not mean: a required answer without a question, mails without a
 * template.
 */
export function doubtPromises(raw: Raw, report: Report): void {
  const sql = mapIn(raw, 'sql');
  const asked = new Set([...ownQuestions(sql), ...listIn(sql, 'questions').map(({ id }) => id)]);
  if (Array.isArray(sql.require))
    sql.require.forEach((id: unknown, index) => {
      if (typeof id === 'string' && !asked.has(id))
        report.add(
          `${quote(id)} is not among the questions (${[...asked].join(', ')}); it is asked as one of its own, answered in words`,
          'sql',
          'require',
          index,
        );
    });
  if (Object.hasOwn(raw, 'templates')) return;
  const mails = [
    ...listIn(raw, 'outreach'),
    ...listIn(raw, 'nurture').flatMap(track => listIn(track, 'steps')),
  ].filter(entry => isObject(entry) && typeof entry.email === 'string');
  if (mails.length > 0)
    report.add(
      'expected templates: without them, the mails that nurture and outreach name are not sent',
      'templates',
    );
}

function ownQuestions({ framework }: Raw): readonly string[] {
  return isFramework(framework) ? FRAMEWORKS[framework].map(({ id }) => id) : [];
}

function isFramework(value: unknown): value is Framework {
  return typeof value === 'string' && Object.hasOwn(FRAMEWORKS, value);
}

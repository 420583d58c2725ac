import { isUtf8 } from 'node:buffer';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { counted } from '../../core/text/number.ts';
import { oneLine } from '../../core/text/safe.ts';
import { answerWorktime, type WorkAnswer } from '../../core/worktime/answer.ts';
import { compileCalendar, type WorkCalendar } from '../../core/worktime/calendar.ts';
import { EXIT, Failure } from '../failure.ts';
import { loadAgreement } from '../file/agreement.ts';
import { write } from '../file/print.ts';

export interface WorktimeOptions {
  readonly agreement: string;
  readonly calendar: string;
}

/** A question takes some hundred characters; a line without an end must not fill the memory. */
const MAX_LINE_BYTES = 1024 * 1024;
const LF = 0x0a;

/** Answers each line of stdin as it comes, so that another program may ask and wait. */
export async function runWorktime({ agreement: file, calendar: name }: WorktimeOptions): Promise<void> {
  const { agreement } = await loadAgreement(file);
  const calendar = findCalendar(agreement, name);
  let wrong = 0;
  for await (const line of linesOf(process.stdin)) {
    const answer = answerLine(calendar, line);
    if (answer === null) continue;
    if ('error' in answer) wrong += 1;
    await write(`${JSON.stringify(answer)}\n`);
  }
  if (wrong > 0) throw new Failure(`${counted(wrong, 'line')} could not be answered`, EXIT.failed);
}

function findCalendar({ practice }: Agreement, name: string): WorkCalendar | null {
  if (name === 'always') return null;
  const calendars = practice.calendars ?? {};
  const hours = Object.hasOwn(calendars, name) ? calendars[name] : undefined;
  if (hours !== undefined) return compileCalendar(hours);
  const names = [...Object.keys(calendars), 'always'].join(', ');
  throw new Failure(`--calendar ${name}: expected a calendar of the agreement: ${names}`);
}

/** The answer to a line; null for a blank one. */
function answerLine(calendar: WorkCalendar | null, line: Buffer | null): WorkAnswer | null {
  if (line === null) return { error: `expected a line of at most ${MAX_LINE_BYTES} bytes` };
  if (!isUtf8(line)) return { error: 'expected UTF-8 text' };
  const text = line.toString('utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') return null;
  let question: unknown;
  try {
    question = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { error: `not JSON (${oneLine(reason, 120)}); expected one object per line` };
  }
  return answerWorktime(calendar, question);
}

/** Cuts a stream into lines; one that is too long is null. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    length += part.length;
    if (length <= MAX_LINE_BYTES) parts.push(part);
    else parts = [];
  };
  const line = () => {
    const whole = length > MAX_LINE_BYTES ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    return whole;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield line();
}

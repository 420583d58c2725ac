import { Command, CommanderError } from 'commander';
import { addAgreement } from './command/agreement.ts';
import { addDemo } from './command/demo.ts';
import { addDoctor } from './command/doctor.ts';
import { addImport } from './command/import.ts';
import { addKey } from './command/key.ts';
import { addReplay } from './command/replay.ts';
import { addReport } from './command/report.ts';
import { addScore } from './command/score.ts';
import { addStart } from './command/start.ts';
import { addValidate } from './command/validate.ts';
import { addWorktime } from './command/worktime.ts';
import { EXIT, Failure } from './failure.ts';

/** Runs the `baton` command line; resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command('baton')
    .description('Carries a lead from marketing to sales without dropping it.')
    .exitOverride()
    .showHelpAfterError('(see --help)');
  addStart(program);
  addDemo(program);
  addValidate(program);
  addScore(program);
  addReplay(program);
  addReport(program);
  addWorktime(program);
  addImport(program);
  addAgreement(program);
  addKey(program);
  addDoctor(program);
  // The program that reads our output may have seen enough, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongInput;
    const { note } = await import('./file/print.ts');
    if (error instanceof Failure) {
      note(error.message);
      return error.exitCode;
    }
    const [first = 'Error', ...frames] = (
      error instanceof Error ? (error.stack ?? error.message) : String(error)
    ).split('\n');
    // A frame of a bundled library can hold the whole library; what is longer than a line of text is cut.
    note([first, ...frames.slice(0, 8)].map(frame => frame.slice(0, 200)).join('\n'));
    return EXIT.failed;
  }
}

/** How a command ends: done, the work failed, or the call or its input is wrong. */
export const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** Ends a command: the message goes to stderr and the code becomes the exit code. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.wrongInput) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

/** What to do where a file cannot be written: the command failed, and says why. */
export function unwritable(file: string): (error: unknown) => never {
  return error => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`${file} cannot be written: ${reason}`, EXIT.failed);
  };
}

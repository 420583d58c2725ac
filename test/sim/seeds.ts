/** Seeds that broke something once, each with what it found: they are lived through in every run. */
export const KEPT: readonly { readonly seed: number; readonly found: string }[] = [
  { seed: 4, found: 'a lead that a disqualifier had closed could be reopened and then had no task' },
  {
    seed: 5,
    found: 'an exception about a lead whose clock had run out was overdue from the start: two mails at once',
  },
];

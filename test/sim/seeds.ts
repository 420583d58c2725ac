/** Seeds that broke something once, each with what it found: they are lived through in every run. */
export const KEPT: readonly {
  readonly seed: number;
  readonly found: string;
  /** Whether it was found in a world with letters. */
  readonly hasLetters?: boolean;
}[] = [
  { seed: 4, found: 'a lead that a disqualifier had closed could be reopened and then had no task' },
  {
    seed: 5,
    found: 'an exception about a lead whose clock had run out was overdue from the start: two mails at once',
  },
  {
    seed: 30332,
    found: 'a double that a merge had closed let a lead come back that sales had turned down for good',
  },
  { seed: 30429, found: 'a double that a merge had closed hid the wait after a rejection' },
  {
    seed: 60068,
    found: 'an accepted lead whose owner had left waited for nobody once the merge that closed it was undone',
  },
  {
    seed: 50366,
    found: 'two servers whose clocks differ left another creation, whichever heard of somebody first',
  },
  {
    seed: 93209,
    found: 'a person was switched off while they were given a lead, and an admin was notified in their place',
  },
  {
    seed: 5001,
    found:
      'an answer from before a no ended its track, and a handoff that got its owner late was answered twice',
    hasLetters: true,
  },
  { seed: 5004, found: 'who opted out by a field of the profile stayed in a track', hasLetters: true },
];

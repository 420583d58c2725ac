/** A question of a qualification framework, as a rep asks it. */
export interface FrameworkQuestion {
  readonly id: string;
  readonly label: string;
  readonly help: string;
}

/** The frameworks of qualification whose questions Baton knows, in the order in which they are asked. */
export const FRAMEWORKS = {
  bant: [
    { id: 'budget', label: 'Budget', help: 'Is there money for this, how much, and who releases it?' },
    { id: 'authority', label: 'Authority', help: 'Who decides, and what is this person’s part in it?' },
    {
      id: 'need',
      label: 'Need',
      help: 'Which problem would it solve, and what does that problem cost today?',
    },
    { id: 'timeline', label: 'Timeline', help: 'By when must it be solved, and why by then?' },
  ],
  meddic: [
    { id: 'metrics', label: 'Metrics', help: 'Which figures must change, from what to what?' },
    { id: 'economic_buyer', label: 'Economic buyer', help: 'Who can say yes to the money alone?' },
    { id: 'decision_criteria', label: 'Decision criteria', help: 'By what will they compare the offers?' },
    {
      id: 'decision_process',
      label: 'Decision process',
      help: 'Which steps and people lead to a signature?',
    },
    {
      id: 'identify_pain',
      label: 'Identified pain',
      help: 'What hurts, who feels it, and what if nothing is done?',
    },
    { id: 'champion', label: 'Champion', help: 'Who sells for you inside when you are not there?' },
  ],
  champ: [
    { id: 'challenges', label: 'Challenges', help: 'What stands in the way of what they want?' },
    { id: 'authority', label: 'Authority', help: 'Who decides, and who else has a say?' },
    { id: 'money', label: 'Money', help: 'What may it cost, and what does waiting cost?' },
    { id: 'prioritization', label: 'Prioritization', help: 'Where does this stand among their other plans?' },
  ],
  gpctba_ci: [
    { id: 'goals', label: 'Goals', help: 'What must be reached this year, in figures?' },
    { id: 'plans', label: 'Plans', help: 'How do they mean to get there today?' },
    { id: 'challenges', label: 'Challenges', help: 'Why might those plans not be enough?' },
    { id: 'timeline', label: 'Timeline', help: 'By when must it work, and why by then?' },
    { id: 'budget', label: 'Budget', help: 'What is spent on this problem today, and on what?' },
    { id: 'authority', label: 'Authority', help: 'Who decides, and who must agree?' },
    {
      id: 'negative_consequences',
      label: 'Negative consequences',
      help: 'What happens if the goal is missed?',
    },
    {
      id: 'positive_implications',
      label: 'Positive implications',
      help: 'What becomes possible once the goal is reached?',
    },
  ],
  custom: [],
} as const satisfies Readonly<Record<string, readonly FrameworkQuestion[]>>;

/** A framework of qualification; `custom` has only the agreement's own questions. */
export type Framework = keyof typeof FRAMEWORKS;

/** How frameworks are written in prose. */
export const FRAMEWORK_NAMES: Readonly<Record<Framework, string>> = {
  bant: 'BANT',
  meddic: 'MEDDIC',
  champ: 'CHAMP',
  gpctba_ci: 'GPCTBA/C&I',
  custom: 'questions of one’s own',
};

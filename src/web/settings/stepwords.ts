import { teamName } from '../../core/text/name.ts';
import { counted, listed } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';

/** What a new Baton needs, in the order in which it is set up. */
const STEP_IDS = ['people', 'teams', 'website', 'mail', 'slack', 'agreement'] as const;
export type StepId = (typeof STEP_IDS)[number];

/** A step with how it stands. */
export interface FirstStep {
  readonly id: StepId;
  readonly title: string;
  readonly isDone: boolean;
  readonly isOptional: boolean;
  /** How it stands, in one line. */
  readonly words: string;
}

type Items<Name extends 'listUsers' | 'listKeys' | 'listChannels' | 'listAgreements'> =
  CallOutput<Name>['items'];

/** The answers from which the steps are read. */
export interface StepFacts {
  readonly users: Items<'listUsers'>;
  readonly teams: Pick<CallOutput<'listTeams'>, 'items' | 'unknownTeams'>;
  readonly keys: Items<'listKeys'>;
  readonly channels: Items<'listChannels'>;
  readonly agreements: Items<'listAgreements'>;
  readonly first: CallOutput<'getFirstSteps'>;
}

/** The steps of a first start, each ticked by what is there, not by what was clicked. */
export function stepsOf(facts: StepFacts): readonly FirstStep[] {
  return [people(facts), teams(facts), website(facts), mail(facts), slack(facts), agreement(facts)];
}

function people({ users }: StepFacts): FirstStep {
  const active = users.filter(user => user.active);
  const invited = active.filter(user => user.invitedUntil !== null).length;
  const others = active.length - 1;
  const words =
    others < 1
      ? 'You are alone so far.'
      : `${counted(active.length, 'person', 'people')}${invited === 0 ? '' : `, ${invited} invited and not here yet`}.`;
  return { id: 'people', title: 'Let your people in', isDone: others > 0, isOptional: false, words };
}

function teams({ teams: { items, unknownTeams } }: StepFacts): FirstStep {
  const empty = items.filter(team => team.inUse && !team.members.some(member => member.active));
  const words =
    unknownTeams.length > 0
      ? `The agreement gives leads to ${counted(unknownTeams.length, 'team')} that ${unknownTeams.length === 1 ? 'does' : 'do'} not exist yet.`
      : empty.length > 0
        ? `Nobody is in ${listed(
            empty.map(team => team.label),
            'and',
          )} yet.`
        : items.length === 0
          ? 'There is no team yet.'
          : `${listed(
              items.map(team => team.label),
              'and',
            )}.`;
  const isDone = unknownTeams.length === 0 && empty.length === 0 && items.length > 0;
  return { id: 'teams', title: 'Make the teams that get leads', isDone, isOptional: false, words };
}

function website({ keys, first }: StepFacts): FirstStep {
  const isDone = first.lastEvent !== null || first.hasContacts;
  const words = isDone
    ? 'Leads come in.'
    : keys.some(({ kind }) => kind !== 'api')
      ? 'There is a key; no call has come yet.'
      : 'No key yet.';
  return { id: 'website', title: 'Connect your website', isDone, isOptional: false, words };
}

function channelWords(health: Items<'listChannels'>[number] | undefined): {
  readonly isDone: boolean;
  readonly words: string;
} {
  if (health?.isSetUp !== true) return { isDone: false, words: 'Not set up.' };
  const isFailing = health.failing.length > 0;
  return { isDone: !isFailing, words: isFailing ? 'Set up, and it fails.' : 'Set up.' };
}

function mail({ channels }: StepFacts): FirstStep {
  const health = channels.find(({ channel }) => channel === 'email');
  return { id: 'mail', title: 'Send mail', isOptional: false, ...channelWords(health) };
}

function slack({ channels }: StepFacts): FirstStep {
  const health = channels.find(({ channel }) => channel === 'slack');
  return { id: 'slack', title: 'Post to Slack', isOptional: true, ...channelWords(health) };
}

function agreement({ agreements, first }: StepFacts): FirstStep {
  const [leading] = agreements.filter(({ activeVersion }) => activeVersion !== null);
  const active = leading?.versions.find(({ version }) => version === leading.activeVersion);
  const isOwn = active !== undefined && !first.isTemplate;
  const words =
    leading === undefined || active === undefined
      ? 'No agreement is active.'
      : isOwn
        ? `Version ${active.version} of “${leading.name}” is active.`
        : 'The template that Baton comes with is active.';
  return { id: 'agreement', title: 'Agree on what a good lead is', isDone: isOwn, isOptional: false, words };
}

/** The name of a team that the agreement names and that does not exist, as its button says it. */
export function makeWords(id: string): string {
  return `Make ${teamName(id)}`;
}

import { type IntakeSettings, intakeSettings } from '../../contract/api/intake.ts';
import { entry } from '../../core/contact/journal.ts';
import { INTAKE_DEFAULT, type IntakeRules, intakeRules } from '../../core/intake/setting.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { ensureSetting, findSetting, saveSetting } from '../../db/setting.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { kindOfDomain } from '../contact/domains.ts';

const NAME = 'intake';
/** How long a node may go on with what it knows of the settings, in milliseconds: a busy intake asks for them rarely. */
const KNOWN_MS = 3_000;

/** Finds what the workspace says of incoming calls; what it never said is as by default. */
export async function findIntakeSettings(sql: Sql): Promise<IntakeSettings> {
  return readSettings(await findSetting(sql, NAME));
}

function readSettings(stored: unknown): IntakeSettings {
  const known = intakeSettings.safeParse(stored).data ?? INTAKE_DEFAULT;
  return {
    oldestYears: known.oldestYears,
    mailEvents: [...known.mailEvents],
    freeDomains: [...known.freeDomains],
    businessDomains: [...known.businessDomains],
  };
}

/**
 * Returns what the workspace says of incoming calls, ready to be used. A change on another node is known here within 3 s;
 * inside a transaction, `sql` is to be its own.
 */
export async function loadIntakeRules(sql: Sql, { clock, memory }: App): Promise<IntakeRules> {
  const now = clock();
  const known = memory.intake.get(NAME);
  if (known !== undefined && Math.abs(now - known.at) < KNOWN_MS) return known.rules;
  const settings = await findIntakeSettings(sql);
  // The compiled names are kept as long as the settings are the same.
  const text = JSON.stringify(settings);
  const rules = known?.text === text ? known.rules : intakeRules(settings, kindOfDomain);
  memory.intake.set(NAME, { rules, text, at: now });
  return rules;
}

/** Sets what holds for incoming calls from now on; what was decided about earlier ones stays. */
export async function changeIntakeSettings(app: App, wanted: IntakeSettings, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const before = readSettings(await ensureSetting(sql, { name: NAME, value: INTAKE_DEFAULT }));
    if (JSON.stringify(before) === JSON.stringify(wanted)) return;
    await saveSetting(sql, { name: NAME, value: wanted });
    const [old, now] = [partsOf(before), partsOf(wanted)];
    const particulars = {
      oldestYears: wanted.oldestYears,
      before: before.oldestYears,
      added: now.filter(part => !old.includes(part)),
      removed: old.filter(part => !now.includes(part)),
    };
    await addJournal(sql, [entry('intake_changed', particulars, doneBy(by))]);
  });
  app.onCommit(() => app.memory.intake.clear());
}

/** What the journal names of the settings, each part in words. */
function partsOf({ mailEvents, freeDomains, businessDomains }: IntakeSettings): readonly string[] {
  return [
    ...mailEvents.map(({ name, kind }) => `${name} (${kind})`),
    ...freeDomains.map(domain => `free mailboxes of ${domain}`),
    ...businessDomains.map(domain => `business addresses of ${domain}`),
  ];
}

import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { MAX_PASSWORD, MIN_PASSWORD, passwordProblem } from '../../core/access/password.ts';
import { sentenceWords } from '../../core/condition/words.ts';
import { counted } from '../../core/text/number.ts';

/** Whose password it is to be: it must not be made of what everybody knows of them. */
type Owner = Parameters<typeof passwordProblem>[1];

/** Asks for a new password and says while somebody types what is wrong with it, as the server would. */
export function NewPassword({
  label,
  owner,
  value,
  field,
}: {
  readonly label: string;
  readonly owner: Owner;
  readonly value: string;
  readonly field: PasswordInputProps;
}) {
  const isShort = value.length < MIN_PASSWORD;
  const missing = missingWords(value.length);
  // What a form finds wrong with a short one is what the field says already.
  const isWrong = isShort && field.error !== undefined && field.error !== null;
  const problem = isShort ? null : newPasswordProblem(value, owner);
  return (
    <PasswordInput
      label={label}
      autoComplete="new-password"
      maxLength={MAX_PASSWORD}
      {...field}
      // What is said while somebody types stands in one place, so that the field does.
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={isWrong ? null : isShort ? missing : problem === null ? 'This password will do' : null}
      error={isWrong ? missing : (problem ?? field.error)}
    />
  );
}

/** What is wrong with a new password, as a form says it; null when nothing is. */
export function newPasswordProblem(value: string, owner: Owner): string | null {
  const problem = passwordProblem(value, owner);
  return problem === null ? null : sentenceWords(problem);
}

function missingWords(length: number): string {
  if (length === 0) return `At least ${MIN_PASSWORD} characters`;
  return counted(MIN_PASSWORD - length, 'more character');
}

import { VisuallyHidden } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** Names a picker that has no label on screen: what it chooses, then what is chosen, as its button shows it. */
export function PickerName(props: {
  readonly name: string;
  readonly children: (named: { readonly id: string; readonly 'aria-labelledby': string }) => ReactNode;
}) {
  const id = useId();
  return (
    <>
      <VisuallyHidden id={`${id}name`}>{props.name}</VisuallyHidden>
      {props.children({ id, 'aria-labelledby': `${id}name ${id}` })}
    </>
  );
}

import type { Ref } from 'react';
import css from './list.module.css';

/** The button that lies over a row of a list: a click selects it, a double click or Enter opens it where it can be opened. */
export function RowCover({
  label,
  isSelected,
  onSelect,
  onOpen,
  ref,
}: {
  readonly label: string;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onOpen?: () => void;
  readonly ref: Ref<HTMLButtonElement> | undefined;
}) {
  return (
    <button
      ref={ref}
      type="button"
      className={css.cover}
      aria-label={label}
      aria-current={isSelected}
      onClick={onSelect}
      onDoubleClick={onOpen}
      onKeyDown={event => {
        if (onOpen === undefined || event.key !== 'Enter') return;
        event.preventDefault();
        onOpen();
      }}
    />
  );
}

import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './list.module.css';

/** What is selected in a list: beside it where there is room, else in a drawer over it. */
export function Detail({
  isWide,
  label,
  title,
  isDrawn,
  onClose,
  children,
}: {
  readonly isWide: boolean;
  readonly label: string;
  readonly title: string;
  readonly isDrawn: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  if (isWide)
    return (
      <section className={css.detail} aria-label={label} tabIndex={-1}>
        {children}
      </section>
    );
  return (
    <Drawer opened={isDrawn} onClose={onClose} position="bottom" size="92%" title={title}>
      {children}
    </Drawer>
  );
}

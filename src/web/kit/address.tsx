import { Anchor, Group } from '@mantine/core';
import { Fragment } from 'react';
import css from './address.module.css';
import { phoneLink } from './link.ts';

/** Where a person is reached: the address writes, the number calls. */
export function Reach({ email, phone }: { readonly email: string | null; readonly phone: string | null }) {
  return (
    <Group component="span" display="inline-flex" style={{ columnGap: 12, rowGap: 0 }}>
      {email === null ? null : (
        <Anchor href={`mailto:${encodeURIComponent(email)}`} className={css.address}>
          <Address of={email} />
        </Anchor>
      )}
      {phone === null ? null : <Anchor href={phoneLink(phone)}>{phone}</Anchor>}
    </Group>
  );
}

/** An e-mail or web address that breaks where its parts end, where it must break at all. */
export function Address({ of: address }: { readonly of: string }) {
  return [...address.matchAll(/[@/]*[^@./]*\.?/g)].map(({ 0: part, index }) => (
    <Fragment key={index}>
      {index === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ));
}

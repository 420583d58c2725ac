import { Anchor, Text } from '@mantine/core';
import { addressIn } from '../../core/contact/email.ts';

/** A contact's e-mail address as a link to write to; of one that cannot be read, that somebody must mend it. */
export function Address({ email }: { readonly email: string }) {
  if (addressIn(email) !== null)
    return (
      <Anchor underline="always" href={`mailto:${encodeURIComponent(email)}`}>
        {email}
      </Anchor>
    );
  return (
    <>
      <Text component="span">{email}</Text>
      <Text component="span" c="red">
        {' (this address cannot be read: ask for it, and complete it)'}
      </Text>
    </>
  );
}

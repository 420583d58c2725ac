import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { capital, nameWords } from '../../core/condition/words.ts';
import { listed } from '../../core/text/number.ts';
import { type CallOutput, errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { showDone } from '../kit/notice.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { ContactPicker } from '../lead/contactpicker.tsx';
import css from './letters.module.css';

type Preview = CallOutput<'previewLetters'>;
type Letter = Preview['letters'][number];

interface Version {
  readonly agreementId: string;
  readonly version: number;
}

/** The mails of a version as a contact would get them now, to look at and to send to oneself. */
export function LettersPart(props: Version) {
  const [params, setParams] = useSearchParams();
  const contactId = params.get('contact');
  const preview = useCall(
    'previewLetters',
    {
      params: { id: props.agreementId, version: props.version },
      query: contactId === null ? {} : { contactId },
    },
    { keep: true },
  );
  const pick = (id: string | null) => {
    const next = new URLSearchParams(params);
    if (id === null) next.delete('contact');
    else next.set('contact', id);
    setParams(next, { replace: true });
  };
  return (
    <Await query={preview} loading={<Loading rows={4} height={80} />}>
      {data => (
        <Stack gap="md">
          {data.missing.length === 0 ? null : (
            <Alert color="amber" title="These mails are not sent yet">
              {`${capital(listed(data.missing, 'and'))}. Until then each is kept as failed, under Deliveries, and can be sent from there.`}
            </Alert>
          )}
          <Shown
            {...props}
            preview={data}
            contactId={contactId}
            lead={<ContactPicker value={contactId} onChange={pick} />}
          />
        </Stack>
      )}
    </Await>
  );
}

function Shown(
  props: Version & {
    readonly preview: Preview;
    readonly contactId: string | null;
    /** Chooses the lead that they are filled in for. */
    readonly lead: ReactNode;
  },
) {
  const { preview, lead, ...rest } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const letter = preview.letters.find(({ template }) => template === chosen) ?? preview.letters[0];
  if (letter === undefined) return <Text>This version has no templates.</Text>;
  return (
    <>
      <Group align="flex-end" maw={820}>
        <Select
          label="Template"
          allowDeselect={false}
          data={preview.letters.map(({ template }) => ({
            value: template,
            label: capital(nameWords(template)),
          }))}
          value={letter.template}
          onChange={setChosen}
          style={{ flex: '1 1 240px' }}
        />
        {lead}
      </Group>
      <Text c="dimmed" className={css.wrap ?? ''}>
        Filled in for {preview.contact.name} ({preview.contact.email}), as it would be now.
      </Text>
      <LetterCard key={letter.template} {...rest} letter={letter} canSend={preview.missing.length === 0} />
    </>
  );
}

function LetterCard(
  props: Version & {
    readonly letter: Letter;
    readonly contactId: string | null;
    readonly canSend: boolean;
  },
) {
  const { letter, agreementId, version, contactId, canSend } = props;
  const sending = useChange('testLetter');
  const send = () =>
    sending.mutate(
      {
        params: { id: agreementId, version },
        body: { template: letter.template, ...(contactId === null ? {} : { contactId }) },
      },
      { onSuccess: ({ to }) => showDone(`A test is on its way to ${to}.`) },
    );
  if (letter.problem !== null)
    return (
      <Alert color="brick" title="This template cannot be filled in">
        {letter.problem}
      </Alert>
    );
  return (
    <Card
      title={letter.subject}
      side={
        <Button variant="default" onClick={send} loading={sending.isPending} disabled={!canSend}>
          Send it to me as a test
        </Button>
      }
    >
      <Stack gap="sm">
        <Text c="dimmed" className={css.wrap ?? ''}>
          From {letter.from} · answers go to {letter.replyTo}
        </Text>
        {sending.error === null ? null : <Alert color="brick">{errorWords(sending.error)}</Alert>}
        <Group align="stretch" gap="md" className={css.bodies ?? ''}>
          <figure className={css.body}>
            <Text component="figcaption" size="xs" c="dimmed">
              As HTML
            </Text>
            <iframe title="As HTML" className={css.page} sandbox="" srcDoc={letter.html} />
          </figure>
          <figure className={css.body}>
            <Text component="figcaption" size="xs" c="dimmed">
              As plain text
            </Text>
            <section className={css.text} aria-label="As plain text">
              {letter.text}
            </section>
          </figure>
        </Group>
      </Stack>
    </Card>
  );
}

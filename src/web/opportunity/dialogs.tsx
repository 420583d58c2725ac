import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import type { End } from '../../core/opportunity/pipeline.ts';
import type { Opportunity } from '../../core/opportunity/shape.ts';
import { errorWords, problemAt } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { submitByKeys } from '../kit/keys.tsx';
import { CurrencyField, FIRST_CURRENCY } from '../qualification/currency.tsx';
import { dayOf } from './words.ts';

/** Opens an opportunity, or corrects one. */
export function DealDialog(props: {
  readonly episode: Episode;
  /** Null to open one. */
  readonly deal: Opportunity | null;
  readonly onClose: () => void;
  readonly onOpened: () => void;
}) {
  const { episode, deal, onClose, onOpened } = props;
  const { contact } = episode;
  const [name, setName] = useState(deal?.name ?? contact.company ?? contact.name);
  const money = useMoney(deal);
  const [day, setDay] = useState(dayOf(deal?.expectedCloseAt ?? null));
  const opening = useChange('openOpportunity');
  const correcting = useChange('correctOpportunity');
  const error = opening.error ?? correcting.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const params = { id: episode.id };
    const body = { name, ...money.given, expectedCloseAt: day === '' ? null : day };
    if (money.fault !== null) return;
    const onSuccess = () => {
      onClose();
      if (deal === null) onOpened();
    };
    if (deal === null) opening.mutate({ params, body }, { onSuccess });
    else correcting.mutate({ params, body }, { onSuccess });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={deal === null ? `Open an opportunity with ${contact.name}` : 'Correct the opportunity'}
    >
      <form onSubmit={submit} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            maxLength={200}
            data-autofocus
            error={problemAt(error, 'name')}
            onChange={event => setName(event.currentTarget.value)}
          />
          <MoneyFields money={money} error={error} />
          <TextInput
            label="Expected close (optional)"
            type="date"
            value={day}
            error={problemAt(error, 'expectedCloseAt') ?? problemAt(error, 'body.expectedCloseAt')}
            onChange={event => setDay(event.currentTarget.value)}
          />
          <Failure error={error} />
          <Buttons
            verb={deal === null ? 'Open it' : 'Save'}
            isBusy={opening.isPending || correcting.isPending}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

/** Ends an opportunity as won or lost, with the reason. */
export function EndDialog(props: {
  readonly episode: Episode;
  readonly deal: Opportunity;
  readonly end: End;
  readonly onClose: () => void;
  readonly onEnded: (deal: Opportunity) => void;
}) {
  const { episode, deal, end, onClose, onEnded } = props;
  const money = useMoney(deal);
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const moving = useChange('moveOpportunity');
  const isReasonMissing = end === 'lost' && reason.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isReasonMissing || money.fault !== null) return;
    const why = reason.trim() === '' ? {} : { reason: reason.trim() };
    const amounts = end === 'won' ? money.given : {};
    moving.mutate(
      { params: { id: episode.id }, body: { stage: end, ...amounts, ...why } },
      {
        onSuccess: ({ opportunity }) => {
          onClose();
          if (opportunity !== null) onEnded(opportunity);
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={end === 'won' ? `Won: ${deal.name}` : `Lost: ${deal.name}`}>
      <form onSubmit={submit} onKeyDown={submitByKeys}>
        <Stack gap="md">
          {end === 'won' ? <MoneyFields money={money} error={moving.error} /> : null}
          <TextInput
            label={end === 'won' ? 'What decided it? (optional)' : 'Why was it lost?'}
            value={reason}
            maxLength={1000}
            data-autofocus
            error={isAsked && isReasonMissing ? 'Say in a few words why it was lost.' : null}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <Failure error={moving.error} />
          <Buttons verb={end === 'won' ? 'Won' : 'Lost'} isBusy={moving.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** An amount and a currency as they are typed. */
function useMoney(deal: Pick<Opportunity, 'amount' | 'currency'> | null) {
  const [amount, setAmount] = useState(deal?.amount == null ? '' : String(deal.amount));
  const [currency, setCurrency] = useState(deal?.currency ?? FIRST_CURRENCY);
  const text = amount.trim().replace(/[\s']/g, '');
  const isNumber = text === '' || /^\d+(?:\.\d+)?$/.test(text);
  return {
    amount,
    currency,
    setAmount,
    setCurrency,
    fault: isNumber ? null : 'Expected an amount such as 12000 or 12000.50',
    given: text === '' ? { amount: null, currency: null } : { amount: Number(text), currency },
  };
}

function MoneyFields(props: { readonly money: ReturnType<typeof useMoney>; readonly error: Error | null }) {
  const { money, error } = props;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <TextInput
        label="Amount (optional)"
        inputMode="decimal"
        value={money.amount}
        maxLength={20}
        style={{ flex: 1 }}
        error={money.fault ?? problemAt(error, 'amount')}
        onChange={event => money.setAmount(event.currentTarget.value)}
      />
      <CurrencyField
        label="Currency"
        value={money.currency}
        error={problemAt(error, 'currency')}
        onChange={money.setCurrency}
      />
    </Group>
  );
}

function Failure({ error }: { readonly error: Error | null }) {
  return error === null ? null : <Alert color="brick">{errorWords(error)}</Alert>;
}

function Buttons(props: { readonly verb: string; readonly isBusy: boolean; readonly onClose: () => void }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={props.onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={props.isBusy}>
        {props.verb}
      </Button>
    </Group>
  );
}

import { NativeSelect } from '@mantine/core';

/** The currencies that people deal in most; the others follow. */
const COMMON = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CAD', 'AUD', 'JPY', 'INR'];
const OTHERS = Intl.supportedValuesOf('currency').filter(code => !COMMON.includes(code));

/** Where somebody begins who has named no currency yet. */
export const FIRST_CURRENCY = 'EUR';

/** Chooses a currency; what the first letters type is found. */
export function CurrencyField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (currency: string) => void;
  /** Whether the label is only read out. */
  readonly isBare?: boolean;
  readonly error?: string | null;
}) {
  const name = props.isBare === true ? { 'aria-label': props.label } : { label: props.label };
  return (
    <NativeSelect
      {...name}
      value={props.value}
      error={props.error ?? null}
      w={110}
      data={[
        { group: 'Common', items: COMMON },
        { group: 'Others', items: OTHERS },
      ]}
      onChange={event => props.onChange(event.currentTarget.value)}
    />
  );
}

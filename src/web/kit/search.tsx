import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';

/** How long typing must rest before a list is asked for, in milliseconds. */
const TYPING_MS = 250;

/** What a list is searched for; it follows `value` when that changes elsewhere, as by a saved view. */
export function SearchField(
  props: Pick<TextInputProps, 'placeholder' | 'className' | 'style' | 'size'> & {
    readonly label: string;
    readonly value: string;
    readonly onSearch: (value: string) => void;
  },
) {
  const { label, value, onSearch, ...shown } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const search = useDebouncedCallback((typed: string) => onSearch(typed.trim()), TYPING_MS);
  return (
    <TextInput
      {...shown}
      type="search"
      aria-label={label}
      leftSection={<Icon name="search" size={16} />}
      value={text}
      maxLength={200}
      onChange={event => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}

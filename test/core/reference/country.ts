import countries from 'i18n-iso-countries';
import { equals, readText } from './value.ts';

/** Tells whether a field holds a country. */
export function isCountry(name: string): boolean {
  return /^(?:contact|company)\.(?:.*\.)?(?:country|countryCode|country_code)$/.test(name);
}

/** Tells whether one value (no list) and a scalar are the same, or two spellings of one country. */
export function sameCountry(value: unknown, scalar: unknown): boolean {
  if (equals(value, scalar)) return true;
  const [one, other] = [codeOf(readText(value)), codeOf(readText(scalar))];
  return one !== undefined && one === other;
}

/** The code of a country by its code or its name in one of two languages. */
function codeOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const code = written.toUpperCase();
  if (countries.isValid(code) && code.length === 2) return code;
  return (
    countries.alpha3ToAlpha2(code) ??
    countries.getAlpha2Code(written, 'en') ??
    countries.getAlpha2Code(written, 'de')
  );
}

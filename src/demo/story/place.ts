import type { Chance, Filled } from './chance.ts';
import type { NameStyle } from './name.ts';

/** A country that leads come from. The offset is the winter one: the rhythm of a day needs no more. */
export interface Place {
  readonly country: string;
  readonly names: NameStyle;
  readonly utcOffsetH: number;
  readonly timezone: string;
  readonly locale: string;
  readonly legalForms: Filled<string>;
  /** A number that telephone authorities keep free for fiction; null where none is known to us. */
  readonly phone: ((chance: Chance) => string) | null;
}

function digits(chance: Chance, count: number): string {
  return String(chance.whole(0, 10 ** count - 1)).padStart(count, '0');
}

const UK: Place = {
  country: 'United Kingdom',
  names: 'english',
  utcOffsetH: 0,
  timezone: 'Europe/London',
  locale: 'en-GB',
  legalForms: ['Ltd', 'Ltd', 'Group', 'plc'],
  phone: chance => `+44 20 7946 0${digits(chance, 3)}`,
};

const US: Place = {
  country: 'United States',
  names: 'english',
  utcOffsetH: -6,
  timezone: 'America/Chicago',
  locale: 'en-US',
  legalForms: ['Inc', 'LLC', 'Corp'],
  phone: chance => `+1 ${chance.pick(['212', '312', '415', '512', '617'])} 555 01${digits(chance, 2)}`,
};

const PLACES: Filled<readonly [Place, number]> = [
  [UK, 34],
  [US, 15],
  [
    {
      country: 'Germany',
      names: 'german',
      utcOffsetH: 1,
      timezone: 'Europe/Berlin',
      locale: 'de-DE',
      legalForms: ['GmbH', 'GmbH', 'AG'],
      phone: chance => `+49 30 23125 ${digits(chance, 3)}`,
    },
    11,
  ],
  [
    {
      country: 'France',
      names: 'french',
      utcOffsetH: 1,
      timezone: 'Europe/Paris',
      locale: 'fr-FR',
      legalForms: ['SAS', 'SA'],
      phone: chance => `+33 1 99 00 ${digits(chance, 2)} ${digits(chance, 2)}`,
    },
    7,
  ],
  [
    abroad('Netherlands', {
      names: 'dutch',
      timezone: 'Europe/Amsterdam',
      locale: 'nl-NL',
      legalForms: ['BV', 'NV'],
    }),
    6,
  ],
  [
    {
      ...abroad('Sweden', {
        names: 'nordic',
        timezone: 'Europe/Stockholm',
        locale: 'sv-SE',
        legalForms: ['AB'],
      }),
      phone: chance => `+46 8 465 004 ${digits(chance, 2)}`,
    },
    4,
  ],
  [
    abroad('Denmark', {
      names: 'nordic',
      timezone: 'Europe/Copenhagen',
      locale: 'da-DK',
      legalForms: ['A/S', 'ApS'],
    }),
    2,
  ],
  [abroad('Norway', { names: 'nordic', timezone: 'Europe/Oslo', locale: 'nb-NO', legalForms: ['AS'] }), 2],
  [
    abroad('Spain', {
      names: 'iberian',
      timezone: 'Europe/Madrid',
      locale: 'es-ES',
      legalForms: ['SL', 'SA'],
    }),
    3,
  ],
  [
    abroad('Italy', {
      names: 'italian',
      timezone: 'Europe/Rome',
      locale: 'it-IT',
      legalForms: ['Srl', 'SpA'],
    }),
    3,
  ],
  [
    abroad('Poland', {
      names: 'polish',
      timezone: 'Europe/Warsaw',
      locale: 'pl-PL',
      legalForms: ['Sp. z o.o.'],
    }),
    3,
  ],
  [
    {
      ...UK,
      country: 'Ireland',
      timezone: 'Europe/Dublin',
      locale: 'en-IE',
      legalForms: ['Ltd', 'DAC'],
      phone: null,
    },
    3,
  ],
  [
    { ...US, country: 'Canada', timezone: 'America/Toronto', utcOffsetH: -5, locale: 'en-CA', phone: null },
    3,
  ],
  [
    {
      ...UK,
      country: 'Australia',
      utcOffsetH: 10,
      timezone: 'Australia/Sydney',
      locale: 'en-AU',
      legalForms: ['Pty Ltd'],
      phone: chance => `+61 2 5550 ${digits(chance, 4)}`,
    },
    2,
  ],
  [
    abroad('India', {
      names: 'indian',
      timezone: 'Asia/Kolkata',
      locale: 'en-IN',
      legalForms: ['Pvt Ltd'],
      utcOffsetH: 5.5,
    }),
    3,
  ],
  [
    abroad('Brazil', {
      names: 'iberian',
      timezone: 'America/Sao_Paulo',
      locale: 'pt-BR',
      legalForms: ['Ltda'],
      utcOffsetH: -3,
    }),
    1,
  ],
  [
    abroad('Singapore', {
      names: 'farther',
      timezone: 'Asia/Singapore',
      locale: 'en-SG',
      legalForms: ['Pte Ltd'],
      utcOffsetH: 8,
    }),
    1,
  ],
];

function abroad(
  country: string,
  about: Pick<Place, 'names' | 'timezone' | 'locale' | 'legalForms'> & { readonly utcOffsetH?: number },
): Place {
  return { country, phone: null, ...about, utcOffsetH: about.utcOffsetH ?? 1 };
}

/** Draws the country of a company, as often as this vendor meets it. */
export function drawPlace(chance: Chance): Place {
  return chance.weighted(PLACES);
}

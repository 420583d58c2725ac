import { expect, test } from 'vitest';
import { countryOf } from '../../../src/core/text/country.ts';

test.each([
  ['DE', 'Germany|germany|Deutschland|DE|DEU|de|deu|Allemagne|Alemania|ドイツ|德国|Германия'],
  ['GB', 'UK|U.K.|GB|GBR|United Kingdom|the United Kingdom|Great Britain|England|Vereinigtes Königreich'],
  [
    'US',
    'USA|U.S.|U.S.A.|US|us|United States|United States of America|The United States|Estados Unidos|アメリカ合衆国',
  ],
  ['NL', 'Netherlands|The Netherlands|Holland|Nederland|NL'],
  ['CZ', 'Czechia|Czech Republic|Česká republika|CZE'],
  ['TR', 'Türkiye|Turkey|Turkiye|TÜRKİYE|TUR'],
  ['KR', 'South Korea|Korea|Republic of Korea|Korea, Republic of|KOR|대한민국'],
  ['KP', 'North Korea|DPRK|PRK'],
  ['CI', "Côte d'Ivoire|Cote d’Ivoire|Ivory Coast"],
  ['BA', 'Bosnia & Herzegovina|Bosnia and Herzegovina'],
  ['VN', 'Vietnam|Viet Nam'],
  ['CN', "China|People's Republic of China|PRC|中国"],
  ['CH', 'Switzerland|Schweiz|Suisse|CH'],
  ['NO', 'Norway|Norge|no'],
  ['IN', 'India|IN|IND'],
  ['NE', 'Niger'],
  ['NG', 'Nigeria'],
  ['DM', 'Dominica'],
  ['DO', 'Dominican Republic'],
  ['GN', 'Guinea'],
  ['GQ', 'Equatorial Guinea'],
  ['AT', 'Austria|Österreich|Osterreich'],
  ['AU', 'Australia'],
])('%s is written %s', (code, spellings) => {
  const written = spellings.split('|');
  expect(Object.fromEntries(written.map(text => [text, countryOf(text)]))).toEqual(
    Object.fromEntries(written.map(text => [text, code])),
  );
});

test.each(['', 'Atlantis', 'Germanyy', 'XX', 'EU', 'Georgia Tech', 'x'.repeat(200)])(
  '"%s" is not a country',
  text => {
    expect(countryOf(text)).toBeNull();
  },
);

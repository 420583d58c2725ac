import type { Chance, Filled } from './chance.ts';

/** First and last names that go together; every person of the demo is a random pair of them. */
interface NamePool {
  readonly first: Filled<string>;
  readonly last: Filled<string>;
}

const POOLS = {
  english: {
    first: words(
      'Amelia Beth Callum Charlotte Daisy Dominic Eleanor Elliot Fiona Gareth Georgia Harriet Hugh Imogen Isaac Jasmine Jonah Keira Leonard Lydia Martha Miles Naomi Nathan Oliver Phoebe Quentin Rachel Rory Sadie Samuel Tabitha Toby Victoria Wesley Zoe',
    ),
    last: words(
      'Ashdown Barlowe Birchall Calloway Cartmel Dunmore Easterby Fairclough Garside Hathersage Inglewood Kilbride Lockhart Marchbanks Netherby Oakeshott Pemberley Quayle Ravenscroft Selwood Thornbury Underhill Vickery Wetherall Yardley Halloran Prescott Merriman',
    ),
  },
  german: {
    first: words(
      'Anja Bastian Carolin Daniel Elke Felix Greta Hannes Ilse Jonas Katrin Lukas Miriam Niklas Petra Ralf Sabine Till Ursula Volker Wiebke Jürgen',
    ),
    last: words(
      'Ackermann Brandstätter Dreyer Eichhorn Falkenberg Grünwald Hoffstedt Ilgner Kirchner Lindenau Mühlbauer Niemann Osterkamp Pfeffer Rademacher Steinhoff Tiedemann Uhlig Vossberg Weidmann Zellner',
    ),
  },
  french: {
    first: words(
      'Adèle Bastien Camille Damien Élodie Fabrice Gaëlle Hugo Inès Julien Léa Mathis Noémie Olivier Pauline Quentin Rémi Solène Thibault Valérie',
    ),
    last: words(
      'Aubertin Beaumanoir Charpentier Delacourt Estienne Fontenay Girardot Hautecoeur Jolivet Lacombe Marchandise Noisette Perrault Rochebrune Sauvageot Thévenot Valcourt Vigneron',
    ),
  },
  nordic: {
    first: words(
      'Astrid Bjørn Dagny Erik Freja Gustav Henrik Ingrid Jens Karin Lars Maja Nils Oskar Pernille Rasmus Signe Torben Ulrika Viggo',
    ),
    last: words(
      'Ahlström Bergqvist Dahlgaard Ekelund Fjeldstad Grønvold Hagström Isaksen Kjellberg Lindqvist Møllerup Nordahl Østergren Ravnsborg Sjöholm Torvaldsen Vestergård Wikander',
    ),
  },
  dutch: {
    first: words(
      'Anouk Bram Daan Esmée Femke Gijs Hanneke Jeroen Koen Lotte Maarten Nienke Pieter Roos Sander Tess Wouter',
    ),
    last: words(
      'Achterberg Brouwer Dekkers Eikelboom Groenendijk Hofstra Kuipers Linders Molenaar Noordhoek Oosterhuis Pelgrim Rietveld Schoonhoven Verhulst Westerveld Zandstra',
    ),
  },
  polish: {
    first: words(
      'Agnieszka Bartosz Celina Dariusz Ewa Filip Grażyna Hubert Iwona Jakub Kinga Łukasz Magda Natalia Oskar Paweł Renata Szymon Tomasz Urszula',
    ),
    last: words(
      'Borkowski Czarnota Dudziak Filipek Gajda Jarosz Kaleta Lisowski Majchrzak Nowicki Olszak Pietrzyk Rogalski Sobczak Tkaczyk Urbanek Wrona Zawadzki Żurek',
    ),
  },
  iberian: {
    first: words(
      'Adrián Beatriz Carlos Daniela Esteban Fátima Gonçalo Helena Iker Joana Lucía Mateus Noelia Pedro Raquel Sofía Tiago Vera',
    ),
    last: words(
      'Albarracín Barreto Castellanos Duarte Echeverría Figueiredo Guerrero Herrera Iglesias Lacerda Montalvo Noronha Olivares Pacheco Queiroz Salgado Tavares Villalobos',
    ),
  },
  italian: {
    first: words(
      'Alessia Bruno Chiara Davide Elena Fabio Giulia Jacopo Lorenza Matteo Noemi Paolo Rosanna Stefano Tullia Valerio',
    ),
    last: words(
      'Altobelli Benedetti Castagnoli Donadoni Fabbri Gualtieri Lombardini Marchetti Orlandini Pellegrino Querci Rinaldi Santoro Tagliaferri Venturelli Zambelli',
    ),
  },
  indian: {
    first: words(
      'Aditi Bhavesh Chitra Deepak Esha Farhan Gauri Harish Ishani Kavya Lakshmi Manish Nandini Omkar Pooja Rohan Shreya Tanvi Uday Vikram',
    ),
    last: words(
      'Acharya Bhattacharya Chaudhary Deshmukh Ganguly Iyengar Joshi Kulkarni Mahajan Nambiar Padmanabhan Raghavan Sengupta Trivedi Upadhyay Venkatesan',
    ),
  },
  farther: {
    first: words(
      'Adaeze Amir Babajide Chidi Dalia Eun-ji Farah Haruka Idris Jian Kwame Leila Mei Nasrin Omar Reza Sakura Thandiwe Wei Yusuf Zainab',
    ),
    last: words(
      "Achebe Balogun Chowdhury Darwish Eze Farouk Haddad Ibekwe Jiang Kobayashi Lin Mensah Nakamura Okonkwo O'Brien Pham Rahimi Suleiman Tanaka Xu Yamada Zhou",
    ),
  },
} satisfies Record<string, NamePool>;

/** Which names are usual in a place. */
export type NameStyle = keyof typeof POOLS;

const STYLES: Filled<NameStyle> = [
  'english',
  'german',
  'french',
  'nordic',
  'polish',
  'iberian',
  'italian',
  'indian',
  'farther',
];

/** How many people of a place carry names from elsewhere. */
const FROM_ELSEWHERE = 0.18;

/** Draws a person's name for a place. */
export function drawName(
  style: NameStyle,
  chance: Chance,
): { readonly first: string; readonly last: string } {
  const pool = POOLS[chance.happens(FROM_ELSEWHERE) ? chance.pick(STYLES) : style];
  return { first: chance.pick(pool.first), last: chance.pick(pool.last) };
}

const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  ł: 'l',
  ß: 'ss',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
};

/**
 * Writes text with the letters an address may have: a to z and digits.
 *
 * @example plainLetters('Grażyna Østergren') // 'grazynaostergren'
 */
export function plainLetters(text: string): string {
  const lower = text.toLowerCase().replace(/[øæłßœðþ]/g, letter => LETTERS[letter] ?? '');
  return lower.normalize('NFD').replace(/[^a-z0-9]/g, '');
}

/** Splits a line of words into a list with at least one. */
export function words(line: string): Filled<string> {
  const [first = '', ...rest] = line.split(' ');
  return [first, ...rest];
}

import type { Chance, Filled } from './chance.ts';
import { plainLetters, words } from './name.ts';
import { drawPlace, type Place } from './place.ts';

/** An invented company. What forms and enrichment did not find out is null. */
export interface Company {
  readonly name: string;
  /** The name without trade and legal form. */
  readonly root: string;
  readonly domain: string;
  readonly place: Place;
  readonly industry: string | null;
  readonly employees: number | null;
  /** The truth behind `employees`, which sales finds out. */
  readonly size: number;
  readonly isCustomer: boolean;
  /** Whether its mail gateway opens every link before its people do. */
  readonly scansMail: boolean;
}

const FRONT = words(
  'Alder Amber Ash Bracken Brindle Brook Cobble Copper Cran Dapple Dray East Ember Fallow Fen Fern Garnet Glen Gorse Hale Harrow Hawk Hazel Heather Holm Ivory Juniper Kestrel Kit Lark Linden Loam Mallow Marl Mere Moss Nettle North Oaken Orchard Osprey Pell Pike Quill Rook Rowan Rush Saffron Salter Sedge Shale Silver Sorrel Spindle Stone Tarn Teasel Thistle Tidal Umber Vale Wax Wend Whin Willow Wren Yarrow',
);
const BACK = words(
  'bank beck borne bridge brook by combe cote croft dale dene fell field ford forge garth gate grove ham haven helm hurst lea ley lock march mark mead mere mill mond mont more nook path ridge rise row sett shaw stead stoke thorpe vale ward water way well wick wold worth yard',
);

const INDUSTRIES: Filled<readonly [{ readonly name: string; readonly suffixes: Filled<string> }, number]> = [
  [{ name: 'Software', suffixes: words('Software Systems Labs Cloud Digital Analytics') }, 22],
  [{ name: 'Manufacturing', suffixes: words('Engineering Manufacturing Components Industries Tools') }, 16],
  [{ name: 'Financial services', suffixes: words('Capital Finance Insurance Leasing Payments') }, 11],
  [{ name: 'Professional services', suffixes: words('Consulting Partners Advisory Architects') }, 11],
  [{ name: 'Logistics', suffixes: words('Logistics Freight Shipping Haulage') }, 9],
  [{ name: 'Retail', suffixes: words('Retail Stores Outfitters Home') }, 8],
  [{ name: 'Healthcare', suffixes: words('Health Clinics Medical Diagnostics') }, 6],
  [{ name: 'Energy', suffixes: words('Energy Power Renewables') }, 4],
  [{ name: 'Media', suffixes: words('Media Publishing Studios') }, 4],
  [{ name: 'Construction', suffixes: words('Construction Build Homes') }, 3],
  [{ name: 'Education', suffixes: words('Learning Academy Schools') }, 3],
  [{ name: 'Hospitality', suffixes: words('Hotels Catering Leisure') }, 3],
];

/** Names in use, so that no two companies or mailboxes of one demo are the same. */
export type Taken = Set<string>;

/** Invents a company whose domain nobody else of this demo has. */
export function inventCompany(taken: Taken, chance: Chance): Company {
  const place = drawPlace(chance);
  const industry = chance.weighted(INDUSTRIES);
  const size = roundedSize(chance.skewed({ median: 150, spread: 1.5 }));
  const { root, domain } = inventDomain(taken, chance);
  const suffix = chance.pick(industry.suffixes);
  const legalForm = chance.happens(0.45) ? ` ${chance.pick(place.legalForms)}` : '';
  return {
    name: `${root} ${suffix}${legalForm}`,
    root,
    domain,
    place,
    industry: chance.happens(0.06) ? null : industry.name,
    employees: chance.happens(0.07) ? null : size,
    size,
    isCustomer: false,
    scansMail: chance.happens(0.05),
  };
}

/** After how many names in use a longer one is made: of the short ones there are about four thousand. */
const SHORT_TRIES = 20;

function inventDomain(taken: Taken, chance: Chance): { readonly root: string; readonly domain: string } {
  for (let tries = 0; ; tries++) {
    const ending = tries < SHORT_TRIES ? '' : chance.pick(BACK);
    const root = chance.pick(FRONT) + chance.pick(BACK) + ending;
    const domain = `${plainLetters(root)}.example`;
    if (taken.has(domain)) continue;
    taken.add(domain);
    return { root, domain };
  }
}

/** Sizes as people state them: exact below 100, then to the ten, then to the hundred. */
function roundedSize(size: number): number {
  const bounded = Math.min(45_000, Math.max(2, size));
  const step = bounded < 100 ? 1 : bounded < 2_000 ? 10 : 100;
  return Math.round(bounded / step) * step;
}

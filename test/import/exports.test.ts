import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { readMappingFile } from '../../src/contract/file/mapping.ts';
import { fieldsReadBy } from '../../src/core/import/column.ts';
import type { ContactLine } from '../../src/core/import/line.ts';
import { KNOWN_SOURCES, type Mapping, NO_MAPPING } from '../../src/core/import/mapping.ts';
import { type Preview, startPreview } from '../../src/core/import/preview.ts';
import { openRows, type Row } from '../../src/loop/import/rows.ts';
import { recognise, shippedMapping } from '../../src/loop/import/shipped.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-exports-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const template = readAgreementFile(
  readFileSync(new URL('../../templates/b2b-saas.yaml', import.meta.url), 'utf8'),
).agreement;
const fields = template === null ? null : fieldsReadBy(template);

interface Looked {
  readonly rows: readonly Row[];
  readonly contacts: readonly ContactLine[];
  readonly preview: Preview;
}

/** Reads a contacts file to its end. */
async function look(content: string | Buffer, mapping?: Mapping | string): Promise<Looked> {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  const read = typeof mapping === 'string' ? readMappingFile(mapping).mapping : mapping;
  const opened = await openRows({ path, kind: 'contacts', ...(read ? { mapping: read } : {}) });
  if (opened.file === null) throw new Error(opened.problems.map(({ message }) => message).join('; '));
  const rows: Row[] = [];
  for await (const batch of opened.file.batches) rows.push(...batch);
  const preview = startPreview(opened.file.plan, fields);
  for (const row of rows) preview.see(row);
  const contacts = rows.flatMap(({ result }) => (result.kind === 'contact' ? [result] : []));
  return { rows, contacts, preview: preview.result() };
}

const reasons = ({ rows }: Looked) =>
  rows.flatMap(({ line, result }) => ('reason' in result ? [`${line}: ${result.reason}`] : []));

const HUBSPOT = `"Record ID","First Name","Last Name","Email","Phone Number","Contact owner","Lifecycle Stage","Create Date","Company name","Job Title","Number of Employees","Country/Region","Last Activity Date (GMT+1)"
"801","Nils","Öberg","nils@fjordkraft.example","'+47 912 00 111","Rosa Diaz","Lead","2026-10-01 09:15","Fjordkraft AS","VP Sales","1240","Norway","2026-11-20 14:03"
"802","","","(No value)","","","","2026-10-02 10:00","","","","",""
`;

describe('the export of a system is recognised by its header', () => {
  test('of HubSpot, with the zone of the account in a header or an option', async () => {
    const looked = await look(HUBSPOT);
    expect(looked.preview.notes).toEqual([
      'Looks like an export of HubSpot: mapping hubspot.',
      'Times without a zone are read in UTC. If that is wrong, say the zone of the file.',
    ]);
    expect(looked.contacts).toEqual([
      {
        kind: 'contact',
        contactId: '801',
        email: 'nils@fjordkraft.example',
        createdAt: Date.UTC(2026, 9, 1, 9, 15),
        at: null,
        contact: {
          email: 'nils@fjordkraft.example',
          firstName: 'Nils',
          lastName: 'Öberg',
          phone: '+47 912 00 111',
          owner: 'Rosa Diaz',
          lifecycleStage: 'Lead',
          title: 'VP Sales',
          'Last Activity Date (GMT+1)': '2026-11-20T13:03:00.000Z',
        },
        company: { name: 'Fjordkraft AS', employees: '1240', country: 'Norway' },
      },
      expect.objectContaining({ contactId: '802', email: null, contact: {} }),
    ]);
    const dates = { ...NO_MAPPING.dates, zone: 'Europe/Oslo' };
    const inOslo = await look(HUBSPOT, { ...NO_MAPPING, dates });
    expect(inOslo.contacts[0]?.createdAt).toBe(Date.UTC(2026, 9, 1, 7, 15));
    expect(inOslo.preview.notes).toEqual(['Looks like an export of HubSpot: mapping hubspot.']);
  });

  test('of Salesforce, whose dates are decided by the column or asked for', async () => {
    const file = (
      second: string,
    ) => `"Lead ID","First Name","Last Name","Title","Company / Account","Email","Lead Source","Lead Status","Created Date","No. of Employees"
"00Q1","Lena","Marsh","V.P. of Finance","Marshland","lena@marshland.example","Web","Open","11/03/2026","120"
"00q1","Omar","Field","C.E.O.","Fieldwork","omar@fieldwork.example","Partner","Working","${second}","80"
`;
    const doubtful = await look(file('03/11/2026'));
    expect(reasons(doubtful)).toEqual([
      expect.stringMatching(
        /^2: createdAt: "11\/03\/2026" is 11 March or 3 November, .*--dates DD\/MM\/YYYY/,
      ),
      expect.stringMatching(/^3: /),
    ]);
    const [march] = (await look(file('31/10/2026'))).contacts;
    const [november] = (await look(file('10/31/2026'))).contacts;
    expect([march?.createdAt, november?.createdAt]).toEqual([Date.UTC(2026, 2, 11), Date.UTC(2026, 10, 3)]);
    const said = await look(file('03/11/2026'), 'like: salesforce\ndates: { format: MM/DD/YYYY }\n');
    expect(said.contacts.map(({ contactId, createdAt }) => [contactId, createdAt])).toEqual([
      ['00Q1', Date.UTC(2026, 10, 3)],
      ['00q1', Date.UTC(2026, 2, 11)],
    ]);
    expect(said.contacts[0]).toMatchObject({
      contact: { source: 'Web', title: 'V.P. of Finance' },
      company: { name: 'Marshland', employees: '120' },
    });
  });

  const META = [
    'id\tcreated_time\tad_id\tad_name\tadset_id\tadset_name\tcampaign_id\tcampaign_name\tform_id\tform_name\tis_organic\tplatform\temail\tfull_name\tphone_number\tcompany_name\tjob_title\thow_many_sites?',
    'l:1\t2026-11-20T08:21:55-0500\tag:1\tAd\tas:1\tSet\tc:1\tQ4\tf:1\tDemo\tfalse\tfb\tida@quayside.example\tIda Quay\tp:+4915100000001\tQuayside\tHead of Ops\tthree',
    'l:2\t2026-11-21T09:00:00-0500\tag:1\tAd\tas:1\tSet\tc:1\tQ4\tf:1\tDemo\tfalse\tig\ttest@meta.example\t<test lead: dummy data for full_name>\tp:<test lead: dummy data for phone_number>\tx\ty\tz',
    'l:3\t2026-11-22T09:00:00-0500\tag:1\tAd\tas:1\tSet\tc:1\tQ4\tf:1\tDemo\tfalse\tig\t\tJon Pier\tp:+4915100000002\tPier 9\tCEO\ttwo',
    '',
  ].join('\r\n');

  test.each([
    ['in UTF-8', META],
    ['in UTF-16', Buffer.from(`\ufeff${META}`, 'utf16le')],
  ])('of a Meta lead form %s, without the leads of its test', async (_, content) => {
    const looked = await look(content);
    expect(reasons(looked)).toEqual(['3: a test lead of an ad platform']);
    expect(looked.preview.notes).toContain('1 row passed over: a test lead of an ad platform.');
    expect(looked.contacts).toMatchObject([
      {
        contactId: null,
        email: 'ida@quayside.example',
        createdAt: Date.UTC(2026, 10, 20, 13, 21, 55),
        contact: {
          name: 'Ida Quay',
          phone: '+4915100000001',
          campaign: 'Q4',
          content: 'Ad',
          'how_many_sites?': 'three',
        },
        company: { name: 'Quayside' },
      },
      { contactId: 'phone:+4915100000002 jon pier', email: null, notes: ['byPhone'] },
    ]);
  });

  test('of a LinkedIn lead gen form, and of Pipedrive', async () => {
    const linkedin = await look(
      'Created At,Campaign Name,Creative Name,Form Name,Lead Type,Test Lead,First Name,Last Name,Email Address,Job Title,Company Name,Country/Region\n' +
        '01/31/2026,Spring,Video,Guide,Sponsored,FALSE,Ute,Moor,ute@moorland.example,CFO,Moorland,Germany\n' +
        '02/01/2026,Spring,Video,Guide,Sponsored,TRUE,Test,Lead,test@linkedin.example,CFO,LinkedIn,Germany\n',
    );
    expect(reasons(linkedin)).toEqual(['3: Test Lead is "TRUE", which is left out']);
    expect(linkedin.contacts).toMatchObject([
      {
        email: 'ute@moorland.example',
        createdAt: Date.UTC(2026, 0, 31),
        contact: { title: 'CFO', source: 'linkedin', campaign: 'Spring', content: 'Video' },
        company: { name: 'Moorland', country: 'Germany' },
      },
    ]);
    const pipedrive = await look(
      'Person - Name,Person - Email - Work,Person - Phone - Work,Person - Organization,Person - ID,Person - Job title\n' +
        'Kai Ford,kai@ford.example,+44 20 7946 0000,Ford & Sons,17,Director\n',
    );
    expect(pipedrive.contacts).toMatchObject([
      {
        contactId: '17',
        email: 'kai@ford.example',
        contact: { name: 'Kai Ford', title: 'Director', phone: '+44 20 7946 0000' },
        company: { name: 'Ford & Sons' },
      },
    ]);
  });

  test('and no other file', () => {
    expect(recognise(['id', 'email', 'First Name', 'Last Name', 'Job Title', 'Lead Source'])).toBeNull();
    for (const source of KNOWN_SOURCES) expect(recognise(shippedMapping(source).signs)).toBe(source);
  });
});

describe('a file as spreadsheets and people leave it', () => {
  test('with semicolons, a first line for the delimiter, lines in cells and a decimal comma', async () => {
    const { contacts } = await look(
      '\ufeffsep=;\r\n"Nom";"E-mail";"Société";"Effectif";"Budget";"Notes"\r\n"Lefort";"Zoe@Nord.example ";"Nord; SARL";"1.250";"1.250,50";"un\r\ndeux ""x"""\r\n',
      'email: E-mail\nnumbers: comma\ncolumns: { Nom: contact.lastName, Société: company.name, Effectif: company.employees, Budget: company.budget }\n',
    );
    expect(contacts).toMatchObject([
      {
        email: 'zoe@nord.example',
        contact: { lastName: 'Lefort', Notes: 'un\ndeux "x"' },
        company: { name: 'Nord; SARL', employees: '1250', budget: '1250.50' },
      },
    ]);
  });

  test('in Windows-1252: refused by the row until it is named', async () => {
    const file = Buffer.from(
      'email,firstName\r\nluc@gare.example,Andr\u00e9\r\nann@gare.example,Ann\r\n',
      'latin1',
    );
    const looked = await look(file);
    expect(reasons(looked)).toEqual([
      expect.stringMatching(/^2: byte 0xE9 is not UTF-8; .*--encoding windows-1252/),
    ]);
    expect(looked.contacts).toHaveLength(1);
    const named = await look(file, 'encoding: windows-1252\n');
    expect(named.contacts.map(({ contact }) => contact.firstName)).toEqual(['André', 'Ann']);
    await expect(look(file, 'encoding: latin-zero\n')).rejects.toThrow('"latin-zero" is not known');
  });

  test('with the line ends of an old Mac', async () => {
    expect((await look('email,firstName\rann@cr.example,Ann\rbob@cr.example,Bob\r')).contacts).toHaveLength(
      2,
    );
  });

  test('with phone numbers alone, one of them destroyed', async () => {
    const looked = await look(
      'firstName,lastName,phone,email\nAnn,Lee,+44 7911 000001,\nBob,Ray,4.47912E+11,\nCid,Fox,0044 (0)7911 000001,\n',
    );
    expect(looked.contacts.map(({ contactId }) => contactId)).toEqual([
      'phone:+447911000001 ann lee',
      'phone:+447911000001 cid fox',
    ]);
    expect(reasons(looked)).toEqual([
      '3: no id and no e-mail; the phone number "4.47912E+11" was destroyed by a spreadsheet, which took it for a number',
    ]);
  });

  test('with rows that are too short or too long, each told by its own cause', async () => {
    const looked = await look(
      'email,firstName,title,,\nann@r.example,Ann,VP,,\nbob@r.example,Bob\ncid@r.example,Cid,CTO,,,,\ndot@r.example,Dot,CFO,,,Pune\neve@r.example,Eve,CIO,,,"Goa, India",x\n,,,,\n',
    );
    expect(looked.contacts.map(({ email }) => email)).toEqual([
      'ann@r.example',
      'bob@r.example',
      'cid@r.example',
    ]);
    const [kind] = looked.preview.problems;
    expect(kind?.examples.map(({ line, reason }) => `${line}: ${reason.slice(0, 70)}`)).toEqual([
      '5: the row has 6 columns, the header 5; beyond them stands "Pune". A cell',
      expect.stringContaining('6: the row has 7 columns, the header 5; beyond them stands "Goa, India"'),
    ]);
    expect(looked.preview.notes).toContain('1 row shorter than the header; what is lacking counts as blank.');
  });

  test('with several addresses in a cell, or in two columns of one name', async () => {
    const looked = await look(
      'Name,Email,Email\nAnn Lee,ann@two.example; lee@two.example,\nBob Ray,,bob@two.example\nCid Fox,cid@two.example,fox@two.example\nDot Oak,not one; dot@two.example,\n',
    );
    expect(looked.contacts.map(({ email, contact }) => [email, contact.otherEmail])).toEqual([
      ['ann@two.example', 'lee@two.example'],
      ['bob@two.example', undefined],
      ['cid@two.example', 'fox@two.example'],
      ['dot@two.example', undefined],
    ]);
    expect(looked.preview.notes).toContain(
      '2 rows with more than one address; the first that can be used is taken, the others are kept as contact.otherEmail.',
    );
  });

  const CRM =
    'id,email,firstName,lastName\n' +
    'a,none@us.example,Ada,Alder\nb,none@us.example,Ben,Birch\nc,NONE@us.example,Cat,Cedar\nd,dot@oak.example,Dot,Oak\n' +
    'e,eve@elm.example,Eve,Elm\nf,eve@elm.example,E.,Elm\n';

  test('with one address on rows of different people: told, and kept apart on demand', async () => {
    const looked = await look(CRM);
    expect(looked.contacts.map(({ contactId }) => contactId)).toEqual(['d', 'e', 'f']);
    expect(looked.preview.problems).toMatchObject([
      {
        count: 3,
        lines: [2, 3, 4],
        example: expect.stringContaining(
          'none@us.example stands on 3 rows with different ids and names (lines 2, 3, 4)',
        ),
      },
    ]);
    const apart = await look(CRM, 'shared: [None@us.example]\n');
    expect(apart.contacts.map(({ contactId, email }) => [contactId, email])).toEqual([
      ['a', null],
      ['b', null],
      ['c', null],
      ['d', 'dot@oak.example'],
      ['e', 'eve@elm.example'],
      ['f', 'eve@elm.example'],
    ]);
    expect(apart.preview.notes).toEqual([
      '3 rows with an address that several people share; it does not say who they are.',
    ]);
  });

  test('with columns that no rule reads, and values that are no numbers', async () => {
    const { preview } = await look(
      'id,Job position,Company size,company.employees,Favourite colour\na,CEO,,many,red\nb,CFO,,40,blue\nc,CTO,,a few,\nd,COO,,201-500,\n',
    );
    expect(preview.unread).toEqual([
      { column: 'Job position', readAs: 'contact.Job position', suggestion: 'contact.title' },
      { column: 'Company size', readAs: 'contact.Company size', suggestion: null },
      { column: 'Favourite colour', readAs: 'contact.Favourite colour', suggestion: null },
    ]);
    expect(preview.notes).toEqual([
      '2 values of company.employees cannot be read as numbers, which the rules compare: "many", "a few".',
    ]);
  });
});

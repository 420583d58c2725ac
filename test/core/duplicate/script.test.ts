import { describe, expect, test } from 'vitest';
import { keysOf, LIKENESS_LINE, likeableOf, likenessOf } from '../../../src/core/duplicate/likeness.ts';
import { companyWords } from '../../../src/core/duplicate/word.ts';

const person = (name: string, company: string, email: string) =>
  likeableOf({ contact: { name, email, emailKind: 'free' }, companyName: company, companyId: null });

describe('names in the scripts of the world', () => {
  test.each([
    ['Chinese', '王小明', '晨星科技', '王小明', '晨星科技'],
    ['Chinese, divided', '王小明', '晨星科技', '小明 王', '晨星科技有限公司'],
    ['Chinese of two signs', '王伟', '晨星科技', '王伟', '晨星科技有限责任公司'],
    ['Korean', '김민준', '한빛소프트', '김민준', '(주)한빛소프트'],
    ['Korean, divided', '김 민준', '주식회사 한빛소프트', '민준 김', '㈜한빛소프트'],
    ['Japanese', '田中太郎', '株式会社アクメ', '田中 太郎 様', 'アクメ'],
    ['Japanese, the family first or last', '太郎 田中', 'アクメ(株)', '田中　太郎', 'アクメ株式会社'],
    ['kana', 'たなか はなこ', 'アクメ', 'はなこ たなか', 'アクメ'],
    ['Russian', 'Иван Иванов', 'Север', 'Иванов Иван', 'ООО «Север»'],
    ['Russian, with and without ё', 'Фёдор Королёв', 'Север', 'Федор Королев', 'ЗАО Север'],
    ['Hindi', 'राम शर्मा', 'Himsoft', 'शर्मा राम', 'Himsoft Pvt. Ltd.'],
    ['Arabic, with and without its points', 'مُحَمَّد علي', 'نور', 'محمد علي', 'نور'],
    ['Greek', 'Γιώργος Παπαδόπουλος', 'Άλφα', 'Γιωργος Παπαδοπουλος', 'Άλφα Α.Ε.'],
    ['German', 'Jörg Müller', 'Acme GmbH & Co. KG', 'Jorg Muller', 'Acme'],
    ['Spanish, one accent left out', 'José Muñoz', 'Acme S.A. de C.V.', 'José Munoz', 'Acme'],
    ['Vietnamese, typed without marks', 'Nguyễn Văn Hùng', 'Acme', 'Nguyen Van Hung', 'Acme'],
    ['Danish and Swedish', 'Jørgen Møller', 'Acme A/S', 'Jörgen Möller', 'Acme'],
  ])('%s: one person', (_what, name, company, otherName, otherCompany) => {
    const [one, other] = [
      person(name, company, 'a1@gmail.com'),
      person(otherName, otherCompany, 'b2@qq.com'),
    ];
    expect(likenessOf(one, other).score).toBeGreaterThanOrEqual(LIKENESS_LINE);
    const found = new Set(keysOf(one).map(({ kind, key }) => `${kind} ${key}`));
    expect(keysOf(other).some(({ kind, key }) => found.has(`${kind} ${key}`))).toBe(true);
  });

  test.each([
    ['a vowel sign of Hindi', 'राम शर्मा', 'रमा शर्मा'],
    ['another vowel sign', 'सुनील वर्मा', 'सुनीला वर्मा'],
    ['Tamil', 'மணி குமார்', 'மணா குமார்'],
    ['the voicing of kana', 'たなか はなこ', 'たなか はなご'],
    ['the voicing of kana in one word', 'タナカハナコ', 'タナガハナコ'],
    ['one sign of Chinese', '王小明', '王小红'],
    ['one sign of Korean', '김민준', '김민주'],
    ['a first name alone', 'はな', 'はな'],
    ['a tone of Vietnamese', 'Nguyễn Văn Dũng', 'Nguyễn Văn Dụng'],
    ['a vowel of Vietnamese', 'Trần Hùng', 'Trần Hưng'],
    ['a tone that one has', 'Nguyễn Thị Lan', 'Nguyễn Thị Lân'],
    ['a tone of Thai', 'สมชาย ใจดี', 'สมช้าย ใจดี'],
  ])('%s: two people', (_what, name, otherName) => {
    const { score } = likenessOf(
      person(name, 'Acme', 'a1@gmail.com'),
      person(otherName, 'Acme', 'b2@qq.com'),
    );
    expect(score).toBeLessThan(LIKENESS_LINE);
  });
});

test.each([
  ['ООО «Север»', 'север'],
  ['ЗАО Север', 'север'],
  ['株式会社アクメ', 'アクメ'],
  ['(株)アクメ', 'アクメ'],
  ['㈱アクメ', 'アクメ'],
  ['晨星科技有限公司', '晨星科技'],
  ['晨星科技股份有限公司', '晨星科技'],
  ['㈜한빛소프트', '한빛소프트'],
  ['Acme GmbH & Co. KG', 'acme'],
  ['Acme S.p.A.', 'acme'],
  ['Acme Sp. z o.o.', 'acme'],
  ['Acme A/S', 'acme'],
  ['Acme Oy', 'acme'],
  ['Acme AB', 'acme'],
  ['Acme Ltda', 'acme'],
  ['Acme S.A. de C.V.', 'acme'],
  ['Acme S. de R.L. de C.V.', 'acme'],
  ['Acme Pty Ltd', 'acme'],
  ['Acme Sdn Bhd', 'acme'],
  ['PT Acme Tbk', 'acme'],
  ['Acme s.r.o.', 'acme'],
  ['Acme d.o.o.', 'acme'],
  ['Acme B.V.', 'acme'],
  ['Acme UG (haftungsbeschränkt)', 'acme'],
  ['Acme A.Ş.', 'acme'],
  ['Limited', 'limited'],
])('%s is called %s', (name, expected) => {
  expect(companyWords(name).join(' ')).toBe(expected);
});

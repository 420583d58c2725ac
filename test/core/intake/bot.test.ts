import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineReason } from '../../../src/core/intake/bot.ts';
import {
  CLICKED_AT_ONCE,
  CLICKED_BEFORE,
  classifyBurst,
  LINKS_AT_ONCE,
  OPENED_AT_ONCE,
  OPENED_BEFORE,
  PAGES_AT_ONCE,
  REACH_MS,
  type Stroke,
} from '../../../src/core/intake/burst.ts';
import { isSameMail } from '../../../src/core/intake/mail.ts';
import { networkFinder } from '../../../src/core/intake/network.ts';
import { mailGatewayOf } from '../../../src/loop/intake/mailnetwork.ts';

/** What people's browsers and mail programs call themselves. */
const PEOPLE = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.70',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 40) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 12; Pixel 6 Build/SP2A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/96.0.4664.104 Mobile Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0.3495.11',
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/485.1.0;FBBV/658190264;FBDV/iPhone14,5]',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 LinkedInApp/9.30.1234',
  'Outlook-iOS/723.4027091.prod.iphone (3.24.1)',
  'Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 Outlook-Android/4.2402.0',
  'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17628; Pro)',
  'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; Microsoft Outlook 16.0.5134)',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Thunderbird/115.12.2',
  'Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A.220624.014)',
  'okhttp/4.12.0',
  'MyShop/3.2 CFNetwork/1494.0.7 Darwin/23.4.0',
];

const MACHINES = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)',
  'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)',
  'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
  'Screaming Frog SEO Spider/20.2',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'WhatsApp/2.23.20.0',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5',
  'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
  'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0 Safari/537.36 StatusCake',
  'python-requests/2.32.3',
  'Python/3.11 aiohttp/3.9.5',
  'python-httpx/0.27.0',
  'curl/8.5.0',
  'Wget/1.21.4',
  'Go-http-client/2.0',
  'Java/17.0.9',
  'Apache-HttpClient/4.5.14 (Java/17.0.9)',
  'axios/1.7.7',
  'PostmanRuntime/7.42.0',
  'GuzzleHttp/7',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  'BarracudaCentral/1.0',
  'Mimecast URL Protect',
  'Proofpoint URL Defense',
  'Microsoft SafeLinks',
  'Mozilla/5.0 (compatible; TrendMicro Link Scanner)',
];

const named = (name: string, userAgent: string, more: object = {}) =>
  machineReason({ name, properties: {}, context: { userAgent, ...more } });

describe('an event alone', () => {
  test.each(PEOPLE)('is a person’s by %s', userAgent => {
    for (const name of ['page', 'Demo Requested', 'Email Opened', 'Email Link Clicked'])
      expect(named(name, userAgent)).toBeNull();
  });

  test.each(MACHINES)('is a machine’s by %s', userAgent => {
    expect(named('page', userAgent)).toBe(`user agent of a program: ${userAgent.slice(0, 120)}`);
  });

  test('is told by the bare name of Apple’s proxy and a headless browser only where it is about a mail', () => {
    const headless =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36';
    for (const userAgent of ['Mozilla/5.0', headless]) {
      expect(named('page', userAgent)).toBeNull();
      expect(named('Order Completed', userAgent)).toBeNull();
      expect(named(' email OPENED ', userAgent)).not.toBeNull();
      expect(named('Email Link Clicked', userAgent)).not.toBeNull();
    }
  });

  test.each([
    [{ honeypot: true }, {}],
    [{ url: 'https://acme.com/baton-trap' }, {}],
    [{ path: '/a/baton-trap/b' }, {}],
    [{ link_url: 'https://acme.com/?x=baton-trap' }, {}],
    [{ url: 'https://acme.com/#baton-trap' }, {}],
    [{}, { page: { url: 'https://acme.com/baton-trap' } }],
  ])('is a machine’s when it followed what people do not see: %j %j', (properties, context) => {
    expect(machineReason({ name: 'page', properties, context })).toBe(
      'followed a link that people do not see',
    );
  });

  test.each([
    { honeypot: false },
    { honeypot: 'true' },
    { title: 'How baton-trap works' },
    { referrer: 'https://acme.com/baton-trap' },
    null,
    'baton-trap',
    { url: { toString: 'baton-trap' } },
  ])('is a person’s when it only speaks of one: %j', properties => {
    expect(machineReason({ name: 'page', properties, context: {} })).toBeNull();
  });

  test('whatever it holds, it never causes an error', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), fc.anything(), (name, properties, context) => {
        const reason = machineReason({ name, properties, context });
        return reason === null || reason.length < 200;
      }),
    );
  });
});

describe('networks', () => {
  test.each([
    ['64.235.144.0', 'Barracuda'],
    ['64.235.159.255', 'Barracuda'],
    ['64.235.160.0', null],
    ['64.235.143.255', null],
    ['40.93.255.255', 'Microsoft'],
    ['40.94.0.0', null],
    ['::ffff:67.231.152.7', 'Proofpoint'],
    [' 207.211.30.9 ', 'Mimecast'],
    ['2001:db8::1', null],
    ['', null],
    ['67.231.152', null],
    ['67.231.152.256', null],
    ['67.231.152.7.1', null],
    ['127.0.0.1', null],
  ])('of mail gateways: %s is of %s', (address, owner) => {
    expect(mailGatewayOf(address)).toBe(owner);
  });

  test('a block is read by its bits, and one that cannot be read is left out', () => {
    const of = (block: string) => networkFinder([{ owner: 'x', blocks: [block] }]);
    expect(of('10.1.2.3/8')('10.255.0.1')).toBe('x');
    expect(of('10.1.2.3/32')('10.1.2.3')).toBe('x');
    expect(of('10.1.2.3/32')('10.1.2.4')).toBeNull();
    expect(of('0.0.0.0/0')('9.9.9.9')).toBe('x');
    for (const block of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', 'x/8', ''])
      expect(of(block)('10.0.0.0')).toBeNull();
  });
});

const stroke = (id: number, seconds: number, nameKey: string, more: Partial<Stroke> = {}): Stroke => ({
  id,
  at: Math.round(seconds * 1000),
  nameKey,
  properties: {},
  context: {},
  machine: null,
  isSettled: false,
  ...more,
});
const sent = (id: number, seconds: number, properties: object = {}) =>
  stroke(id, seconds, 'email sent', { properties });
const delivered = (id: number, seconds: number, properties: object = {}) =>
  stroke(id, seconds, 'email delivered', { properties });
const opened = (id: number, seconds: number, properties: object = {}) =>
  stroke(id, seconds, 'email opened', { properties });
const clicked = (id: number, seconds: number, properties: object = {}) =>
  stroke(id, seconds, 'email link clicked', { properties });
const links = (...seconds: readonly number[]) =>
  seconds.map((at, index) => clicked(index, at, { link_url: `/${index}` }));
const pages = (count: number, step: number) =>
  Array.from({ length: count }, (_, index) => stroke(index, 100 + index * step, 'page'));
const found = (...strokes: readonly Stroke[]) => classifyBurst(strokes).map(({ id, reason }) => [id, reason]);

describe('the pace of a contact', () => {
  test.each([
    ['an open at once', [delivered(1, 0), opened(2, 2)], [[2, OPENED_AT_ONCE]]],
    ['an open a person can do', [delivered(1, 0), opened(2, 5)], []],
    ['a click at once', [sent(1, 0), clicked(2, 9.999)], [[2, CLICKED_AT_ONCE]]],
    ['a click a person can do', [sent(1, 0), clicked(2, 10)], []],
    ['an open before the delivery', [sent(1, 0), opened(2, 20), delivered(3, 40)], [[2, OPENED_BEFORE]]],
    ['a click before the delivery', [sent(1, 0), clicked(2, 20), delivered(3, 40)], [[2, CLICKED_BEFORE]]],
    [
      'an open while the delivery takes longer than a minute',
      [sent(1, 0), opened(2, 20), delivered(3, 61)],
      [],
    ],
    ['an open of yesterday’s mail as today’s comes', [opened(1, 0), delivered(2, 20)], []],
    ['an open of another mail', [delivered(1, 0, { email_id: 'a' }), opened(2, 2, { email_id: 'b' })], []],
    [
      'an open of another campaign',
      [delivered(1, 0, { campaign_id: 'a' }), opened(2, 2, { campaignId: 'b' })],
      [],
    ],
    [
      'an open that does not say of which mail',
      [delivered(1, 0, { email_id: 'a' }), opened(2, 2)],
      [[2, OPENED_AT_ONCE]],
    ],
    ['what somebody said is a person’s', [delivered(1, 0), { ...opened(2, 2), isSettled: true }], []],
    ['what is a machine’s already', [delivered(1, 0), { ...opened(2, 2), machine: 'x' }], []],
    ['three links at once', links(0, 1, 2), []],
    ['four links at once', links(0, 1, 2, 2.9), [0, 1, 2, 3].map(id => [id, LINKS_AT_ONCE])],
    ['four links in three seconds', links(0, 1, 2, 3), []],
    ['one link four times', [0, 1, 2, 3].map(id => clicked(id, id / 2, { link_url: '/a' })), []],
    ['clicks that do not say on what', [0, 1, 2, 3].map(id => clicked(id, id / 2)), []],
    ['eleven pages at once', pages(11, 0.1), []],
    ['twelve pages at once', pages(12, 0.1), pages(12, 0.1).map(({ id }) => [id, PAGES_AT_ONCE])],
    ['twelve pages in four seconds', pages(12, 0.35), []],
  ] as const)('%s', (_, strokes, expected) => {
    expect(found(...strokes)).toEqual(expected);
  });

  test('counts what is a machine’s already towards a burst', () => {
    const three = links(0, 1, 2).map(one => ({ ...one, machine: 'before' }));
    expect(found(...three, clicked(9, 2.5, { link_url: '/9' }))).toEqual([[9, LINKS_AT_ONCE]]);
  });

  test('is told whichever of the events comes last, from the minute around it', () => {
    const events = [sent(1, 0), opened(2, 30), delivered(3, 60)];
    for (const last of events) {
      const near = events.filter(({ at }) => Math.abs(at - last.at) <= REACH_MS);
      expect(found(...near)).toEqual([[2, OPENED_BEFORE]]);
    }
  });

  const anyStroke = fc.record({
    name: fc.constantFrom(
      'email sent',
      'email delivered',
      'email opened',
      'email link clicked',
      'page',
      'demo',
    ),
    at: fc.integer({ min: 0, max: 30_000 }),
    link: fc.integer({ min: 0, max: 5 }),
    mail: fc.constantFrom('a', 'b', undefined),
  });
  const anyBurst = fc
    .array(anyStroke, { maxLength: 40 })
    .map(list =>
      list.map(({ name, at, link, mail }, id) =>
        stroke(id, at / 1000, name, { properties: { link_url: `/${link}`, email_id: mail } }),
      ),
    );

  test('does not depend on the order in which events come', () => {
    fc.assert(
      fc.property(
        anyBurst.chain(list =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(classifyBurst(shuffled)).toEqual(classifyBurst(list));
        },
      ),
    );
  });

  test('never takes a class back as more becomes known, and says nothing of other events', () => {
    fc.assert(
      fc.property(anyBurst, anyBurst, (list, more) => {
        const before = classifyBurst(list).map(({ id }) => id);
        const after = classifyBurst([...list, ...more.map(one => ({ ...one, id: one.id + 1000 }))]);
        const ids = new Set(after.map(({ id }) => id));
        expect(before.filter(id => !ids.has(id))).toEqual([]);
        const names = new Set(['email opened', 'email link clicked', 'page']);
        for (const id of before) expect(names).toContain(list[id]?.nameKey);
      }),
    );
  });

  test('two events are of the same mail unless both say which and differ', () => {
    const of = (properties: object, context: object = {}) => ({ properties, context });
    expect(isSameMail(of({}), of({}))).toBe(true);
    expect(isSameMail(of({ messageId: 'a' }), of({ email_id: 'a' }))).toBe(true);
    expect(isSameMail(of({ email_id: 'a', campaign_id: 'x' }), of({ email_id: 'a', campaign_id: 'y' }))).toBe(
      false,
    );
    expect(isSameMail(of({}, { campaign: { name: 'May' } }), of({ campaign_name: 'June' }))).toBe(false);
  });
});

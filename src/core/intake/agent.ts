/**
 * Words in a user agent that programs use of themselves; people's browsers have none of them. Cubot makes telephones.
 * Named besides are programs that call themselves by no such word: search engines, previews in chats, monitors, what
 * audits sites, clients of programming languages, and gateways that look through mail.
 */
const PROGRAMS = new RegExp(
  [
    ...['(?<!cu)bots?\\b', 'crawler', 'spider', 'preview', 'monitor', 'scanner', 'fetcher'],
    ...['slurp', 'mediapartners-google', 'apis-google', 'adsbot', 'google-inspectiontool', 'googleother'],
    ...[
      'facebookexternalhit',
      'meta-externalagent',
      '^whatsapp/',
      'skypeuripreview',
      'embedly',
      'quora link',
    ],
    ...['pingdom', 'statuscake', 'uptimerobot', 'site24x7', 'newrelicpinger', 'datadogsynthetics', 'checkly'],
    ...['gtmetrix', 'lighthouse', 'pagespeed', 'ptst/', 'screaming frog', 'httrack', 'heritrix', 'nutch'],
    ...['phantomjs', 'python-requests', 'python-urllib', 'python-httpx', 'aiohttp', '^python/', 'scrapy'],
    ...['\\bcurl/', '\\bwget/', 'go-http-client', 'libwww-perl', 'lwp::', '^java/', 'apache-httpclient'],
    ...[
      '^ruby',
      'faraday',
      'guzzlehttp',
      '^php/',
      'node-fetch',
      '^axios/',
      '^undici',
      '^got ',
      'postmanruntime',
    ],
    ...[
      'insomnia/',
      'powershell',
      'winhttp',
      'nmap scripting',
      'nikto',
      'sqlmap',
      'zgrab',
      'masscan',
      'censys',
    ],
    ...['link-?checker', 'link-scanner', 'safelinks', 'mimecast', 'barracuda', 'proofpoint', 'urldefense'],
    ...[
      'messagelabs',
      'fireeye',
      'trendmicro',
      'trend micro',
      'ironport',
      'sophos',
      'forcepoint',
      'symantec',
    ],
    ...['googleimageproxy', 'yahoomailproxy', 'ymailnorrisproxy', 'outlook-safelink', 'bingpreview'],
  ].join('|'),
  'i',
);

/**
 * What stands for a program only where a mail is opened or a link of it followed: a headless browser else is a team that
 * checks its own tracking. The bare "Mozilla/5.0" is Apple's proxy, which opens every mail.
 */
const MAIL_PROGRAMS = /headlesschrome|^mozilla\/5\.0$/i;

/** What was found of user agents: they come again and again, and the look takes some microseconds. */
const known = new Map<string, boolean>();
/** The longest that is kept, and how many: a megabyte at most. */
const KEPT_LENGTH = 250;
const KEPT = 2000;

/**
 * Whether a user agent is a program's; `isMail` says that it opened a mail or followed a link of one.
 *
 * @example isProgram('curl/8.5.0', { isMail: false }) // true
 * @example isProgram('Mozilla/5.0', { isMail: true }) // true
 */
export function isProgram(userAgent: string, { isMail }: { readonly isMail: boolean }): boolean {
  const text = userAgent.trim();
  return isKnownProgram(text) || (isMail && MAIL_PROGRAMS.test(text));
}

function isKnownProgram(text: string): boolean {
  const found = known.get(text);
  if (found !== undefined) return found;
  const isOne = PROGRAMS.test(text);
  if (text.length > KEPT_LENGTH) return isOne;
  if (known.size >= KEPT) known.clear();
  known.set(text, isOne);
  return isOne;
}

/** Free-form values by name. */
type Values = Readonly<Record<string, unknown>>;

/** A call as the intake takes it. */
interface Call {
  readonly messageId: string;
  readonly [name: string]: unknown;
}

/** What is kept of a visitor from page to page. */
interface Visitor {
  readonly anonymousId: string;
  readonly userId?: string | undefined;
  readonly email?: string | undefined;
}

/** The names under which browser storage and cookies keep things. */
const CALLS_KEY = 'baton_calls';
const VISITOR_KEY = 'baton_visitor';
/** How long a visitor is known, in seconds: a year. */
const VISITOR_SECONDS = 365 * 24 * 3600;
/** The most calls that wait in a browser, and that go into one request: a request that outlives its page has 64 KB at most. */
const MOST_CALLS = 100;
const BATCH_CALLS = 20;
/** The first wait after a failed request and the longest, in milliseconds; each failure doubles it. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What of a form is read, by the names that fields have, in small letters only; everything else stays in the page. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'emailaddress', 'workemail', 'businessemail', 'mail'],
  firstName: ['firstname', 'fname', 'givenname', 'forename'],
  lastName: ['lastname', 'lname', 'surname', 'familyname'],
  name: ['name', 'fullname', 'yourname'],
  title: ['title', 'jobtitle', 'position', 'organizationtitle'],
  phone: ['phone', 'tel', 'phonenumber', 'telephone', 'mobile'],
  country: ['country', 'countryname'],
  company: ['company', 'companyname', 'organization', 'organisation'],
};

/** Begins to report what a visitor does, as the script's own element says: `data-write-key`, and `data-consent="ask"`. */
function start(): void {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement)) return;
  const { writeKey = '', consent } = script.dataset;
  if (writeKey === '') return void console.warn('baton.js: data-write-key is missing');
  const sender = makeSender({ url: `${new URL(script.src).origin}/v1/batch`, writeKey });
  const early: unknown = Reflect.get(window, 'baton');
  let mayKeep = consent !== 'ask';
  let held: (() => void)[] = [];
  const run = (deed: () => void) => void (mayKeep ? deed() : held.push(deed));
  const client = {
    page: (name?: string, properties: Values = {}) =>
      run(() => {
        const call = { type: 'page', properties: { ...pageOf(), ...properties } };
        sender.send(name === undefined ? call : { ...call, name });
      }),
    track: (event: string, properties: Values = {}) =>
      run(() => sender.send({ type: 'track', event, properties })),
    identify: (who: string | Values, more: Values = {}) =>
      run(() => {
        const traits = typeof who === 'string' ? more : who;
        know(typeof who === 'string' ? who : undefined, traits);
        sender.send({ type: 'identify', traits });
      }),
    reset: () => run(() => keepVisitor({ anonymousId: newId() })),
    consent: () => {
      mayKeep = true;
      for (const deed of held) deed();
      held = [];
    },
    push: (...calls: readonly unknown[]) => {
      for (const call of calls) if (Array.isArray(call)) pass(call);
    },
  };
  const pass = ([name, ...given]: readonly unknown[]) => {
    const deed: unknown = typeof name === 'string' ? Reflect.get(client, name) : undefined;
    if (typeof deed === 'function' && name !== 'push') deed(...given);
  };
  Object.assign(window, { baton: client });
  client.page();
  if (Array.isArray(early)) client.push(...early);
  document.addEventListener('submit', ({ target }) => {
    const event = target instanceof HTMLFormElement ? target.dataset.batonEvent : undefined;
    if (!(target instanceof HTMLFormElement) || event === undefined) return;
    const traits = traitsIn(target);
    if (Object.keys(traits).length > 0) client.identify(traits);
    client.track(event);
  });
}

/** What somebody has written into a form of themselves. */
function traitsIn(form: HTMLFormElement): Values {
  const traits: Record<string, unknown> = {};
  for (const field of form.elements) {
    const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (!isField || field.type === 'password' || field.type === 'hidden' || field.value.trim() === '')
      continue;
    if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) continue;
    const names = [
      field.type === 'email' || field.type === 'tel' ? field.type : '',
      field.autocomplete,
      field.name,
      field.id,
    ];
    const known = names
      .map(name => name.toLowerCase().replace(/[^a-z]/g, ''))
      .map(traitOf)
      .find(name => name !== undefined);
    if (known === undefined || traits[known] !== undefined) continue;
    traits[known] = known === 'company' ? { name: field.value.trim() } : field.value.trim();
  }
  return traits;
}

function traitOf(name: string): string | undefined {
  return Object.keys(FIELDS).find(trait => FIELDS[trait]?.includes(name));
}

/** Sends calls in order; what cannot be sent waits in the browser, also for the next page. A call that comes twice counts once. */
function makeSender({ url, writeKey }: { readonly url: string; readonly writeKey: string }) {
  let waiting: readonly Call[] = storedCalls();
  let isSending = false;
  let waitMs = FIRST_WAIT_MS;
  const bodyOf = (batch: readonly Call[]) =>
    JSON.stringify({ writeKey, batch, sentAt: new Date().toISOString() });
  const keep = () => write(CALLS_KEY, JSON.stringify(waiting));
  const flush = async () => {
    if (isSending || waiting.length === 0) return;
    isSending = true;
    const batch = waiting.slice(0, BATCH_CALLS);
    const status = await post(url, bodyOf(batch));
    isSending = false;
    if (status === 0 || status === 429 || status >= 500) {
      setTimeout(() => void flush(), waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs);
      return;
    }
    if (status >= 400)
      console.warn(`baton.js: Baton refused the calls with ${status}; is the write key right?`);
    waitMs = FIRST_WAIT_MS;
    waiting = waiting.filter(call => !batch.includes(call));
    keep();
    await flush();
  };
  // The last chance before the page goes: what is on its way already is known by its id and counts once.
  addEventListener('pagehide', () => {
    if (waiting.length > 0) navigator.sendBeacon(url, bodyOf(waiting.slice(0, BATCH_CALLS)));
  });
  void flush();
  return {
    send: (call: Values) => {
      const { anonymousId, userId } = visitor();
      const whole = {
        ...call,
        messageId: newId(),
        timestamp: new Date().toISOString(),
        anonymousId,
        ...(userId === undefined ? {} : { userId }),
        context: contextOf(),
      };
      waiting = [...waiting, whole].slice(-MOST_CALLS);
      keep();
      void flush();
    },
  };
}

/** Posts text and returns the status of the answer; 0 where there is none. Plain text needs no leave of the server first. */
async function post(url: string, body: string): Promise<number> {
  try {
    const headers = { 'content-type': 'text/plain' };
    const answer = await fetch(url, { method: 'POST', body, headers, keepalive: true, credentials: 'omit' });
    return answer.status;
  } catch {
    return 0;
  }
}

function storedCalls(): readonly Call[] {
  const stored: unknown = parse(read(CALLS_KEY));
  return Array.isArray(stored) ? stored.filter(isCall) : [];
}

function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'messageId' in value;
}

/** The visitor of this page, who stays the same where nothing can be kept. */
let current: Visitor | null = null;

function visitor(): Visitor {
  current ??= storedVisitor();
  if (current === null) keepVisitor({ anonymousId: newId() });
  return current ?? { anonymousId: newId() };
}

function storedVisitor(): Visitor | null {
  const cookies = document.cookie.split(';').map(text => text.trim());
  const cookie = cookies.find(text => text.startsWith(VISITOR_KEY))?.slice(VISITOR_KEY.length + 1);
  const stored: unknown = parse(cookie === undefined ? read(VISITOR_KEY) : decodeURIComponent(cookie));
  if (typeof stored !== 'object' || stored === null) return null;
  const textAt = (name: string): string | undefined => {
    const value: unknown = Reflect.get(stored, name);
    return typeof value === 'string' ? value : undefined;
  };
  const anonymousId = textAt('anonymousId');
  return anonymousId === undefined ? null : { anonymousId, userId: textAt('userId'), email: textAt('email') };
}

function keepVisitor(next: Visitor): void {
  current = next;
  const text = JSON.stringify(next);
  write(VISITOR_KEY, text);
  const secure = location.protocol === 'https:' ? '; secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${VISITOR_KEY}=${encodeURIComponent(text)}; path=/; max-age=${VISITOR_SECONDS}; samesite=lax${secure}`;
}

/** Takes note of who says they are here. Another person at the same browser is another visitor, or two would become one. */
function know(userId: string | undefined, traits: Values): void {
  const before = visitor();
  const email = typeof traits.email === 'string' ? traits.email.trim().toLowerCase() : undefined;
  const isOther =
    (email !== undefined && before.email !== undefined && email !== before.email) ||
    (userId !== undefined && before.userId !== undefined && userId !== before.userId);
  const base: Visitor = isOther ? { anonymousId: newId() } : before;
  keepVisitor({ ...base, userId: userId ?? base.userId, email: email ?? base.email });
}

function pageOf(): Values {
  const { href: url, pathname: path, search } = location;
  return { url, path, search, title: document.title, referrer: document.referrer };
}

function contextOf(): Values {
  const query = new URLSearchParams(location.search);
  const campaign = Object.fromEntries(
    ['source', 'medium', 'campaign', 'term', 'content'].flatMap(part => {
      const value = query.get(`utm_${part}`);
      return value === null ? [] : [[part === 'campaign' ? 'name' : part, value]];
    }),
  );
  return {
    page: pageOf(),
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    library: { name: 'baton.js', version: '1' },
    ...(Object.keys(campaign).length === 0 ? {} : { campaign }),
  };
}

/** A random id; `randomUUID` itself is missing on pages without https. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Storage may be switched off; then what waits is lost with the page. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // Nothing is kept.
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

start();

import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { FastifyInstance, RequestPayload } from 'fastify';
import { listed } from '../../core/text/number.ts';
import { oneLine } from '../../core/text/safe.ts';
import { AppError } from '../../loop/error.ts';

const unpackBrotli = promisify(brotliDecompress);
const unpackGzip = promisify(gunzip);
const unpackZlib = promisify(inflate);
const unpackRaw = promisify(inflateRaw);

/** The content encodings that are understood. */
const ENCODINGS = ['gzip', 'deflate', 'br', 'identity'] as const;
type Encoding = Exclude<(typeof ENCODINGS)[number], 'identity'>;

/** How often a body may be packed: a client and a proxy each once. */
const MAX_LAYERS = 2;

/** Whether a request says that its body is packed. */
export function isPacked({
  headers,
}: {
  readonly headers: { readonly 'content-encoding'?: string | undefined };
}): boolean {
  return namesIn(headers['content-encoding']).length > 0;
}

/**
 * Unpacks the bodies of this scope as their `content-encoding` says, before they are parsed. A body, packed or not, has
 * `mostBytes` at most: unpacking stops there, so that a small body cannot fill the memory.
 */
export function unpackBodies(server: FastifyInstance, { mostBytes }: { readonly mostBytes: number }): void {
  server.addHook('preParsing', async (request, reply, payload) => {
    if (!isPacked(request)) return payload;
    const length = request.headers['content-length'];
    const isEmpty =
      length === '0' || (length === undefined && request.headers['transfer-encoding'] === undefined);
    if (isEmpty) return payload;
    try {
      const encodings = encodingsIn(request.headers['content-encoding']);
      const packed = await readAll(payload, { mostBytes, length: Number(length ?? 0) });
      let bytes = packed;
      // The header names them in the order in which they were applied.
      for (const encoding of [...encodings].reverse()) bytes = await unpack(bytes, encoding, mostBytes);
      return Object.assign(Readable.from(bytes.length === 0 ? [] : [bytes]), {
        receivedEncodedLength: packed.length,
      });
    } catch (error) {
      // The rest of the body may still be on its way.
      reply.header('connection', 'close');
      throw error;
    }
  });
}

function namesIn(header: string | undefined): readonly string[] {
  const names = (header ?? '').split(',').map(name => name.trim().toLowerCase());
  return names.filter(name => name !== '' && name !== 'identity');
}

function encodingsIn(header: string | undefined): readonly Encoding[] {
  const names = namesIn(header);
  const known = names.flatMap((name): readonly Encoding[] => {
    const encoding = ENCODINGS.find(one => one === name.replace(/^x-(?=gzip$)/, ''));
    return encoding === undefined || encoding === 'identity' ? [] : [encoding];
  });
  if (known.length === names.length && known.length <= MAX_LAYERS) return known;
  const said = oneLine(header ?? '', 60);
  throw new AppError(
    'notUnderstood',
    `The content-encoding "${said}" is not understood; expected ${listed(ENCODINGS, 'or')}, at most ${MAX_LAYERS} of them.`,
  );
}

async function readAll(
  payload: RequestPayload,
  { mostBytes, length }: { readonly mostBytes: number; readonly length: number },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = length > mostBytes ? length : 0;
  try {
    if (bytes === 0) {
      // The connection stays open for the answer.
      for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
        const part = Buffer.from(chunk);
        bytes += part.length;
        if (bytes > mostBytes) break;
        chunks.push(part);
      }
    }
  } catch (cause) {
    throw new AppError('malformed', 'The body ended before its time.', { cause });
  }
  if (bytes > mostBytes) throw tooLarge(mostBytes);
  return Buffer.concat(chunks);
}

async function unpack(bytes: Buffer, encoding: Encoding, mostBytes: number): Promise<Buffer> {
  const limits = { maxOutputLength: mostBytes };
  try {
    if (encoding === 'br') return await unpackBrotli(bytes, limits);
    if (encoding === 'gzip') return await unpackGzip(bytes, limits);
    return await (isZlib(bytes) ? unpackZlib(bytes, limits) : unpackRaw(bytes, limits));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(mostBytes);
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The body is not ${encoding}, as its content-encoding says: ${oneLine(why, 100)}.`;
    throw new AppError('malformed', message, { cause });
  }
}

/** Whether data begins with the header of RFC 1950, which "deflate" stands for; some clients leave it out. */
function isZlib(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

function tooLarge(mostBytes: number): AppError {
  return new AppError(
    'tooLarge',
    `The body is too large; expected at most ${mostBytes} bytes when it is unpacked.`,
  );
}

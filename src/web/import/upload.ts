import { call } from '../client/client.ts';

/** The largest file that is sent, in bytes. */
export const MAX_BYTES = 64 * 1024 * 1024;

/** A file that was sent. */
export interface SentFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** Sends a file in parts; `report` hears the share that has arrived, from 0 to 1. */
export async function sendFile(
  file: File,
  report: (share: number) => void,
  signal: AbortSignal,
): Promise<SentFile> {
  const { name, size: bytes } = file;
  const { id, parts, partBytes } = await call('beginUpload', { body: { name, bytes } }, signal);
  for (let part = 0; part < parts; part += 1) {
    const data = await base64(file.slice(part * partBytes, (part + 1) * partBytes));
    await call('sendPart', { params: { id, part }, body: { data } }, signal);
    report((part + 1) / parts);
  }
  return { id, name, bytes };
}

async function base64(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = '';
  // In pieces: a call takes a bounded number of arguments.
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}

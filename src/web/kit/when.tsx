import { momentWords, relativeWords } from '../words/time.ts';
import { useNow } from './clock.ts';

/** An instant in words relative to now, with the exact time as its title. */
export function When({ at }: { readonly at: string }) {
  const ms = Date.parse(at);
  const now = useNow(ms);
  return (
    <time dateTime={at} title={momentWords(ms)}>
      {relativeWords(ms, now)}
    </time>
  );
}

/** An instant written out in the viewer's zone. */
export function Moment({ at }: { readonly at: string }) {
  return <time dateTime={at}>{momentWords(Date.parse(at))}</time>;
}

import type { Key } from '../../contract/api/administration.ts';

interface Opened {
  readonly secret: string;
  readonly origin: string;
}

/** The script element that a website needs, and no more: it reports each page that is seen. */
export function websiteScript({ secret, origin }: Opened): string {
  return `<script async src="${origin}/v1/baton.js" data-write-key="${secret}"></script>`;
}

/** How a form names the event that sending it is; Baton then reads who it was from the fields. */
export const FORM_SNIPPET = '<form data-baton-event="Demo Requested"> … </form>';

/** The same from the code of a page. */
export const CODE_SNIPPET = [
  "baton.identify({ email: 'ana@northwind.example', firstName: 'Ana', company: { name: 'Northwind' } });",
  "baton.track('Demo Requested', { form: 'header' });",
].join('\n');

/** How to send a first call with a new key: what it is, and the text to paste. */
export function firstCall(of: Opened & { readonly kind: Key['kind'] }): {
  readonly words: string;
  readonly text: string;
} {
  const { kind, secret, origin } = of;
  switch (kind) {
    case 'server':
      return {
        words: 'Send a first call from a terminal',
        text: [
          `curl ${origin}/v1/identify -u '${secret}:' -H 'content-type: application/json' \\`,
          `  -d '{"userId":"u1","traits":{"email":"ana@northwind.example","firstName":"Ana","title":"Head of Finance"}}'`,
          '',
          `curl ${origin}/v1/track -u '${secret}:' -H 'content-type: application/json' \\`,
          `  -d '{"userId":"u1","event":"Demo Requested","properties":{"form":"header"}}'`,
        ].join('\n'),
      };
    case 'public':
      return {
        words: 'Paste this into every page of your website, before </head>',
        text: `${websiteScript(of)}\n\n<!-- A form that asks for something: Baton reads name, e-mail and company from its fields. -->\n${FORM_SNIPPET}`,
      };
    case 'api':
      return {
        words: 'Ask for the queue from a terminal',
        text: `curl ${origin}/api/queue -H 'authorization: Bearer ${secret}'`,
      };
  }
}

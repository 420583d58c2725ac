import type { Key } from '../../contract/api/administration.ts';

/** How to send a first call with a new key: what it is, and the text to paste. */
export function firstCall(of: {
  readonly kind: Key['kind'];
  readonly secret: string;
  readonly origin: string;
}): {
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
        words: 'Put it into your web site (npm install @segment/analytics-next)',
        text: [
          "import { AnalyticsBrowser } from '@segment/analytics-next';",
          '',
          `const analytics = AnalyticsBrowser.load({ writeKey: '${secret}', cdnURL: '${origin}' });`,
          'analytics.page();',
          "analytics.track('Demo Requested', { form: 'header' });",
        ].join('\n'),
      };
    case 'api':
      return {
        words: 'Ask for the queue from a terminal',
        text: `curl ${origin}/api/queue -H 'authorization: Bearer ${secret}'`,
      };
  }
}

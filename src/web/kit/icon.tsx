import type { ReactNode } from 'react';

/** The drawings, on a 24 × 24 grid, of strokes 1.75 wide. */
const PATHS = {
  queue: (
    <>
      <path d="M4 6h10M4 12h7M4 18h10" />
      <path d="m15 14 3 3 4-5" />
    </>
  ),
  contacts: (
    <>
      <circle cx="9" cy="8" r="3.5" />
      <path d="M2.5 20c.6-3.8 3.2-5.5 6.5-5.5s5.9 1.7 6.5 5.5M16 4.8a3.5 3.5 0 0 1 0 6.4M18.5 15c1.7.8 2.7 2.5 3 5" />
    </>
  ),
  report: <path d="M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6" />,
  agreement: (
    <>
      <path d="M6 3h8l4 4v14H6z" />
      <path d="M14 3v4h4M9 12h6M9 16h4" />
    </>
  ),
  settings: (
    <>
      <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="17" r="2" />
    </>
  ),
  team: (
    <>
      <circle cx="12" cy="7" r="3" />
      <circle cx="5" cy="16" r="2.2" />
      <circle cx="19" cy="16" r="2.2" />
      <path d="M12 10v3M12 13H5.5M12 13h6.5M12 13v4M8.5 20.5c.4-2 1.7-3.2 3.5-3.2s3.1 1.2 3.5 3.2" />
    </>
  ),
  upload: <path d="M12 15.5V4M7.5 8.5 12 4l4.5 4.5M4 15v5h16v-5" />,
  send: <path d="M20.5 3.5l-17 7 7 3 3 7zM10.5 13.5l10-10" />,
  more: <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth={2.6} />,
  search: (
    <>
      <circle cx="11" cy="11" r="6" />
      <path d="m20 20-4.5-4.5" />
    </>
  ),
  bell: <path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1" />
    </>
  ),
  moon: <path d="M19.5 14A8 8 0 0 1 10 4.5 8 8 0 1 0 19.5 14z" />,
  person: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.5 20.5c.8-4.2 3.7-6 7.5-6s6.7 1.8 7.5 6" />
    </>
  ),
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  cross: <path d="m6 6 12 12M18 6 6 18" />,
  pause: <path d="M9 5v14M15 5v14" />,
  phone: (
    <path d="M5 4h4l1.5 4.5L8 10.5a12 12 0 0 0 5.5 5.5l2-2.5L20 15v4a1.5 1.5 0 0 1-1.7 1.5A15.5 15.5 0 0 1 3.5 5.7 1.5 1.5 0 0 1 5 4z" />
  ),
  mail: (
    <>
      <rect x="3.5" y="5.5" width="17" height="13" rx="2" />
      <path d="m4 7 8 6 8-6" />
    </>
  ),
  meeting: (
    <>
      <rect x="4" y="5.5" width="16" height="15" rx="2" />
      <path d="M4 10h16M8.5 3.5v4M15.5 3.5v4" />
    </>
  ),
  message: <path d="M4 5.5h16v11h-8.5L7 20.5v-4H4z" />,
  note: <path d="M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4" />,
  undo: <path d="M8.5 5 4.5 9l4 4M4.5 9H14a5 5 0 0 1 0 10H9" />,
  swap: <path d="M7 4 3.5 7.5 7 11M3.5 7.5H17M17 13l3.5 3.5L17 20M20.5 16.5H7" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5l3.5 2" />
    </>
  ),
  event: <path d="M12.5 3 5 13.5h6L10.5 21 19 10h-6.5z" />,
  flag: <path d="M5.5 21V4h11l-2 4 2 4h-11" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="12" height="12" rx="2" />
      <path d="M15.5 5.5v-1a1 1 0 0 0-1-1h-10a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h1" />
    </>
  ),
  download: <path d="M12 4v11M7.5 11 12 15.5 16.5 11M4.5 20h15" />,
  keyboard: (
    <>
      <rect x="2.5" y="6" width="19" height="12" rx="2" />
      <path d="M6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8" />
    </>
  ),
  machine: (
    <>
      <rect x="5" y="8" width="14" height="11" rx="2" />
      <path d="M12 4v4M9.5 13h.01M14.5 13h.01M2.5 12.5v3M21.5 12.5v3" />
    </>
  ),
  warning: <path d="M12 4 2.5 20h19zM12 10v4.5M12 17.5h.01" />,
  plus: <path d="M12 5v14M5 12h14" />,
  view: <path d="M6.5 4h11v16.5L12 16l-5.5 4.5z" />,
  snooze: (
    <>
      <path d="M20 12a8 8 0 1 1-8-8M12 8v4l2.5 2" />
      <path d="M15.5 3.5h5l-5 5h5" />
    </>
  ),
  board: <path d="M4 4h16v16H4zM4 9h16M9.5 9v11M4 14.5h16" />,
  today: (
    <>
      <path d="M4 6h16v14H4zM4 10h16M8.5 3.5V7M15.5 3.5V7" />
      <path d="m9 15 2 2 4-4" />
    </>
  ),
  cold: <path d="M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9.5 4.5 12 7l2.5-2.5M9.5 19.5 12 17l2.5 2.5" />,
  nurture: (
    <path d="M12 20.5V11M12 13C7.5 13 5 10.5 5 6.5c4.5 0 7 2.5 7 6.5M12 11c0-4 2.5-6.5 7-6.5 0 4-2.5 6.5-7 6.5M7 20.5h10" />
  ),
  next: <path d="m9.5 6 6 6-6 6" />,
  up: <path d="m6 14.5 6-6 6 6" />,
  down: <path d="m6 9.5 6 6 6-6" />,
  merge: <path d="M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8M9.5 17.5 12 20l2.5-2.5" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** A small line drawing, silent to screen readers: the words beside it carry the meaning. `size` in pixels. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flexShrink: 0, display: 'block' }}
    >
      {PATHS[name]}
    </svg>
  );
}

/** The mark of Baton: a baton held aslant, banded in amber. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0f5c50" />
      <g transform="rotate(-45 16 16)">
        <rect x="4" y="12.5" width="24" height="7" rx="3.5" fill="#ffffff" />
        <path d="M12 12.5h8v7h-8z" fill="#f2a63a" />
      </g>
    </svg>
  );
}

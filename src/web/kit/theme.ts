import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const pine: MantineColorsTuple = [
  '#ecf8f5',
  '#d3eee7',
  '#a8dccf',
  '#78c8b5',
  '#4db49d',
  '#2c9c84',
  '#1a8570',
  '#126b5a',
  '#0f5c4e',
  '#0a453b',
];
const amber: MantineColorsTuple = [
  '#fff6e6',
  '#fdeaca',
  '#fad495',
  '#f6bc5d',
  '#f2a63a',
  '#df8d18',
  '#b9710c',
  '#945807',
  '#774604',
  '#573202',
];
const brick: MantineColorsTuple = [
  '#fdf0ee',
  '#fadcd8',
  '#f3b5ad',
  '#ea8c81',
  '#e1685b',
  '#d34b3d',
  '#bb3a2d',
  '#9c2e23',
  '#80251c',
  '#5d1a13',
];
const gray: MantineColorsTuple = [
  '#f7f9f9',
  '#eff2f2',
  '#e3e8e8',
  '#d3dadb',
  '#b6c0c1',
  '#92a0a2',
  '#6d7c7f',
  '#536164',
  '#3a4648',
  '#232c2e',
];
const dark: MantineColorsTuple = [
  '#d5dddd',
  '#b3bebf',
  '#8f9c9e',
  '#667476',
  '#435153',
  '#323e40',
  '#263032',
  '#1b2426',
  '#151c1e',
  '#0e1415',
];

/** What a cross is called: the library gives it no name, and “Close” is what buttons of dialogs are called. */
const CLOSE = { 'aria-label': 'Dismiss' } as const;

/** The look of Baton: deep green to act on, amber for what is due, brick for what is late or against. */
export const theme = createTheme({
  colors: { pine, amber, brick, gray, dark },
  primaryColor: 'pine',
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.3,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    Text: { defaultProps: { size: 'sm' } },
    Anchor: { defaultProps: { size: 'sm' } },
    // A table wider than its place is scrolled with the arrow keys too.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
    Table: { defaultProps: { verticalSpacing: 'xs', fz: 'sm' } },
    Badge: { defaultProps: { radius: 'sm', tt: 'none', fw: 600, miw: 'max-content' } },
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 320 } },
    Modal: {
      defaultProps: { closeButtonProps: CLOSE, centered: true, overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: { fontWeight: 650, lineHeight: 1.35 } },
    },
    Drawer: { defaultProps: { closeButtonProps: CLOSE }, styles: { title: { fontWeight: 650 } } },
    Notification: {
      defaultProps: { closeButtonProps: CLOSE },
      styles: { description: { color: 'var(--mantine-color-dimmed)' } },
    },
    Radio: { styles: { description: { lineHeight: 1.4 } } },
    Tabs: { defaultProps: { color: 'pine.5' } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
});

/** Darker (on light) and lighter (on dark) secondary text than Mantine's, so that it passes WCAG AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfcfc',
    '--mantine-color-text': '#1c2527',
    '--mantine-color-dimmed': '#56656a',
    '--mantine-color-placeholder': '#68777b',
    '--mantine-color-error': '#9c2e23',
    '--baton-surface': '#ffffff',
    '--baton-sunken': '#f3f6f6',
    '--baton-line': '#dfe5e5',
    '--baton-selected': '#e6f4f0',
    '--baton-good': '#126b5a',
    '--baton-bad': '#a83226',
    '--baton-bad-soft': '#fcebe8',
    '--baton-soon': '#8a5206',
    '--baton-notice': amber[1],
    '--baton-notice-text': amber[9],
  },
  dark: {
    ...tints({ pine, amber, brick, gray }),
    '--mantine-color-body': '#11181a',
    '--mantine-color-text': '#d9e1e1',
    '--mantine-color-dimmed': '#98a7a9',
    '--mantine-color-placeholder': '#8a999b',
    '--mantine-color-error': '#ea8c81',
    '--baton-surface': '#182022',
    '--baton-sunken': '#141b1d',
    '--baton-line': '#2b3638',
    '--baton-selected': '#17342f',
    '--baton-good': '#63c5af',
    '--baton-bad': '#f0a096',
    '--baton-bad-soft': '#3a211e',
    '--baton-soon': '#f2b65c',
    '--baton-notice': '#3a2c12',
    '--baton-notice-text': amber[2],
  },
});

/** Backgrounds and texts of light badges and buttons on dark pages, brighter than Mantine's. */
function tints(colors: Readonly<Record<string, MantineColorsTuple>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(colors).flatMap(([name, shades]) => [
      [`--mantine-color-${name}-light`, `color-mix(in srgb, ${shades[5]} 20%, transparent)`],
      [`--mantine-color-${name}-light-hover`, `color-mix(in srgb, ${shades[5]} 28%, transparent)`],
      [`--mantine-color-${name}-light-color`, shades[2]],
      [`--mantine-color-${name}-outline`, shades[4]],
    ]),
  );
}

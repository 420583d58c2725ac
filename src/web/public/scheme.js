// Runs before the first paint, so that a dark page does not flash white. The key is the one Mantine stores under.
const stored = localStorage.getItem('mantine-color-scheme-value');
const isDark =
  stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');

// Paper is white: a dark page is printed in the light colours.
const { documentElement: page } = document;
const attribute = 'data-mantine-color-scheme';
let onScreen = page.getAttribute(attribute);
addEventListener('beforeprint', () => {
  onScreen = page.getAttribute(attribute);
  page.setAttribute(attribute, 'light');
});
addEventListener('afterprint', () => page.setAttribute(attribute, onScreen ?? 'light'));

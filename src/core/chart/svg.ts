import { escapeHtml } from '../text/safe.ts';
import { type Drawing, type Ink, LETTER_PX, type Shape } from './drawing.ts';

/** Colours on white that colour-blind people tell apart, and that differ in lightness on a grey print. */
const COLORS: Readonly<Record<Ink, string>> = {
  first: '#146b57',
  second: '#b4552d',
  band: '#dcebe6',
  limit: '#8a6d00',
  mark: '#5b6bb5',
  grid: '#e3e8e5',
  text: '#1f2a26',
  faint: '#5c6964',
};

/**
 * Writes a drawing as SVG for paper: complete, without scripts, fonts or other resources; texts are escaped.
 *
 * @example svgOf({ title: 'A & B', width: 10, height: 10, shapes: [] }).includes('A &amp; B') // true
 */
export function svgOf({ title, width, height, shapes }: Drawing): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="${LETTER_PX}">`,
    `<title>${escapeHtml(title)}</title>`,
    ...shapes.map(elementOf),
    '</svg>',
  ].join('\n');
}

function elementOf(shape: Shape): string {
  const color = COLORS[shape.ink];
  switch (shape.kind) {
    case 'line': {
      const dash = shape.dash ? ' stroke-dasharray="4 4"' : '';
      const points = shape.points.map(place => place.map(px).join(',')).join(' ');
      return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="${shape.width}"${dash}/>`;
    }
    case 'rect': {
      // What only says something where a mouse rests on it has no place on paper.
      if (shape.ink === 'mark') return '';
      const { x, y, width, height } = shape;
      return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${color}"/>`;
    }
    case 'dot':
      return `<circle cx="${px(shape.x)}" cy="${px(shape.y)}" r="4.5" fill="${shape.hollow ? '#fff' : color}" stroke="${shape.hollow ? color : '#fff'}" stroke-width="2"/>`;
    case 'text':
      return `<text x="${px(shape.x)}" y="${px(shape.y)}" fill="${color}" text-anchor="${shape.anchor}">${escapeHtml(shape.text)}</text>`;
  }
}

/** A place or a length with at most one decimal. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

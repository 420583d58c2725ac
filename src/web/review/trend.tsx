import type { Ink, Shape } from '../../core/chart/drawing.ts';
import { drawTrend } from '../../core/review/page.ts';
import type { RateTrend } from '../../core/review/review.ts';
import css from './review.module.css';

/** How a rate went over the periods up to that of a review; the table beside it says the same. */
export function TrendView({ trend }: { readonly trend: RateTrend }) {
  const { title, width, height, shapes } = drawTrend(trend);
  return (
    <figure className={css.trend}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title} fontSize={12}>
        {shapes.map((shape, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a drawing is drawn as a whole
          <ShapeView key={index} shape={shape} />
        ))}
      </svg>
      <figcaption>
        {title}. The shaded band is what both sides agreed on; lines through the dots are 95% ranges; rings
        have few cases.
      </figcaption>
    </figure>
  );
}

const COLORS: Readonly<Record<Ink, string>> = {
  first: 'var(--baton-good)',
  second: 'var(--baton-bad)',
  band: 'color-mix(in srgb, var(--baton-good) 16%, transparent)',
  limit: 'var(--baton-soon)',
  mark: 'light-dark(#5b6bb5, #a9b4f0)',
  grid: 'var(--baton-line)',
  text: 'var(--mantine-color-text)',
  faint: 'var(--mantine-color-dimmed)',
};

function ShapeView({ shape }: { readonly shape: Shape }) {
  const color = COLORS[shape.ink];
  switch (shape.kind) {
    case 'line':
      return (
        <polyline
          points={shape.points.map(place => place.join(',')).join(' ')}
          style={{ stroke: color, fill: 'none' }}
          strokeWidth={shape.width}
          strokeDasharray={shape.dash ? '4 4' : undefined}
        />
      );
    case 'rect': {
      const { x, y, width, height, hint } = shape;
      // What marks a version is only there to be pointed at.
      const fill = shape.ink === 'mark' ? 'transparent' : color;
      return (
        <rect {...{ x, y, width, height }} style={{ fill }}>
          {hint === undefined ? null : <title>{hint}</title>}
        </rect>
      );
    }
    case 'dot':
      return (
        <circle
          cx={shape.x}
          cy={shape.y}
          r={4.5}
          strokeWidth={2}
          style={{
            fill: shape.hollow ? 'var(--baton-surface)' : color,
            stroke: shape.hollow ? color : 'var(--baton-surface)',
          }}
        >
          {shape.hint === undefined ? null : <title>{shape.hint}</title>}
        </circle>
      );
    case 'text':
      return (
        <text x={shape.x} y={shape.y} textAnchor={shape.anchor} style={{ fill: color }}>
          {shape.text}
        </text>
      );
  }
}

import { LineChart } from '@mantine/charts';
import { Box, Group, Text, VisuallyHidden } from '@mantine/core';
import { type PointerEvent, useId, useMemo, useState } from 'react';
import { figure } from '../../core/text/number.ts';
import type { Names } from '../agreement/version.ts';
import { dayWords, shortDayWords } from '../words/time.ts';
import { StepDetail } from './step.tsx';
import css from './trend.module.css';
import {
  type Axis,
  axisOf,
  type Course,
  chartRows,
  qualifiedSpans,
  stepIndexNear,
  stepWords,
  timeTicks,
} from './trendwords.ts';

/** What stands around the drawing, in pixels; the layer above it is laid out by the same figures. */
const EDGE = { left: 44, right: 12, top: 8, bottom: 28 } as const;
const HEIGHT = 250;
/** A pointer this near to steps means the largest of them, in pixels: small ones stand closer than a hand can point. */
const NEAR = 5;
const COLORS = ['amber.6', 'gray.6', 'brick.5', 'pine.3'] as const;
const DASHES = ['6 3', '2 3', '8 3 2 3', '4 4'] as const;

/** The total and each score as steps over time; the step pointed at, or walked to by arrow keys, is explained below. */
export function CourseChart(props: {
  readonly course: Course;
  readonly names: Names;
  /** When the contact was handed over, epoch ms. */
  readonly handoffs: readonly number[];
}) {
  const { course, names, handoffs } = props;
  const { steps } = course;
  const [chosen, setChosen] = useState<number | null>(null);
  const index = Math.min(chosen ?? steps.length - 1, steps.length - 1);
  const step = steps[index];
  const axis = useMemo(
    () =>
      axisOf(steps.flatMap(({ total, scores }) => (total === null ? [] : [total, ...Object.values(scores)]))),
    [steps],
  );
  // Walking the steps moves the layer above the drawing; the drawing itself stays as it is.
  const drawing = useMemo(
    () => <Drawing {...{ course, names, handoffs, axis }} />,
    [course, names, handoffs, axis],
  );
  if (step === undefined) return null;
  return (
    <Box>
      <div className={css.chart}>
        {drawing}
        <Walker {...{ course, axis, index }} onChoose={setChosen} />
      </div>
      <Legend course={course} names={names} isHandedOff={handoffsIn(course, handoffs).length > 0} />
      <StepDetail step={step} before={steps[index - 1]} names={names} isOnly={steps.length === 1} />
    </Box>
  );
}

function Drawing(props: {
  readonly course: Course;
  readonly names: Names;
  readonly handoffs: readonly number[];
  readonly axis: Axis;
}) {
  const { course, names, handoffs, axis } = props;
  const [from, to] = [Date.parse(course.from), Date.parse(course.to)];
  const isThisYear = new Date(from).getFullYear() === new Date().getFullYear();
  const inRange = handoffsIn(course, handoffs);
  return (
    <LineChart
      h={HEIGHT}
      aria-hidden="true"
      data={[...chartRows(course)]}
      dataKey="at"
      series={[...scoreSeries(course, names), { name: 'total', label: 'Total', color: 'pine.6' }]}
      curveType="stepAfter"
      connectNulls={false}
      withDots={false}
      withTooltip={false}
      gridAxis="x"
      tickLine="none"
      lineChartProps={{
        margin: { top: EDGE.top, right: EDGE.right, bottom: 0, left: 0 },
        accessibilityLayer: false,
      }}
      lineProps={({ name }) => ({ strokeWidth: name === 'total' ? 3 : 1.75, isAnimationActive: false })}
      yAxisProps={{ domain: [axis.low, axis.high], ticks: [...axis.ticks], width: EDGE.left, interval: 0 }}
      xAxisProps={{
        type: 'number',
        scale: 'time',
        domain: [from, to],
        ticks: [...timeTicks(from, to)],
        tickFormatter: isThisYear ? shortDayWords : dayWords,
        height: EDGE.bottom,
        interval: 'preserveStart',
        minTickGap: 14,
      }}
      valueFormatter={figure}
      referenceAreas={qualifiedSpans(course).map(span => ({
        x1: span.from,
        x2: span.to,
        color: 'pine.4',
        fillOpacity: 0.16,
      }))}
      referenceLines={inRange.map(x => ({
        x,
        color: 'brick.5',
        strokeDasharray: '4 3',
        strokeWidth: 1.5,
        ...(inRange.length > MOST_LABELS ? {} : { label: handoffLabel((x - from) / (to - from)) }),
      }))}
    />
  );
}

function handoffsIn({ from, to }: Course, handoffs: readonly number[]): readonly number[] {
  return handoffs.filter(at => at >= Date.parse(from) && at <= Date.parse(to));
}

/** With more handoffs than this in sight their labels would run into each other. */
const MOST_LABELS = 2;

/** The label of a handoff, on the side where there is room; `share` is how far right it stands, 0 to 1. */
function handoffLabel(share: number) {
  const position = share > 0.7 ? 'insideTopRight' : 'insideTopLeft';
  return { value: 'Handed over', position, fill: 'var(--mantine-color-dimmed)', fontSize: 11 } as const;
}

/** The lines of the single scores; one score alone is the total. */
function scoreSeries(course: Course, names: Names) {
  const ids = scoreIds(course, names);
  if (ids.length < 2) return [];
  return ids.map((id, place) => ({
    name: `scores.${id}`,
    label: names.score(id),
    color: COLORS[place % COLORS.length] ?? COLORS[0],
    strokeDasharray: DASHES[place % DASHES.length] ?? DASHES[0],
  }));
}

/** The scores that the course has, in the agreement's order. */
function scoreIds({ steps }: Course, names: Names): readonly string[] {
  const found = new Set(steps.flatMap(({ scores }) => Object.keys(scores)));
  return [...names.scores.filter(id => found.delete(id)), ...found];
}

/** The layer above the drawing: marks the chosen step, and lets choose one by pointer and by keyboard. */
function Walker(props: {
  readonly course: Course;
  readonly axis: Axis;
  readonly index: number;
  readonly onChoose: (index: number) => void;
}) {
  const { course, axis, index, onChoose } = props;
  const { steps } = course;
  const id = useId();
  const [from, to] = [Date.parse(course.from), Date.parse(course.to)];
  const span = Math.max(1, to - from);
  const step = steps[index];
  if (step === undefined) return null;
  const left = ((Date.parse(step.at) - from) / span) * 100;
  const end = ((Date.parse(steps[index + 1]?.at ?? course.to) - from) / span) * 100;
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const msPerPixel = span / Math.max(1, box.width);
    onChoose(
      stepIndexNear(steps, {
        at: from + (event.clientX - box.left) * msPerPixel,
        reach: NEAR * msPerPixel,
      }),
    );
  };
  return (
    <div className={css.walker} style={EDGE} onPointerMove={point} onPointerDown={point}>
      <div className={css.span} style={{ left: `${left}%`, width: `${end - left}%` }} />
      <div className={css.cursor} style={{ left: `${left}%` }} />
      {step.total === null ? null : (
        <div
          className={css.dot}
          style={{
            left: `${left}%`,
            top: `${((axis.high - step.total) / (axis.high - axis.low)) * 100}%`,
          }}
        />
      )}
      <VisuallyHidden>
        <label htmlFor={id}>Step of the score; the arrow keys walk through them</label>
      </VisuallyHidden>
      <input
        id={id}
        className={css.range}
        type="range"
        min={0}
        max={steps.length - 1}
        step={1}
        value={index}
        aria-valuetext={stepWords(step, steps[index - 1])}
        onChange={event => onChoose(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}

function Legend(props: { readonly course: Course; readonly names: Names; readonly isHandedOff: boolean }) {
  const { course, names, isHandedOff } = props;
  const series = scoreSeries(course, names);
  return (
    <Group gap="4px 16px" mt={6} ml={EDGE.left} aria-hidden="true">
      <Key color="pine.6" width={3} words="Total" />
      {series.map(({ name, label, color, strokeDasharray }) => (
        <Key key={name} color={color} width={1.75} dash={strokeDasharray} words={label} />
      ))}
      {qualifiedSpans(course).length === 0 ? null : (
        <Text size="xs" c="dimmed">
          <span className={css.band} /> qualifies
        </Text>
      )}
      {isHandedOff ? (
        <Text size="xs" c="dimmed">
          <svg width="8" height="14" className={css.key} aria-hidden="true">
            <path d="M4 0v14" stroke="var(--mantine-color-brick-5)" strokeWidth={1.5} strokeDasharray="4 3" />
          </svg>{' '}
          handed over
        </Text>
      ) : null}
    </Group>
  );
}

function Key(props: {
  readonly color: string;
  readonly width: number;
  readonly dash?: string;
  readonly words: string;
}) {
  const stroke = `var(--mantine-color-${props.color.replace('.', '-')})`;
  return (
    <Text size="xs" c="dimmed">
      <svg width="22" height="8" className={css.key} aria-hidden="true">
        <path d="M0 4h22" stroke={stroke} strokeWidth={props.width} strokeDasharray={props.dash ?? 'none'} />
      </svg>{' '}
      {props.words}
    </Text>
  );
}

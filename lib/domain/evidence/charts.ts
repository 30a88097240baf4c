import type { DayFigures } from './figures.ts';
import { PERMITTED } from './figures.ts';
import { type Html, html } from './html.ts';
import { LATENCY_STEPS, type LatencyFigures, PROMISE_MS } from './latency.ts';

const WIDTH = 760;
const HEIGHT = 260;
const LEFT = 52;
const BOTTOM = 40;
const TOP = 14;
const PLOT = { width: WIDTH - LEFT - 8, height: HEIGHT - TOP - BOTTOM };
const MOST_BARS = 62;
const DAY_MS = 86_400_000;
const MOST_LABELS = 10;
const WIDEST_BAR = 64;

const PERMITTED_COLOUR = '#2f7d5b';
const OTHER_COLOUR = '#8a9099';
/** Apart from each other for eyes that do not tell red from green, and in grey print by their order. */
const COLOURS = ['#b5432a', '#e0a030', '#4a6fa5', '#7b4f92', '#3f9db0', '#8b5e34'];
export const OTHER = 'OTHER REASONS';

export type Series = { readonly name: string; readonly colour: string; readonly total: number };
export type Bucket = { readonly label: string; readonly counts: readonly number[] };
export type DecisionChart = {
  readonly series: readonly Series[];
  readonly buckets: readonly Bucket[];
  readonly unit: 'day' | 'week' | 'month';
};

/** Decisions over time, stacked by reason: by day, or by week or month where there are too many days for one page. */
export function decisionChart(days: readonly DayFigures[]): DecisionChart {
  const totals = new Map<string, number>();
  for (const { byReason } of days) {
    for (const [reason, count] of Object.entries(byReason))
      totals.set(reason, (totals.get(reason) ?? 0) + count);
  }
  const series = seriesOf(totals);
  const unit = unitOf(days);
  const buckets = new Map<string, number[]>(
    everyBucket(days, unit).map((label) => [label, series.map(() => 0)]),
  );
  for (const { day, byReason } of days) {
    const counts = buckets.get(bucketOf(day, unit)) ?? [];
    for (const [reason, count] of Object.entries(byReason)) {
      const named = series.findIndex(({ name }) => name === reason);
      const place = named === -1 ? series.findIndex(({ name }) => name === OTHER) : named;
      counts[place] = (counts[place] ?? 0) + count;
    }
  }
  return { series, unit, buckets: [...buckets].map(([label, counts]) => ({ label, counts })) };
}

function seriesOf(totals: ReadonlyMap<string, number>): readonly Series[] {
  const blocked = [...totals]
    .filter(([reason]) => reason !== PERMITTED)
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const named = blocked.slice(0, COLOURS.length);
  const rest = blocked.slice(COLOURS.length).reduce((sum, [, count]) => sum + count, 0);
  const permitted = totals.get(PERMITTED);
  return [
    ...(permitted === undefined ? [] : [{ name: PERMITTED, colour: PERMITTED_COLOUR, total: permitted }]),
    ...named.map(([name, total], at) => ({ name, total, colour: COLOURS[at] ?? OTHER_COLOUR })),
    ...(rest === 0 ? [] : [{ name: OTHER, colour: OTHER_COLOUR, total: rest }]),
  ];
}

function unitOf(days: readonly DayFigures[]): DecisionChart['unit'] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return 'day';
  const span = (Date.parse(last.day) - Date.parse(first.day)) / DAY_MS + 1;
  if (span <= MOST_BARS) return 'day';
  return span <= MOST_BARS * 7 ? 'week' : 'month';
}

/** Every bucket of the span, those without a decision too: a gap is something to see. */
function everyBucket(days: readonly DayFigures[], unit: DecisionChart['unit']): readonly string[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const labels = new Set<string>();
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += DAY_MS) {
    labels.add(bucketOf(new Date(at).toISOString().slice(0, 10), unit));
  }
  return [...labels];
}

/** The day, the Monday of its week, or its month. */
function bucketOf(day: string, unit: DecisionChart['unit']): string {
  if (unit === 'day') return day;
  if (unit === 'month') return day.slice(0, 7);
  const at = Date.parse(day);
  const sinceMonday = (new Date(at).getUTCDay() + 6) % 7;
  return new Date(at - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

export function drawDecisions({ series, buckets, unit }: DecisionChart): Html {
  const sums = buckets.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const scale = scaleOf(Math.max(1, ...sums));
  const step = PLOT.width / Math.max(1, buckets.length);
  const bars = buckets.flatMap(({ counts, label }, at) => {
    let below = 0;
    return counts.flatMap((count, place) => {
      if (count === 0) return [];
      below += count;
      const { name = '', colour = OTHER_COLOUR } = series[place] ?? {};
      const bar = { ...barAt(at, step), y: yOf(below, scale) };
      return [
        drawBar({
          ...bar,
          height: (count / scale) * PLOT.height,
          colour,
          says: `${label}, ${name}: ${count}`,
        }),
      ];
    });
  });
  const every = Math.ceil(buckets.length / MOST_LABELS);
  const labels = buckets.flatMap(({ label }, at) =>
    at % every === 0 ? [drawLabel(LEFT + (at + 0.5) * step, unit === 'month' ? label : label.slice(5))] : [],
  );
  const total = sums.reduce((sum, count) => sum + count, 0);
  return frame({
    id: 'decisions',
    title: `Decisions by ${unit} and first reason`,
    says: `${total} decisions in ${buckets.length} ${unit}s; ${series.map(({ name, total: of }) => `${name} ${of}`).join(', ')}. The table below has every number.`,
    inside: [...grid(scale), ...bars, ...labels],
  });
}

export function drawLatencies({ steps, optOuts, overSixtySeconds }: LatencyFigures): Html {
  const scale = scaleOf(Math.max(1, ...steps));
  const step = PLOT.width / LATENCY_STEPS.length;
  const bars = LATENCY_STEPS.flatMap(({ label, upTo }, at) => {
    const count = steps[at] ?? 0;
    const { x, width } = barAt(at, step);
    const colour = upTo <= PROMISE_MS ? PERMITTED_COLOUR : (COLOURS[0] ?? OTHER_COLOUR);
    const bar = { x, width, y: yOf(count, scale), height: (count / scale) * PLOT.height };
    const number = html`<text class="value" x="${fixed(x + width / 2)}" y="${fixed(bar.y - 4)}">${count}</text>`;
    return [
      ...(count === 0 ? [] : [drawBar({ ...bar, colour, says: `${label}: ${count}` }), number]),
      drawLabel(LEFT + (at + 0.5) * step, label),
    ];
  });
  return frame({
    id: 'latencies',
    title: 'Opt-outs by the time from the request until it was in force',
    says: `${optOuts} opt-outs, ${overSixtySeconds} of them slower than 60 seconds. The table below has every number.`,
    inside: [...grid(scale), ...bars],
  });
}

/** In the middle of its place, and not too wide where there are few. */
function barAt(place: number, step: number): { readonly x: number; readonly width: number } {
  const width = Math.min(WIDEST_BAR, step * 0.76);
  return { x: LEFT + (place + 0.5) * step - width / 2, width };
}

type Frame = {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly inside: readonly Html[];
};

function frame({ id, title, says, inside }: Frame): Html {
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${says}</desc>${inside}</svg>`;
}

type Bar = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  readonly says: string;
};

function drawBar({ x, y, width, height, colour, says }: Bar): Html {
  return html`<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${fixed(height)}" fill="${colour}"><title>${says}</title></rect>`;
}

function drawLabel(x: number, text: string): Html {
  return html`<text class="label" x="${fixed(x)}" y="${HEIGHT - BOTTOM + 18}">${text}</text>`;
}

function grid(scale: number): readonly Html[] {
  const lines = scale < 4 ? scale : 4;
  return Array.from({ length: lines + 1 }, (_, at) => {
    const value = (scale / lines) * at;
    const y = fixed(yOf(value, scale));
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${y}" y2="${y}"/><text class="tick" x="${LEFT - 8}" y="${fixed(yOf(value, scale) + 4)}">${value}</text>`;
  });
}

function yOf(value: number, scale: number): number {
  return TOP + PLOT.height - (value / scale) * PLOT.height;
}

/** The next round number above, which four grid lines divide evenly. */
function scaleOf(most: number): number {
  if (most <= 4) return most;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const round = [1, 2, 4, 6, 8, 10].map((step) => step * magnitude).find((step) => step >= most) ?? most;
  return Math.ceil(round / 4) * 4;
}

/** One decimal, the same on every machine. */
function fixed(value: number): string {
  return value.toFixed(1);
}

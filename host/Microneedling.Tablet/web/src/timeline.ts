// The plots of a finished session: depth, growing downwards as needles go, and stroke rate, with its passes as numbered
// bands. Decides how they look; the numbers are the server's.

import uPlot from "uplot";
import { color, onThemeChange } from "./colors";
import { drawNosecone, multiples } from "./plot-parts";

/** Mirrors Report/SessionTimeline.cs: columns of one length; null is a gap. */
export interface Timeline {
  seconds: number[];
  stagePositionMicrometers: (number | null)[];
  activeDepthMicrometers: (number | null)[];
  drivenRateMillihertz: number[];
  measuredRateMillihertz: number[];
  passes: { number: number; zoneId: string; fromSeconds: number; toSeconds: number }[];
}

/** Minutes and seconds, such as 2:05. */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const thousandths = (values: (number | null)[]): (number | null)[] => values.map(value => (value === null ? null : value / 1000));
const timeGrains = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const font = "13px system-ui, sans-serif";

/** Draws both plots into their places, as large as these; again when these or the theme change. */
export function drawTimeline(depthPlace: HTMLElement, ratePlace: HTMLElement, timeline: Timeline): void {
  let plots: [uPlot, HTMLElement][] = [];
  const draw = (): void => {
    for (const [plot] of plots) {
      plot.destroy();
    }
    plots = [
      [plotOf(depthPlace, timeline, true), depthPlace],
      [plotOf(ratePlace, timeline, false), ratePlace],
    ];
  };
  draw();
  onThemeChange(draw);
  new ResizeObserver(() => {
    for (const [plot, place] of plots) {
      plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  }).observe(depthPlace);
}

function plotOf(place: HTMLElement, timeline: Timeline, isDepth: boolean): uPlot {
  const ink = color("--plot-ink");
  const axis: uPlot.Axis = { stroke: ink, grid: { stroke: color("--plot-grid"), width: 1 }, font, ticks: { show: false } };
  const dashed: uPlot.Series = { stroke: color("--plot-active"), width: 2, dash: [6, 5], points: { show: false } };
  const solid: uPlot.Series = { stroke: color(isDepth ? "--plot-depth" : "--plot-rate"), width: 2, points: { show: false } };
  const shown = isDepth
    ? [thousandths(timeline.activeDepthMicrometers), thousandths(timeline.stagePositionMicrometers)]
    : [thousandths(timeline.drivenRateMillihertz), thousandths(timeline.measuredRateMillihertz)];
  const scale: uPlot.Scale = isDepth
    ? { dir: -1, range: (_, __, most) => [-1.3, Math.max(1.6, (most ?? 0) + 0.1)] }
    : { range: [0, 110] };
  return new uPlot({
    width: place.clientWidth,
    height: place.clientHeight,
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    padding: [isDepth ? 16 : 6, 14, 0, 0],
    scales: { x: { time: false }, y: scale },
    axes: [
      {
        ...axis,
        size: 22,
        splits: (_, __, least, most) => multiples(timeGrains.find(grain => (most - least) / grain <= 12) ?? 3600, least, most),
        values: (_, splits) => splits.map(minutesAndSeconds),
      },
      {
        ...axis,
        size: 44,
        splits: (_, __, least, most) => multiples(isDepth ? 0.5 : 50, least, most),
        values: (_, splits) => splits.map(value => String(value).replace("-", "−")),
      },
    ],
    series: [{}, dashed, solid],
    hooks: { drawAxes: [plot => drawPasses(plot, timeline, isDepth), ...(isDepth ? [drawNosecone] : [])] },
  }, [timeline.seconds, ...shown] as uPlot.AlignedData, place);
}

/** A band for each pass, its number above. */
function drawPasses(plot: uPlot, timeline: Timeline, withNumbers: boolean): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${13 * devicePixelRatio}px system-ui, sans-serif`;
  for (const pass of timeline.passes) {
    const from = Math.max(bbox.left, plot.valToPos(pass.fromSeconds, "x", true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(pass.toSeconds, "x", true));
    if (to < from) {
      continue;
    }
    ctx.fillStyle = color("--plot-band");
    ctx.fillRect(from, bbox.top, Math.max(1, to - from), bbox.height);
    if (withNumbers) {
      ctx.fillStyle = color("--plot-ink");
      ctx.fillText(String(pass.number), from + 2, bbox.top - 3 * devicePixelRatio);
    }
  }
  ctx.restore();
}

// The plots of a finished session: depth, growing downwards as needles go, and stroke rate, with its passes as numbered
// bands. Decides how they look; the numbers are the server's, which gives no more of them than can be shown: what is zoomed
// into is asked for in detail.

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

const columns = ["seconds", "stagePositionMicrometers", "activeDepthMicrometers", "drivenRateMillihertz", "measuredRateMillihertz"] as const;

/** The whole, and where a part in more detail lies, that. */
export function withDetail(whole: Timeline, part: Timeline): Timeline {
  const first = part.seconds[0] ?? Infinity;
  const last = part.seconds.at(-1) ?? Infinity;
  const before = whole.seconds.filter(second => second < first).length;
  const until = whole.seconds.filter(second => second <= last).length;
  const merged = { ...whole };
  for (const name of columns) {
    const column: (number | null)[] = [...whole[name].slice(0, before), ...part[name], ...whole[name].slice(until)];
    Object.assign(merged, { [name]: column });
  }
  return merged;
}

const thousandths = (values: (number | null)[]): (number | null)[] => values.map(value => (value === null ? null : value / 1000));
const timeGrains = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const font = "13px system-ui, sans-serif";

/**
 * Draws both plots into their places, as large as these; again when these or the theme change. Both show the same time.
 * @param detail Gives a part in more detail, from and to in seconds; null when it cannot be had: then it stays as it is.
 */
export function drawTimeline(
  depthPlace: HTMLElement, ratePlace: HTMLElement, whole: Timeline, detail: (from: number, to: number) => Promise<Timeline | null>,
): void {
  let timeline = whole;
  let plots: { plot: uPlot; place: HTMLElement; isDepth: boolean }[] = [];
  let shown = { from: -Infinity, to: Infinity };

  const show = (from: number, to: number): void => {
    if (plots.length === 0 || (from === shown.from && to === shown.to)) {
      return;
    }
    const asked = shown = { from, to };
    moveTo(asked);
    const [first = 0] = whole.seconds;
    if (from <= first && to >= (whole.seconds.at(-1) ?? first)) {
      put(whole, asked);
      return;
    }
    void detail(from, to).then(part => {
      if (part !== null && asked === shown) {
        put(withDetail(whole, part), asked);
      }
    });
  };
  const put = (now: Timeline, at: { from: number; to: number }): void => {
    timeline = now;
    for (const { plot, isDepth } of plots) {
      plot.setData(valuesOf(timeline, isDepth), false);
    }
    moveTo(at);
    depthPlace.dataset["zoom"] = now === whole ? "all" : "detail";
  };
  const moveTo = ({ from, to }: { from: number; to: number }): void => {
    for (const { plot } of plots) {
      plot.setScale("x", { min: from, max: to });
    }
  };
  const draw = (): void => {
    for (const { plot } of plots) {
      plot.destroy();
    }
    plots = [];
    plots = ([[depthPlace, true], [ratePlace, false]] as const)
      .map(([place, isDepth]) => ({ plot: plotOf(place, timeline, isDepth, show), place, isDepth }));
    shown = { from: timeline.seconds[0] ?? 0, to: timeline.seconds.at(-1) ?? 0 };
  };
  draw();
  onThemeChange(draw);
  new ResizeObserver(() => {
    for (const { plot, place } of plots) {
      plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  }).observe(depthPlace);
}

function valuesOf(timeline: Timeline, isDepth: boolean): uPlot.AlignedData {
  const lines = isDepth
    ? [timeline.activeDepthMicrometers, timeline.stagePositionMicrometers]
    : [timeline.drivenRateMillihertz, timeline.measuredRateMillihertz];
  return [timeline.seconds, ...lines.map(thousandths)] as uPlot.AlignedData;
}

function plotOf(place: HTMLElement, timeline: Timeline, isDepth: boolean, zoomed: (from: number, to: number) => void): uPlot {
  const ink = color("--plot-ink");
  const axis: uPlot.Axis = { stroke: ink, grid: { stroke: color("--plot-grid"), width: 1 }, font, ticks: { show: false } };
  const dashed: uPlot.Series = { stroke: color("--plot-active"), width: 2, dash: [6, 5], points: { show: false } };
  const solid: uPlot.Series = { stroke: color(isDepth ? "--plot-depth" : "--plot-rate"), width: 2, points: { show: false } };
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
    hooks: {
      drawAxes: [plot => drawPasses(plot, timeline, isDepth), ...(isDepth ? [drawNosecone] : [])],
      setScale: [(plot, scale) => {
        const { min, max } = plot.scales[scale] ?? {};
        if (scale === "x" && typeof min === "number" && typeof max === "number") {
          zoomed(min, max);
        }
      }],
    },
  }, valuesOf(timeline, isDepth), place);
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

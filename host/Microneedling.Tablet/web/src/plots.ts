// The two plots of a treatment over time: depth, growing downwards as needles go, and stroke rate. Used live and for
// finished sessions. Shaded: the depth that is active, and 10 % around the driven rate. Decides how they look; the numbers
// are the caller's.

import uPlot from "uplot";
import { color, onThemeChange } from "./colors";
import { drawNosecone, multiples } from "./plot-parts";

export interface Samples {
  seconds: number[];
  stageMillimeters: (number | null)[];
  activeMillimeters: (number | null)[];
  drivenPerSecond: (number | null)[];
  measuredPerSecond: (number | null)[];
}

const font = "13px system-ui, sans-serif";
/** Height from which a plot has room for every label. */
const roomyPixels = 130;
/** How far the measured rate may be from the driven one. */
const rateTolerance = 0.1;

export interface TwoPlots {
  show(samples: Samples, least: number, most: number): void;
}

/** Puts both plots into their places and keeps them as large as these. */
export function twoPlots(depthPlace: HTMLElement, ratePlace: HTMLElement, timeLabel: (seconds: number) => string): TwoPlots {
  const ink = (): string => color("--plot-ink");
  const axis: uPlot.Axis = { stroke: ink, grid: { stroke: () => color("--plot-grid"), width: 1 }, font, ticks: { show: false } };
  const timeAxis = (shown: boolean): uPlot.Axis =>
    ({ ...axis, size: shown ? 22 : 6, incrs: [1, 5, 10, 30, 60, 300, 600, 1800], values: (_, splits) => splits.map(seconds => (shown ? timeLabel(seconds) : "")) });
  const valueAxis = (every: number): uPlot.Axis => ({
    ...axis,
    size: 44,
    splits: (plot, _, least, most) => multiples(plot.height < roomyPixels ? 2 * every : every, least, most),
    values: (_, splits) => splits.map(value => String(value).replace("-", "−")),
  });
  const base = { width: 100, height: 100, legend: { show: false }, cursor: { show: false }, padding: [6, 14, 0, 0] as uPlot.Padding };
  const dashed: uPlot.Series = { stroke: () => color("--plot-active"), width: 2, dash: [6, 5], points: { show: false } };
  const solid = (token: string): uPlot.Series => ({ stroke: () => color(token), width: 2.5, points: { show: false } });
  const edge: uPlot.Series = { stroke: () => "transparent", width: 0, points: { show: false } };
  const band = (of: [number, number]): uPlot.Band => ({ series: of, fill: () => color("--plot-band") });

  const depth = new uPlot({
    ...base,
    scales: { x: { time: false }, y: { dir: -1, range: (_, __, most) => [-1.3, Math.max(1.6, (most ?? 0) + 0.1)] } },
    axes: [timeAxis(false), valueAxis(0.5)],
    series: [{}, edge, dashed, solid("--plot-depth")],
    bands: [band([2, 1])],
    hooks: { drawAxes: [drawNosecone] },
  }, [[], [], [], []], depthPlace);
  const rate = new uPlot({
    ...base,
    scales: { x: { time: false }, y: { range: [0, 110] } },
    axes: [timeAxis(true), valueAxis(50)],
    series: [{}, edge, edge, solid("--plot-rate")],
    bands: [band([2, 1])],
  }, [[], [], [], []], ratePlace);

  const places: [uPlot, HTMLElement][] = [[depth, depthPlace], [rate, ratePlace]];
  const fit = (): void => {
    for (const [plot, place] of places) {
      plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  };
  new ResizeObserver(fit).observe(depthPlace);
  onThemeChange(() => {
    for (const [plot] of places) {
      plot.redraw(false, true);
    }
  });

  return {
    show(samples, least, most) {
      const nosecone = samples.activeMillimeters.map(active => (active === null ? null : 0));
      const share = (factor: number): (number | null)[] => samples.drivenPerSecond.map(driven => (driven ? driven * factor : null));
      depth.setData([samples.seconds, nosecone, samples.activeMillimeters, samples.stageMillimeters], false);
      rate.setData([samples.seconds, share(1 - rateTolerance), share(1 + rateTolerance), samples.measuredPerSecond], false);
      for (const [plot] of places) {
        plot.batch(() => {
          plot.setScale("x", { min: least, max: most });
        });
      }
    },
  };
}

// The two plots of a treatment over time: depth, growing downwards as needles go, and stroke rate. Used live and for
// finished sessions. Decides how they look; the numbers are the caller's.

import uPlot from "uplot";

export interface Samples {
  seconds: number[];
  stageMillimeters: (number | null)[];
  activeMillimeters: (number | null)[];
  drivenPerSecond: (number | null)[];
  measuredPerSecond: (number | null)[];
}

const ink = "#43535f";
const grid = { stroke: "#e1e7ec", width: 1 };
const font = "13px system-ui, sans-serif";
const depthColor = "#0b5c8a";
const rateColor = "#0b6e4f";
const activeColor = "#8a97a3";

export interface TwoPlots {
  show(samples: Samples, least: number, most: number): void;
}

/** Puts both plots into their places and keeps them as large as these. */
export function twoPlots(depthPlace: HTMLElement, ratePlace: HTMLElement, timeLabel: (seconds: number) => string): TwoPlots {
  const axes = (values: (value: number) => string): uPlot.Axis[] => [
    { stroke: ink, grid, font, ticks: { show: false }, size: 24, values: (_, splits) => splits.map(timeLabel) },
    { stroke: ink, grid, font, ticks: { show: false }, size: 52, values: (_, splits) => splits.map(values) },
  ];
  const base = { width: 100, height: 100, legend: { show: false }, cursor: { show: false } };

  const depth = new uPlot({
    ...base,
    scales: { x: { time: false }, y: { dir: -1, range: (_, least, most) => [Math.min(-1.2, least ?? 0), Math.max(1, (most ?? 0) + 0.2)] } },
    axes: axes(value => value.toFixed(1).replace("-", "−")),
    series: [
      {},
      { stroke: activeColor, width: 2, dash: [6, 5], points: { show: false } },
      { stroke: depthColor, width: 2.5, points: { show: false } },
    ],
    hooks: { drawAxes: [drawNosecone] },
  }, [[], [], []], depthPlace);
  const rate = new uPlot({
    ...base,
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(60, (most ?? 0) * 1.1)] } },
    axes: axes(value => value.toFixed(0)),
    series: [
      {},
      { stroke: activeColor, width: 2, dash: [6, 5], points: { show: false } },
      { stroke: rateColor, width: 2.5, points: { show: false } },
    ],
  }, [[], [], []], ratePlace);

  const places: [uPlot, HTMLElement][] = [[depth, depthPlace], [rate, ratePlace]];
  const fit = (): void => {
    for (const [plot, place] of places) {
      plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  };
  new ResizeObserver(fit).observe(depthPlace);

  return {
    show(samples, least, most) {
      depth.setData([samples.seconds, samples.activeMillimeters, samples.stageMillimeters], false);
      rate.setData([samples.seconds, samples.drivenPerSecond, samples.measuredPerSecond], false);
      for (const [plot] of places) {
        plot.batch(() => {
          plot.setScale("x", { min: least, max: most });
        });
      }
    },
  };
}

/** A line at the nosecone: what is below it has left the device. */
function drawNosecone(plot: uPlot): void {
  const y = plot.valToPos(0, "y", true);
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.lineWidth = Math.max(1, devicePixelRatio);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

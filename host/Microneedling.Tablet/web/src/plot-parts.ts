// What the live plots and those of a finished session have in common.

import type uPlot from "uplot";
import { color } from "./colors";

/** The multiples of a step within a range, free of the noise of adding up. */
export function multiples(every: number, least: number, most: number): number[] {
  const values: number[] = [];
  for (let index = Math.ceil(least / every); index * every <= most; index++) {
    values.push(Math.round(index * every * 1000) / 1000);
  }
  return values;
}

/** A line at the nosecone: what is below it has left the device. */
export function drawNosecone(plot: uPlot): void {
  const y = plot.valToPos(0, "y", true);
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color("--plot-ink");
  ctx.lineWidth = Math.max(1, devicePixelRatio);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

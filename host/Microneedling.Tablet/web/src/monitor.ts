// What the needles do, while armed or running: large numbers, counters, and the live plots.

import { byId, setText } from "./dom";
import type { LiveView } from "./live-view";
import { twoPlots } from "./plots";
import { Recent } from "./recent";
import type { Readouts } from "./readouts";
import { text } from "./texts";

/** Shortest time between two drawings of the plots. */
const plotMilliseconds = 100;

/** Returns what shows the latest snapshot. */
export function monitor(): (view: LiveView | null, readouts: Readouts, zoneName: string, isShown: boolean) => void {
  const recent = new Recent();
  const plots = twoPlots(byId("depth-plot"), byId("rate-plot"), seconds => (seconds === 0 ? text("treat.now") : `${seconds.toFixed(0).replace("-", "−")} s`));
  const places: [HTMLElement, keyof Readouts][] = ([
    ["set-depth", "setDepth"], ["live-active-depth", "activeDepth"], ["stage", "stage"],
    ["set-rate", "setRate"], ["live-active-rate", "activeRate"], ["measured-rate", "measuredRate"],
    ["strokes", "strokes"], ["punctures", "punctures"], ["density", "density"], ["time", "time"],
  ] as const).map(([id, name]) => [byId(id), name]);
  let plottedAt = 0;

  return (view, readouts, zoneName, isShown) => {
    for (const [place, name] of places) {
      setText(place, String(readouts[name]));
    }
    setText(byId("live-zone"), zoneName);
    setText(byId("live-mode"), readouts.activeMode);
    if (view?.status && recent.add(view.status) && isShown && performance.now() - plottedAt >= plotMilliseconds) {
      plottedAt = performance.now();
      plots.show(recent.backwards(), -30, 0);
    }
  };
}

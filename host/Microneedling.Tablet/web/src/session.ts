// A finished session's plots.

import { byId } from "./dom";
import { twoPlots } from "./plots";

interface Timeline {
  seconds: number[];
  stagePositionMicrometers: number[];
  activeDepthMicrometers: number[];
  drivenRateMillihertz: number[];
  measuredRateMillihertz: number[];
}

const perThousand = (values: number[]): number[] => values.map(value => value / 1000);
const place = byId("timeline");
const response = await fetch(`/api/sessions/${place.dataset["session"]}/timeline`);
if (response.ok) {
  const timeline = await response.json() as Timeline;
  const begin = timeline.seconds[0] ?? 0;
  twoPlots(byId("depth-plot"), byId("rate-plot"), seconds => `${seconds} s`).show({
    seconds: timeline.seconds,
    stageMillimeters: perThousand(timeline.stagePositionMicrometers),
    activeMillimeters: perThousand(timeline.activeDepthMicrometers),
    drivenPerSecond: perThousand(timeline.drivenRateMillihertz),
    measuredPerSecond: perThousand(timeline.measuredRateMillihertz),
  }, begin, Math.max(begin + 1, timeline.seconds.at(-1) ?? 0));
  place.dataset["points"] = String(timeline.seconds.length);
} else {
  place.textContent = "The plot could not be loaded. Load the page again.";
}

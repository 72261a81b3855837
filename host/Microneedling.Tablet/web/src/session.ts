// A finished session's plots.

import { byId, setText } from "./dom";
import { text } from "./texts";
import { drawTimeline, type Timeline } from "./timeline";

const place = byId("timeline");
const response = await fetch(`/api/sessions/${place.dataset["session"]}/timeline`).catch(() => null);
if (response?.ok) {
  const timeline = await response.json() as Timeline;
  if (timeline.seconds.length === 0) {
    setText(byId("plot-problem"), text("sessions.noTelemetry"));
  } else {
    drawTimeline(byId("depth-plot"), byId("rate-plot"), timeline);
  }
  place.dataset["points"] = String(timeline.seconds.length);
} else {
  setText(byId("plot-problem"), text("sessions.plotFailed"));
}

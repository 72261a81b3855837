// A finished session's plots.

import { byId, setText } from "./dom";
import { text } from "./texts";
import { drawTimeline, type Timeline } from "./timeline";

const place = byId("timeline");

async function load(part = ""): Promise<Timeline | null> {
  const response = await fetch(`/api/sessions/${place.dataset["session"]}/timeline${part}`).catch(() => null);
  return response?.ok ? await response.json().catch(() => null) as Timeline | null : null;
}

const timeline = await load();
if (timeline !== null) {
  if (timeline.seconds.length === 0) {
    setText(byId("plot-problem"), text("sessions.noTelemetry"));
  } else {
    drawTimeline(byId("depth-plot"), byId("rate-plot"), timeline, (from, to) => load(`?from=${from}&to=${to}`));
  }
  place.dataset["points"] = String(timeline.seconds.length);
} else {
  setText(byId("plot-problem"), text("sessions.plotFailed"));
}

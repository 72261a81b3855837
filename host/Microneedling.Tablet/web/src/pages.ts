// On every page: the STOP bar, the Esc key, the device's identity, the truth about the link, and the alarms.
// STOP is sent on touch-down, without asking, and again until the device has confirmed. Without this script the bar is a
// plain form that posts to the same place. A page without a sign-in has STOP, and nothing live.

import "./site.css";
import { freshness, onLive } from "./live";
import { isMoving, isOld, type LiveView } from "./live-view";
import { alarmWords, linkWords, stopWords, type StopPhase } from "./stop-model";
import { ask } from "./requests";
import { showAlarms } from "./alarms";
import { byId, setText } from "./dom";
import { isSignedIn, keepSignedIn, stayWhile } from "./signed-in";
import { text } from "./texts";

const retryMilliseconds = 500;
const form = byId<HTMLFormElement>("stop-form");
const button = byId<HTMLButtonElement>("stop");
const status = byId("stop-status");
const alarm = byId("alarm");
const link = byId("link");
const identity = byId("identity");
const alarms = showAlarms(byId("alarms"));

let phase: StopPhase = { kind: "idle" };
let attempt = 0;
let restSeen = false;

async function stop(): Promise<void> {
  const mine = ++attempt;
  const asked = ask("/api/stop", {}, 3000); // Before all else: what is shown can wait.
  phase = { kind: "sending" };
  restSeen = false;
  show();
  const answer = await asked;
  if (mine !== attempt) {
    return;
  }
  if (answer.ok) {
    phase = { kind: "confirmed" };
  } else {
    phase = { kind: "unconfirmed", words: answer.words };
    setTimeout(() => { if (mine === attempt) void stop(); }, retryMilliseconds);
  }
  show();
}

/** What is heard live also counts: at rest there is nothing left to stop, and motion after rest is a new one. */
function followStop(view: LiveView): void {
  if (!isMoving(view.status) && view.status?.state !== "Retracting") {
    restSeen = true;
    if (phase.kind === "unconfirmed") {
      attempt++;
      phase = { kind: "confirmed" };
    }
  } else if (restSeen && phase.kind === "confirmed" && isMoving(view.status)) {
    phase = { kind: "idle" };
  }
}

function show(): void {
  const { view, silence, broken } = freshness();
  const old = isOld(view, silence, broken);
  if (!old && view !== null && phase.kind !== "idle") {
    followStop(view);
  }

  setText(status, stopWords(phase, view));
  form.dataset["phase"] = phase.kind;
  const words = alarmWords(phase, view, silence, broken, old);
  setText(alarm, words ?? "");
  alarm.hidden = words === null;
  setText(link, linkWords(view, broken, old));
  link.dataset["tone"] = view === null && !broken ? "busy" : old || view?.link.degraded ? "alarm" : "live";
  link.title = view?.link.words ?? "";
  document.body.classList.toggle("old", old);
  const isUnheard = phase.kind === "unconfirmed" || (broken && isMoving(view?.status ?? null));
  alarms(view?.alarms ?? [], isUnheard ? "High" : null);

  const device = view?.device;
  if (device) {
    setText(identity, text("common.identity", device.serialNumber));
    byId("simulated").hidden = !device.simulated;
  }
}

button.addEventListener("pointerdown", event => {
  event.preventDefault();
  void stop();
});
button.addEventListener("keydown", event => {
  if ((event.key === "Enter" || event.key === " ") && !event.repeat) {
    event.preventDefault();
    void stop();
  }
});
// A click without a touch-down comes from assistive technology; after one, it must not post the form.
form.addEventListener("submit", event => {
  event.preventDefault();
  if (phase.kind === "idle") {
    void stop();
  }
});
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && !event.repeat) {
    event.preventDefault();
    void stop();
  }
}, { capture: true });

stayWhile(() => phase.kind === "sending" || phase.kind === "unconfirmed");
if (isSignedIn) {
  keepSignedIn();
}
onLive(show);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").catch(() => undefined); // Without it the app works, only not installed.
}

// The Treat page: puts the model on the page and the person's touches into requests.

import { byId, setText } from "./dom";
import { dragSlider } from "./drag-slider";
import { onHold } from "./hold-button";
import { freshness, onLive, pageId } from "./live";
import { isMoving, type LiveView } from "./live-view";
import { twoPlots } from "./plots";
import { Recent } from "./recent";
import { ask, askAsPage, type Answer } from "./requests";
import { firstDraft, limitDraft, treatModel, type Draft, type TreatModel } from "./treat-model";
import * as words from "./words";

const presenceMilliseconds = 400;
const depthGrain = 50;
/** Shortest time between two drawings of the plots. */
const plotMilliseconds = 100;
/** So long a button that has become another one takes no tap: it may be the second of two for the one before. */
const newActionMilliseconds = 600;

const state = byId("state");
const action = byId<HTMLButtonElement>("action");
const disarm = byId<HTMLButtonElement>("disarm");
const start = byId<HTMLButtonElement>("start");
const slider = byId("depth-slider");
const readouts = {
  setDepth: byId("set-depth"),
  activeDepth: byId("active-depth"),
  stage: byId("stage"),
  setRate: byId("set-rate"),
  activeRate: byId("active-rate"),
  drivenRate: byId("driven-rate"),
  measuredRate: byId("measured-rate"),
  strokes: byId("strokes"),
};

const recent = new Recent();
const plots = twoPlots(byId("depth-plot"), byId("rate-plot"), seconds => (seconds === 0 ? "now" : `${seconds.toFixed(0).replace("-", "−")} s`));

let draft: Draft = { ...firstDraft };
let touched = false;
let busy = false;
let refusal: string | null = null;
let actionSince = 0;
let plottedAt = 0;

function model(): TreatModel {
  const { view, silence, broken } = freshness();
  return treatModel(view, { draft, pageId, silence, broken, busy });
}

function show(): void {
  const { view } = freshness();
  if (view?.treatment && (!touched || (isMoving(view.status) && view.control.page !== pageId))) {
    draft = { depthMicrometers: view.treatment.setDepthMicrometers, rateMillihertz: view.treatment.setRateMillihertz };
  }
  if (view?.device) {
    draft = limitDraft(draft, view.device);
  }

  const now = model();
  state.dataset["tone"] = now.tone;
  setText(byId("state-title"), now.title);
  setText(byId("state-next"), now.next);
  setText(byId("refusal"), refusal ?? view?.notice ?? "");
  action.hidden = now.action === null;
  if (now.action !== null) {
    if (action.dataset["kind"] !== now.action.kind) {
      action.dataset["kind"] = now.action.kind;
      actionSince = performance.now();
      setText(byId("action-label"), now.action.label);
    }
    action.disabled = !now.action.enabled || performance.now() - actionSince < newActionMilliseconds;
  }
  disarm.hidden = !now.canDisarm;
  start.hidden = !now.canAskToStart;

  for (const [name, element] of Object.entries(readouts) as [keyof typeof readouts, HTMLElement][]) {
    setText(element, now.readouts[name]);
  }
  document.body.classList.toggle("depth-differs", !now.readouts.depthIsActive);
  document.body.classList.toggle("rate-differs", !now.readouts.rateIsActive);
  setText(byId("strokes-label"), now.readouts.strokesLabel);
  setText(byId("depth-value"), now.readouts.setDepth);
  setText(byId("rate-value"), now.readouts.setRate);
  setText(byId("depth-cap"), now.capReason);
  setText(byId("rate-range"), now.rateRange);
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-step]")) {
    button.disabled = !now.canSet;
  }
  showSlider(view, now.canSet);
  showSession(view);
  showSimulator(view);
}

function showSlider(view: LiveView | null, enabled: boolean): void {
  const { least, most } = depthRange(view);
  slider.setAttribute("aria-disabled", String(!enabled));
  slider.setAttribute("aria-valuemin", words.setDepth(least));
  slider.setAttribute("aria-valuemax", words.setDepth(most));
  slider.setAttribute("aria-valuenow", words.setDepth(draft.depthMicrometers));
  slider.style.setProperty("--value", String((draft.depthMicrometers - least) / (most - least)));
}

function showSession(view: LiveView | null): void {
  const finished = byId<HTMLAnchorElement>("finished");
  const ended = view?.session === null ? view.finishedSession : null;
  finished.hidden = ended === null || ended === undefined;
  if (ended) {
    finished.href = `/sessions/${ended.id}`;
    setText(finished, `Open session ${ended.id}: ${ended.outcomeWords.toLowerCase()}`);
  }
  setText(byId("last-event"), view?.log[0] ? `${(view.log[0].deviceTimeMilliseconds / 1000).toFixed(1)} s  ${view.log[0].words}` : "");
  setText(byId("recording"), view?.session?.recordingFault ?? "");
}

function showSimulator(view: LiveView | null): void {
  const status = view?.status ?? null;
  const hands: [string, boolean, string, string][] = [
    ["simulated-trigger", status?.triggerPressed ?? false, "Release trigger", "Press and hold trigger"],
    ["simulated-emergency-stop", status?.emergencyStopPressed ?? false, "Release emergency stop", "Press emergency stop"],
    ["simulated-cartridge", status?.cartridgeSeated ?? false, "Remove cartridge", "Seat cartridge"],
  ];
  byId("simulator").hidden = view?.device?.simulated !== true;
  for (const [id, on, whenOn, whenOff] of hands) {
    const button = byId(id);
    button.dataset["on"] = String(on);
    setText(button, on ? whenOn : whenOff);
  }
}

function depthRange(view: LiveView | null): { least: number; most: number; grain: number } {
  return {
    least: view?.device?.minimumDepthMicrometers ?? firstDraft.depthMicrometers,
    most: view?.device?.unsupervisedDepthMicrometers ?? firstDraft.depthMicrometers + depthGrain,
    grain: depthGrain,
  };
}

function change(next: Draft): void {
  const device = freshness().view?.device;
  touched = true;
  refusal = null;
  draft = device ? limitDraft(next, device) : next;
  show();
}

/** Waits for one request at a time; what was refused is said until the next touch. */
async function carryOut(request: () => Promise<Answer>): Promise<void> {
  busy = true;
  refusal = null;
  show();
  const answer = await request();
  busy = false;
  refusal = answer.ok ? null : answer.words;
  show();
}

function act(): void {
  const now = model().action;
  const view = freshness().view;
  if (now === null || !now.enabled) {
    return;
  }
  switch (now.kind) {
    case "home":
      void carryOut(() => askAsPage("/api/home"));
      break;
    case "confirm":
    case "apply":
      void carryOut(() => askAsPage("/api/configure", { ...draft }));
      break;
    case "acknowledge":
      void carryOut(() => ask("/api/clear-fault", { fault: view?.status?.fault ?? 0 }));
      break;
    case "arm":
      break;
  }
}

action.addEventListener("click", act);
onHold(action, () => action.dataset["kind"] === "arm", () => {
  const token = freshness().view?.treatment?.token ?? 0;
  if (model().action?.kind === "arm") {
    void carryOut(() => askAsPage("/api/arm", { token }));
  }
});
disarm.addEventListener("click", () => void carryOut(() => askAsPage("/api/disarm")));
start.addEventListener("click", () => void carryOut(() => askAsPage("/api/start")));

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-step]")) {
  button.addEventListener("click", () => {
    const step = Number(button.dataset["step"]);
    change(button.dataset["of"] === "depth"
      ? { ...draft, depthMicrometers: draft.depthMicrometers + step }
      : { ...draft, rateMillihertz: draft.rateMillihertz + step });
  });
}
dragSlider(slider, () => depthRange(freshness().view), () => draft.depthMicrometers, () => model().canSet,
  depthMicrometers => change({ ...draft, depthMicrometers }));

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-simulate]")) {
  button.addEventListener("click", () => {
    const on = button.dataset["on"] !== "true";
    void ask(`/api/simulator/${button.dataset["simulate"]}`, { on });
  });
}

// While this page controls a moving device, it says so; when it no longer can, the device is stopped.
let reporting = false;
setInterval(() => {
  const { view } = freshness();
  if (!reporting && !document.hidden && view !== null && view.control.page === pageId && isMoving(view.status)) {
    reporting = true;
    void askAsPage("/api/presence").finally(() => { reporting = false; });
  }
}, presenceMilliseconds);

onLive(({ view }) => {
  if (view?.status && recent.add(view.status) && performance.now() - plottedAt >= plotMilliseconds) {
    plottedAt = performance.now();
    plots.show(recent.backwards(), -30, 0);
  }
  show();
});
show();

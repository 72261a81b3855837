// The Treat page: puts the models on the page and the person's touches into requests.

import {
  capOf, changed, draftOf, firstDraft, heldTreatment, limitDraft, presetOf, sheetOf, withMode, withPreset, withZone, type Draft,
} from "./draft";
import { byId, make, setText } from "./dom";
import { dragSlider } from "./drag-slider";
import { stepsOf } from "./flow-model";
import { onHold } from "./hold-button";
import { freshness, onLive, pageId } from "./live";
import type { LiveView } from "./live-view";
import { zoneMap } from "./map";
import { monitor } from "./monitor";
import { readoutsOf, treatedZones, type Readouts } from "./readouts";
import { reportPresence } from "./presence";
import { askAsPage, type Answer } from "./requests";
import { simulatorBar } from "./simulator-bar";
import { text } from "./texts";
import { finishDialog, unlockDialog } from "./treat-dialogs";
import { isWatching, missingOf, modeWords, treatModel, type TreatModel } from "./treat-model";
import { isAwakeRefused, keepAwake } from "./wake-lock";
import * as words from "./words";
import { zonePanel } from "./zone-panel";
import type { ZoneSheet } from "./zone-sheet";

const depthGrain = 50;
/** So long a button that has just appeared takes no tap: it may be the second of two for the one before. */
const newButtonMilliseconds = 600;

const zones = JSON.parse(byId("zones").textContent ?? "[]") as ZoneSheet[];
const slider = byId("depth-slider");
const confirmButton = byId<HTMLButtonElement>("confirm");
const arm = byId<HTMLButtonElement>("arm");

let draft: Draft = { ...firstDraft };
/** Something has been set on this page: it no longer follows what was confirmed elsewhere. */
let touched = false;
let changing = false;
let busy = false;
let refusal: string | null = null;
let session: number | null = null;

function model(): TreatModel {
  const { view, silence, broken } = freshness();
  return treatModel(view, zones, { draft, pageId, silence, broken, busy, changing });
}

/** Takes over what was confirmed where this page has set nothing, or only watches; a new session begins anew. */
function follow(view: LiveView): void {
  if ((view.session?.id ?? null) !== session) {
    session = view.session?.id ?? null;
    touched = false;
    changing = false;
    draft = { ...firstDraft };
  }
  const held = heldTreatment(view);
  if (held !== null && view.session !== null && (!touched || isWatching(view, pageId))) {
    draft = draftOf(held, draft, zones);
    const pass = view.session.passes.at(-1);
    if (pass?.zoneId === draft.zoneId && !touched) {
      draft = { ...draft, areaSquareMillimeters: pass.areaSquareMillimeters };
    }
  }
  if (view.device) {
    draft = limitDraft(draft, view.device, capOf(sheetOf(zones, draft.zoneId), view));
  }
}

function change(next: Draft): void {
  const { view } = freshness();
  touched = true;
  changing = false;
  refusal = null;
  draft = view?.device ? limitDraft(next, view.device, capOf(sheetOf(zones, next.zoneId), view)) : next;
  show();
}

const showMap = zoneMap(zones, zone => change(withZone(draft, zone)));
const showSheet = zonePanel(
  preset => change(withPreset(draft, preset, model().cap)),
  areaSquareMillimeters => change({ ...draft, areaSquareMillimeters }));
const showMonitor = monitor();
const showSimulator = simulatorBar();
const openUnlock = unlockDialog();
const openFinish = finishDialog();

function show(): void {
  const { view } = freshness();
  if (view !== null) {
    follow(view);
  }

  const now = model();
  const readouts = readoutsOf(view, draft);
  const sheet = sheetOf(zones, draft.zoneId);
  const treated = treatedZones(view?.session?.passes ?? []);
  showState(view, now);
  showFlow(view, now);
  document.querySelector<HTMLElement>(".work")!.dataset["panel"] = now.panel;
  showMap({ zoneId: draft.zoneId, treated, enabled: now.canChooseZone });
  showSheet({ sheet, draft, treated: sheet === null ? undefined : treated.get(sheet.id), enabled: now.canSet });
  showControls(view, now, readouts);
  showReadBack(view, now);
  const passZone = view?.session?.passes.at(-1)?.zoneId ?? draft.zoneId;
  showMonitor(view, readouts, sheetOf(zones, passZone)?.name ?? "", now.panel === "live");
  showSimulator(view);
  showFoot(view);
}

function showState(view: LiveView | null, now: TreatModel): void {
  byId("state").dataset["tone"] = now.tone;
  setText(byId("state-title"), now.title);
  setText(byId("state-next"), now.asked ? text("treat.asks", view?.control.askingPerson ?? text("treat.anotherPage")) : now.next);
  const link = byId<HTMLAnchorElement>("next-link");
  link.hidden = now.nextHref === null;
  if (now.nextHref !== null) {
    link.setAttribute("href", now.nextHref);
    setText(link, text(view?.session === null ? "treat.noSession" : "treat.goThere"));
  }
  setText(byId("refusal"), refusal ?? view?.notice ?? "");
  offer("home", now.home.shown, now.home.enabled);
  offer("start", now.canAskToStart, true);
  offer("disarm", now.canDisarm, true);
  offer("take-control", now.watches, now.canTakeControl);
  offer("give-control", now.asked, !busy);
  offer("keep-control", now.asked, !busy);
}

const shownSince = new Map<string, number>();

/** Shows a button or not; a button that has just appeared waits before it takes a tap. */
function offer(id: string, isShown: boolean, isEnabled: boolean): void {
  const button = byId<HTMLButtonElement>(id);
  if (isShown && button.hidden) {
    shownSince.set(id, performance.now());
  }
  button.hidden = !isShown;
  button.disabled = !isEnabled || performance.now() - (shownSince.get(id) ?? -Infinity) < newButtonMilliseconds;
}

function showFlow(view: LiveView | null, now: TreatModel): void {
  for (const step of stepsOf(view, zones, draft, now.cap)) {
    const place = byId<HTMLAnchorElement>(`step-${step.name}`);
    place.dataset["status"] = step.status;
    place.setAttribute("aria-current", step.status === "now" ? "step" : "false");
    if (place.getAttribute("href") !== step.href) {
      place.setAttribute("href", step.href);
    }
    setText(place.querySelector(".step-status")!, step.statusWords);
    setText(place.querySelector(".step-words")!, step.words);
  }
  byId<HTMLButtonElement>("finish").disabled = !now.canFinish;
}

function depthRange(): { least: number; most: number; grain: number } {
  const { view } = freshness();
  const least = view?.device?.minimumDepthMicrometers ?? depthGrain;
  return { least, most: Math.max(least + depthGrain, model().cap.micrometers), grain: depthGrain };
}

function showControls(view: LiveView | null, now: TreatModel, readouts: Readouts): void {
  const device = view?.device ?? null;
  const isStamp = draft.burstStrokes > 0;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-step]")) {
    button.disabled = !now.canSet || (button.dataset["of"] === "burst" && !isStamp);
  }
  setText(byId("depth-value"), readouts.setDepth);
  setText(byId("rate-value"), readouts.setRate);
  setText(byId("mode-value"), readouts.setMode);
  setText(byId("burst-value"), isStamp ? String(draft.burstStrokes) : "–");
  setText(byId("active-depth"), readouts.activeDepth);
  setText(byId("active-rate"), readouts.activeRate);
  setText(byId("active-mode"), readouts.activeMode);
  document.querySelector<HTMLElement>(".controls")!.dataset["active"] = (view?.status?.token ?? 0) === 0 ? "none" : "some";
  document.body.classList.toggle("depth-differs", !readouts.depthIsActive);
  document.body.classList.toggle("rate-differs", !readouts.rateIsActive);
  document.body.classList.toggle("mode-differs", !readouts.modeIsActive);

  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-mode]")) {
    button.setAttribute("aria-pressed", String((button.dataset["mode"] === "stamp") === isStamp));
    button.disabled = !now.canSet;
    button.hidden = button.dataset["mode"] === "stamp" && device?.maximumBurstStrokes === 0;
  }
  document.querySelector<HTMLElement>(".burst")!.hidden = device?.maximumBurstStrokes === 0;

  const { least, most } = depthRange();
  slider.setAttribute("aria-disabled", String(!now.canSet));
  slider.tabIndex = now.canSet ? 0 : -1;
  slider.setAttribute("aria-valuemin", words.setDepth(least));
  slider.setAttribute("aria-valuemax", words.setDepth(most));
  slider.setAttribute("aria-valuenow", readouts.setDepth);
  slider.setAttribute("aria-valuetext", `${readouts.setDepth} mm`);
  slider.style.setProperty("--value", String(most > least ? Math.min(1, Math.max(0, (draft.depthMicrometers - least) / (most - least))) : 0));

  setText(byId("depth-cap"), now.cap.reason);
  byId("depth-cap").title = now.cap.reason;
  setText(byId("rate-range"), device ? text("treat.rateRange", words.setRate(device.minimumRateMillihertz), words.setRate(device.maximumRateMillihertz)) : "");
  byId("unlock").hidden = now.cap.isUnlocked;
  byId<HTMLButtonElement>("unlock").disabled = !now.canUnlock;
  offer("lock", now.cap.isUnlocked, now.canUnlock);

  const preset = presetOf(sheetOf(zones, draft.zoneId), draft);
  setText(byId("from-preset"), now.cap.micrometers === 0 ? "" : preset === null ? text("treat.byHand") : text("treat.fromPreset", preset.name));
  if (confirmButton.dataset["kind"] !== now.confirm.kind) {
    confirmButton.dataset["kind"] = now.confirm.kind;
    shownSince.set("confirm", performance.now());
  }
  setText(confirmButton, now.confirm.label);
  confirmButton.disabled = !now.confirm.enabled || performance.now() - (shownSince.get("confirm") ?? -Infinity) < newButtonMilliseconds;
}

function showReadBack(view: LiveView | null, now: TreatModel): void {
  const held = heldTreatment(view);
  arm.disabled = !now.canArm;
  byId<HTMLButtonElement>("change").disabled = now.watches || now.old;
  if (view === null || held === null) {
    return;
  }
  setText(byId("read-zone"), sheetOf(zones, held.zoneId)?.name ?? held.zoneId);
  setText(byId("read-depth"), words.deviceDepth(held.activeDepthMicrometers));
  setText(byId("read-rate"), words.deviceRate(held.activeRateMillihertz));
  setText(byId("read-mode"), modeWords(held.activeBurstStrokes));
  const missing = missingOf(view, draft, now.cap);
  const list = byId("read-missing");
  const said = JSON.stringify(missing);
  if (list.dataset["said"] !== said) {
    list.dataset["said"] = said;
    list.replaceChildren(...missing.map(one => make("li", "", one.words)));
  }
}

function showFoot(view: LiveView | null): void {
  const ended = view?.session === null ? view.finishedSession : null;
  const finished = byId<HTMLAnchorElement>("finished");
  finished.hidden = ended === null;
  if (ended !== null) {
    finished.href = `/sessions/${ended.id}`;
    setText(finished, text("treat.openSession", ended.id, ended.outcomeWords.toLowerCase()));
  }
  setText(byId("last-event"), view?.log[0] ? `${(view.log[0].deviceTimeMilliseconds / 1000).toFixed(1)} s  ${view.log[0].words}` : "");
  setText(byId("recording"), view?.session?.recordingFault ?? "");
  keepAwake(view?.session !== null && view !== null);
  setText(byId("awake"), isAwakeRefused() ? text("treat.awakeRefused") : "");
}

/** Waits for one request at a time; what was refused is said until the next touch. */
async function carryOut(request: () => Promise<Answer>): Promise<boolean> {
  busy = true;
  refusal = null;
  show();
  const answer = await request();
  busy = false;
  refusal = answer.ok ? null : answer.words;
  show();
  return answer.ok;
}

async function confirm(): Promise<void> {
  const { preset, ...values } = draft;
  const ok = await carryOut(() => askAsPage("/api/configure", { ...values, presetKey: preset?.key ?? null, presetVersion: preset?.version ?? null }));
  if (ok) {
    changing = false;
    show();
  }
}

confirmButton.addEventListener("click", () => { if (model().confirm.enabled) void confirm(); });
onHold(arm, () => model().canArm, () => {
  const token = freshness().view?.treatment?.token ?? 0;
  if (model().canArm) {
    void carryOut(() => askAsPage("/api/arm", { token }));
  }
});
byId("change").addEventListener("click", () => {
  changing = true;
  show();
  byId("zone-select").focus();
});
const commands: [string, string][] = [["home", "/api/home"], ["disarm", "/api/disarm"], ["start", "/api/start"], ["take-control", "/api/control/take"], ["keep-control", "/api/control/keep"], ["lock", "/api/lock"]];
for (const [id, path] of commands) {
  byId(id).addEventListener("click", () => void carryOut(() => askAsPage(path)));
}
byId("give-control").addEventListener("click", () => void carryOut(() => askAsPage("/api/control/give", { to: freshness().view?.control.askingPage ?? "" })));
byId("unlock").addEventListener("click", () => {
  const sheet = sheetOf(zones, draft.zoneId);
  if (sheet !== null) {
    openUnlock(sheet);
  }
});
byId("finish").addEventListener("click", () => {
  const open = freshness().view?.session ?? null;
  if (open !== null && model().canFinish) {
    openFinish(open);
  }
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-step]")) {
  button.addEventListener("click", () => {
    const step = Number(button.dataset["step"]);
    const of = button.dataset["of"];
    change(changed(draft, of === "depth" ? { depthMicrometers: draft.depthMicrometers + step }
      : of === "rate" ? { rateMillihertz: draft.rateMillihertz + step }
      : { burstStrokes: Math.max(1, draft.burstStrokes + step) }));
  });
}
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-mode]")) {
  button.addEventListener("click", () => change(withMode(draft, button.dataset["mode"] === "stamp" ? "stamp" : "glide")));
}
dragSlider(slider, depthRange, () => draft.depthMicrometers, () => model().canSet, depthMicrometers => change(changed(draft, { depthMicrometers })));

// A step that is done on this page leads to its control, also by keyboard.
for (const step of document.querySelectorAll<HTMLAnchorElement>(".flow-step")) {
  step.addEventListener("click", event => {
    const href = step.getAttribute("href") ?? "";
    if (href.startsWith("#")) {
      event.preventDefault();
      byId(href.slice(1)).focus();
    }
  });
}

reportPresence();
onLive(show);
show();

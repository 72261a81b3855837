// The calibration: shows the step that the server is at, and asks for the next one. The server decides the order.

import { byId, setText } from "./dom";
import { fetching } from "./fetching";
import { freshness, onLive, pageId } from "./live";
import { whyNoControl } from "./live-view";
import { millimeters, typedMicrometers } from "./millimeters";
import { reportPresence } from "./presence";
import { askAsPage } from "./requests";
import { text } from "./texts";

/** Mirrors CalibrationView in Api/DevicePageEndpoints.cs. */
interface CalibrationView {
  step: "Checks" | "Jogging" | "Preview" | "Stored" | "Checking" | "Done";
  page: string | null;
  isBusy: boolean;
  checks: { name: string; holds: boolean; words: string }[];
  countedMicrometers: number | null;
  measuredMicrometers: number | null;
  zeroBeforeMicrometers: number | null;
  zeroAfterMicrometers: number | null;
  storedMicrometers: number | null;
  differenceMicrometers: number | null;
  isGood: boolean | null;
  endedWords: string | null;
}

const refreshMilliseconds = 200;
/** From here on a change of the zero deserves a second look. */
const largeChangeMicrometers = 100;
const goodWithinMicrometers = 20;
/** Homing, twice retracting, and storing take their time. */
const patienceMilliseconds = 45_000;

const steps = [...document.querySelectorAll<HTMLElement>("#steps li")];
const bodies = [...document.querySelectorAll<HTMLElement>("[data-body]")];
const measured = byId<HTMLInputElement>("measured");
const problem = byId("problem");

let now: CalibrationView | null = null;
let asking = false;
let restarted = false;
let shownStep = "";

function show(): void {
  if (now === null) {
    return;
  }
  const mine = now.page === null || now.page === pageId;
  const step = now.step === "Done" && (restarted || !mine) ? "Checks" : now.step;
  const busy = asking || now.isBusy;
  byId("calibration").dataset["step"] = step;
  const index = steps.findIndex(item => item.dataset["step"] === step);
  steps.forEach((item, at) => {
    item.dataset["done"] = String(at < index || step === "Done");
    if (at === index) {
      item.setAttribute("aria-current", "step");
    } else {
      item.removeAttribute("aria-current");
    }
  });
  for (const body of bodies) {
    body.hidden = !body.dataset["body"]?.split(" ").includes(step);
  }
  byId("abort").hidden = step === "Checks" || step === "Done";
  byId("busy").hidden = !busy;
  for (const button of document.querySelectorAll<HTMLButtonElement>(".step-bodies button")) {
    button.disabled = busy || !mine;
  }
  const whyNot = whyNoControl(freshness().view, pageId);
  const checks = [{ name: "control", holds: whyNot === null, words: text(`device.control-${whyNot ?? "free"}`) }, ...now.checks];
  byId<HTMLButtonElement>("begin").disabled = busy || checks.some(check => !check.holds);

  for (const check of checks) {
    const item = document.querySelector<HTMLElement>(`[data-check="${check.name}"]`);
    if (item) {
      item.dataset["holds"] = String(check.holds);
      setText(item, check.words);
    }
  }
  setText(byId("jog-title"), text(`device.step-${step === "Checking" ? "Checking" : "Jogging"}`));
  setText(byId("jog-words"), text(step === "Checking" ? "device.checkWords" : "device.jogWords"));
  setText(byId("counted"), millimeters(now.countedMicrometers));
  setText(byId("preview-measured"), millimeters(now.measuredMicrometers));
  setText(byId("preview-before"), millimeters(now.zeroBeforeMicrometers));
  setText(byId("preview-after"), millimeters(now.zeroAfterMicrometers));
  const change = now.zeroAfterMicrometers !== null && now.zeroBeforeMicrometers !== null ? now.zeroAfterMicrometers - now.zeroBeforeMicrometers : null;
  setText(byId("preview-change"), millimeters(change, true));
  byId("large-change").hidden = Math.abs(change ?? 0) < largeChangeMicrometers;
  setText(byId("stored"), millimeters(now.storedMicrometers));
  const plain = (micrometers: number | null): string => millimeters(micrometers, true).replace(" mm", "");
  setText(byId("outcome"), now.isGood === null ? "" : text(
    now.isGood ? "device.outcomeGood" : "device.outcomeBad",
    plain(now.differenceMicrometers), millimeters(goodWithinMicrometers).replace(" mm", ""), plain(now.storedMicrometers)));
  byId("outcome").dataset["good"] = String(now.isGood);
  setText(byId("ended"), now.endedWords ?? "");
  byId("ended").hidden = now.endedWords === null || step !== "Checks";

  if (step !== shownStep) {
    shownStep = step;
    measured.value = "";
  }
}

function complain(words: string | null): void {
  setText(problem, words ?? "");
  problem.hidden = words === null;
}

async function carryOut(path: string, body: Record<string, unknown> = {}): Promise<void> {
  if (asking) {
    return;
  }
  asking = true;
  complain(null);
  show();
  const answer = await askAsPage(`/api/calibration/${path}`, body, patienceMilliseconds);
  asking = false;
  if (answer.ok) {
    now = answer.body as CalibrationView;
  } else {
    complain(answer.words);
  }
  show();
  refresh();
}

const refresh = fetching<CalibrationView>("/api/calibration", refreshMilliseconds, view => {
  if (view !== null && !asking) {
    now = view;
    show();
  } else if (view !== null && now !== null) {
    now = { ...now, countedMicrometers: view.countedMicrometers };
    setText(byId("counted"), millimeters(view.countedMicrometers));
  }
});

byId("begin").addEventListener("click", () => {
  restarted = false;
  void carryOut("begin");
});
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-jog]")) {
  button.addEventListener("click", () => void carryOut("jog", { micrometers: Number(button.dataset["jog"]) }));
}
byId("measure-form").addEventListener("submit", event => {
  event.preventDefault();
  const micrometers = typedMicrometers(measured.value);
  if (micrometers === null) {
    complain(text("device.notANumber"));
    measured.focus();
    return;
  }
  void carryOut(now?.step === "Checking" ? "verify" : "measure", { measuredMicrometers: micrometers });
});
byId("again").addEventListener("click", () => void carryOut("again"));
byId("store").addEventListener("click", () => void carryOut("store"));
byId("home-and-check").addEventListener("click", () => void carryOut("home-and-check"));
byId("restart").addEventListener("click", () => {
  restarted = true;
  show();
});
byId("abort").addEventListener("click", () => {
  // Also while the device is at work on something else.
  void askAsPage("/api/calibration/abort").then(answer => {
    complain(answer.ok ? null : answer.words);
    refresh();
  });
});
// Service is left at once, not only when the program notices that the page is gone.
addEventListener("pagehide", () => {
  if (now?.page === pageId && now.step !== "Checks" && now.step !== "Done") {
    void askAsPage("/api/calibration/abort");
  }
});

const gauge = document.getElementById("gauge");
if (gauge !== null) {
  const readGauge = fetching<{ truth: { gaugeMicrometers: number } }>("/api/simulator", refreshMilliseconds, answer =>
    setText(gauge, millimeters(answer === null ? null : Math.round(answer.truth.gaugeMicrometers))));
  onLive(readGauge);
}

/** A person looks at the gauge, not at the screen: it stays awake. */
async function keepAwake(): Promise<void> {
  if (!document.hidden && "wakeLock" in navigator) {
    await navigator.wakeLock.request("screen").catch(() => null);
  }
}
document.addEventListener("visibilitychange", () => void keepAwake());
void keepAwake();

reportPresence();
onLive(refresh);
refresh();

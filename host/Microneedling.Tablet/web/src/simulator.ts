// The simulator's bench: hands, and what the physics says beside what the device says.

import { byId, setText } from "./dom";
import { fetching } from "./fetching";
import { onLive } from "./live";
import { millimeters } from "./millimeters";
import { ask } from "./requests";
import { text } from "./texts";

/** Mirrors SimulatorTruth in Device/SimulatorHands.cs. */
interface Bench {
  truth: {
    tipMicrometers: number;
    gaugeMicrometers: number;
    deepestTipMicrometers: number;
    rateMillihertz: number;
    strokes: number;
    stageStepsLost: number;
    needleDriverEnabled: boolean;
    depthDriverEnabled: boolean;
    watchdogSatisfied: boolean;
    hasPower: boolean;
    alarmLedOn: boolean;
    buzzerSounds: boolean;
  };
  on: string[];
}

const refreshMilliseconds = 100;
const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-hand]")];
const problem = byId("problem");

function complain(words: string | null): void {
  setText(problem, words ?? "");
  problem.hidden = words === null;
}

function show(bench: Bench | null, status: number): void {
  if (bench === null) {
    if (status === 404) {
      complain(text("simulator.gone"));
    }
    return;
  }
  const { truth, on } = bench;
  const yes = (value: boolean): string => text(value ? "simulator.yes" : "simulator.no");
  const words: Record<string, string> = {
    tip: millimeters(Math.round(truth.tipMicrometers)),
    gauge: millimeters(Math.round(truth.gaugeMicrometers)),
    deepest: millimeters(Math.round(truth.deepestTipMicrometers)),
    rate: `${(truth.rateMillihertz / 1000).toFixed(1)} /s`,
    strokes: String(truth.strokes),
    lost: String(truth.stageStepsLost),
    needleDriver: yes(truth.needleDriverEnabled),
    depthDriver: yes(truth.depthDriverEnabled),
    watchdog: yes(truth.watchdogSatisfied),
    power: yes(truth.hasPower),
    led: yes(truth.alarmLedOn),
    buzzer: yes(truth.buzzerSounds),
  };
  for (const [name, value] of Object.entries(words)) {
    setText(byId(`truth-${name}`), value);
  }
  for (const button of buttons.filter(one => one.hasAttribute("aria-pressed"))) {
    button.setAttribute("aria-pressed", String(on.includes(button.dataset["hand"] ?? "")));
  }
}

const refresh = fetching<Bench>("/api/simulator", refreshMilliseconds, show);

for (const button of buttons) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.disabled = true;
    void ask(`/api/simulator/${button.dataset["hand"]}`, { on }).then(answer => {
      button.disabled = false;
      complain(answer.ok ? null : answer.words);
      refresh();
    });
  });
}

onLive(({ view }) => {
  const status = view?.status ?? null;
  setText(byId("says-state"), status?.stateWords ?? "–");
  setText(byId("says-fault"), status === null ? "–" : status.faultWords || text("simulator.noFault"));
  setText(byId("says-stage"), status?.homed ? millimeters(status.stagePositionMicrometers) : "–");
  setText(byId("says-rate"), status === null ? "–" : `${(status.measuredRateMillihertz / 1000).toFixed(1)} /s`);
  refresh();
});
refresh();

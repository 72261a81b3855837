// The device page: keeps what the server has rendered up to date, and carries out homing, self test and silencing.

import { byId, setText } from "./dom";
import { fetching } from "./fetching";
import { freshness, onLive, pageId } from "./live";
import { whyNoControl, type LogView } from "./live-view";
import { reportPresence } from "./presence";
import { ask, askAsPage, type Answer } from "./requests";
import { text } from "./texts";

/** Mirrors Device/DeviceSheet.cs. */
interface SheetLine { key: string; label: string; value: string; tone: string }
interface DeviceSheet {
  linkWords: string;
  linkTone: string;
  stateWords: string;
  identity: SheetLine[];
  limits: SheetLine[];
  inputs: SheetLine[];
  motion: SheetLine[];
  settings: SheetLine[];
  counters: SheetLine[];
  selfTest: SheetLine[];
  actions: { key: string; whyNot: string | null }[];
}

const sheetMilliseconds = 250;
const logMilliseconds = 500;
const problem = byId("deed-problem");
let asking = false;
let sheet: DeviceSheet | null = null;
let latestLine = "";

function showSheet(now: DeviceSheet | null): void {
  if (now === null) {
    return;
  }
  sheet = now;
  setText(byId("device-state"), now.stateWords);
  setText(byId("link-words"), now.linkWords);
  byId("link-words").dataset["tone"] = now.linkTone;
  const { identity, limits, inputs, motion, settings, counters, selfTest } = now;
  const groups = [inputs, motion, settings, counters, identity, limits, selfTest];
  const places = document.querySelectorAll<HTMLElement>("main .lines");
  groups.forEach((lines, index) => {
    for (const line of lines) {
      const value = places[index]?.querySelector<HTMLElement>(`[data-line="${line.key}"] dd`);
      if (value) {
        setText(value, line.value);
        if (value.dataset["tone"] !== line.tone) {
          value.dataset["tone"] = line.tone;
        }
      }
    }
  });
  showActions();
}

function showActions(): void {
  for (const action of sheet?.actions ?? []) {
    const button = document.querySelector<HTMLButtonElement>(`[data-action="${action.key}"]`);
    const why = document.querySelector<HTMLElement>(`[data-why="${action.key}"]`);
    if (button && why) {
      const noControl = whyNoControl(freshness().view, pageId);
      const whyNot = action.whyNot ?? (noControl && text(`device.control-${noControl}`));
      button.disabled = asking || whyNot !== null;
      setText(why, whyNot ?? "");
    }
  }
  byId<HTMLButtonElement>("silence").disabled = asking || !freshness().view?.alarms.some(alarm => alarm.silencedForSeconds === 0);
}

function showLog(lines: LogView[] | null): void {
  if (lines === null) {
    return;
  }
  const rows = lines.map(line => {
    const row = document.createElement("tr");
    const time = row.insertCell();
    time.className = "time";
    time.textContent = `${(line.deviceTimeMilliseconds / 1000).toFixed(2)} s`;
    row.insertCell().textContent = line.words;
    return row;
  });
  byId("device-log").replaceChildren(...rows);
}

async function carryOut(request: () => Promise<Answer>): Promise<void> {
  asking = true;
  setText(problem, "");
  showActions();
  const answer = await request();
  asking = false;
  setText(problem, answer.ok ? "" : answer.words);
  refreshSheet();
  showActions();
}

const refreshSheet = fetching<DeviceSheet>("/api/device", sheetMilliseconds, showSheet);
const refreshLog = fetching<LogView[]>("/api/device/log", logMilliseconds, showLog);

byId("home").addEventListener("click", () => void carryOut(() => askAsPage("/api/home")));
byId("silence").addEventListener("click", () => void carryOut(() => ask("/api/alarms/silence")));
document.getElementById("self-test")?.addEventListener("click", () => void carryOut(() => askAsPage("/api/device/self-test")));

reportPresence();
onLive(({ view }) => {
  refreshSheet();
  const line = JSON.stringify(view?.log ?? []);
  if (line !== latestLine) {
    latestLine = line;
    refreshLog();
  }
});
refreshSheet();

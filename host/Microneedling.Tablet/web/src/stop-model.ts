// Decides what the STOP bar and the alarm line say. Pure.

import type { LiveView } from "./live-view";

export type StopPhase =
  | { kind: "idle" }
  | { kind: "sending" }
  | { kind: "confirmed" }
  | { kind: "unconfirmed"; words: string };

/** What stands below the word STOP. */
export function stopWords(phase: StopPhase, view: LiveView | null): string {
  switch (phase.kind) {
    case "idle":
      return "";
    case "sending":
      return "Stop sent…";
    case "unconfirmed":
      return "NOT CONFIRMED";
    case "confirmed": {
      const status = view?.status ?? null;
      if (status === null) {
        return "Stopped";
      }
      if (status.state === "Parked") {
        return "Needles parked";
      }
      return status.state === "Retracting" || status.parking ? "Stopped: needles retracting" : "Stopped";
    }
  }
}

/** The loud line across the page, or null when all is well. */
export function alarmWords(phase: StopPhase, view: LiveView | null, silence: number, broken: boolean, old: boolean): string | null {
  if (phase.kind === "unconfirmed") {
    return `${phase.words} STOP is sent again and again. Release the trigger and press the emergency stop.`;
  }
  const seconds = Math.max(1, Math.floor(silence / 1000));
  if (broken || view === null) {
    return silence < 1000 && !broken ? null : `The tablet program does not answer: these values are ${seconds} s old. Release the trigger.`;
  }
  if (!view.link.connected) {
    return `The device is not connected: there are no live values. ${view.link.words}`;
  }
  return old ? `Nothing new from the device: these values are old. Release the trigger.` : null;
}

/** What the link light says. */
export function linkWords(view: LiveView | null, broken: boolean, old: boolean): string {
  if (broken) {
    return "Program silent";
  }
  if (view === null) {
    return "Connecting";
  }
  if (!view.link.connected) {
    return "Device not connected";
  }
  return old ? "Old values" : view.link.degraded ? "Link disturbed" : "Live";
}

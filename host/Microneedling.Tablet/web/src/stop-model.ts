// Decides what the STOP bar and the alarm line say. Pure.

import type { LiveView } from "./live-view";
import { text } from "./texts";

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
      return text("common.stopSent");
    case "unconfirmed":
      return text("common.stopNotConfirmed");
    case "confirmed": {
      const status = view?.status ?? null;
      if (status === null) {
        return text("common.stopped");
      }
      if (status.state === "Parked") {
        return text("common.stoppedParked");
      }
      return status.state === "Retracting" || status.parking ? text("common.stoppedRetracting") : text("common.stopped");
    }
  }
}

/** The loud line across the page, or null when all is well. */
export function alarmWords(phase: StopPhase, view: LiveView | null, silence: number, broken: boolean, old: boolean): string | null {
  if (phase.kind === "unconfirmed") {
    return text("common.stopRepeats", phase.words);
  }
  const seconds = Math.max(1, Math.floor(silence / 1000));
  if (broken || view === null) {
    return silence < 1000 && !broken ? null : text("common.programSilent", seconds);
  }
  if (!view.link.connected) {
    return text("common.deviceGone", view.link.words);
  }
  return old ? text("common.valuesOld") : null;
}

/** What the link light says. */
export function linkWords(view: LiveView | null, broken: boolean, old: boolean): string {
  if (broken) {
    return text("common.linkProgramSilent");
  }
  if (view === null) {
    return text("common.connecting");
  }
  if (!view.link.connected) {
    return text("common.linkNotConnected");
  }
  return old ? text("common.linkOld") : view.link.degraded ? text("common.linkDisturbed") : text("common.linkLive");
}

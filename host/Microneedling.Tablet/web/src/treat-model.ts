// Decides everything that the Treat page says and allows, from the latest snapshot and what the person has set.
// Pure: no page, no clock, no network.

import type { DeviceView, LiveView, StatusView, TreatmentView } from "./live-view";
import { isMoving } from "./live-view";
import * as words from "./words";

/** Silence after which shown values are old. */
const silenceMilliseconds = 1000;

export interface Draft {
  depthMicrometers: number;
  rateMillihertz: number;
}

export type ActionKind = "home" | "confirm" | "arm" | "apply" | "acknowledge";

export interface Action {
  kind: ActionKind;
  label: string;
  enabled: boolean;
}

export type Tone = "calm" | "busy" | "ready" | "live" | "alarm";

export interface Readouts {
  setDepth: string;
  activeDepth: string;
  stage: string;
  setRate: string;
  activeRate: string;
  drivenRate: string;
  measuredRate: string;
  strokes: string;
  /** Whether the device holds to exactly the depth that is set. */
  depthIsActive: boolean;
  /** Whether the device holds to exactly the rate that is set. */
  rateIsActive: boolean;
  strokesLabel: string;
}

export interface TreatModel {
  /** Values on the page are older than a second, or there are none. */
  old: boolean;
  tone: Tone;
  title: string;
  next: string;
  action: Action | null;
  canDisarm: boolean;
  canAskToStart: boolean;
  canSet: boolean;
  readouts: Readouts;
  capReason: string;
  rateRange: string;
}

const noValue = "–";

/** Where the controls stand before anything has been set. */
export const firstDraft: Draft = { depthMicrometers: 250, rateMillihertz: 60_000 };

export function limitDraft(draft: Draft, device: DeviceView): Draft {
  const between = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
  return {
    depthMicrometers: between(draft.depthMicrometers, device.minimumDepthMicrometers, device.unsupervisedDepthMicrometers),
    rateMillihertz: between(draft.rateMillihertz, device.minimumRateMillihertz, device.maximumRateMillihertz),
  };
}

/** What is shown is old when the program, or the device behind it, has been silent for more than a second. */
export function isOld(view: LiveView | null, silence: number, broken: boolean): boolean {
  return broken || view === null || !view.link.connected || view.status === null
    || silence + view.status.ageMilliseconds > silenceMilliseconds;
}

/** The treatment that was confirmed, if the device says that it still holds to it. */
function heldTreatment(view: LiveView | null): TreatmentView | null {
  const treatment = view?.treatment ?? null;
  return treatment !== null && treatment.token === view?.status?.token ? treatment : null;
}

/** What to say and offer in a state. */
interface Step {
  tone: Tone;
  title: string;
  next: string;
  action?: Omit<Action, "enabled">;
  /** The action is shown but must wait, as the words say. */
  waits?: boolean;
}

function beforeArming(status: StatusView): string {
  return !status.cartridgeSeated ? "Seat a cartridge, then arm."
    : status.triggerPressed ? "Release the trigger, then arm."
    : "Check, then arm.";
}

function step(view: LiveView, status: StatusView, draft: Draft): Step {
  const treatment = heldTreatment(view);
  const confirmed = treatment?.setDepthMicrometers === draft.depthMicrometers && treatment.setRateMillihertz === draft.rateMillihertz;
  switch (status.state) {
    case "Unhomed":
      return { tone: "calm", title: "Not homed", next: "Home the device: it finds its zero and parks the needles.", action: { kind: "home", label: "Home" } };
    case "Homing":
      return { tone: "busy", title: "Homing", next: "The depth stage finds its zero. Keep the handpiece off the skin." };
    case "Parked":
      if (!confirmed) {
        return { tone: "calm", title: "Needles parked", next: "Set depth and stroke rate, then confirm them.", action: { kind: "confirm", label: "Confirm values" } };
      }
      return {
        tone: "ready",
        title: "Parked, values confirmed",
        next: `The device will hold to ${words.deviceDepth(treatment.activeDepthMicrometers)} mm at ${words.deviceRate(treatment.activeRateMillihertz)} strokes/s. ${beforeArming(status)}`,
        action: { kind: "arm", label: "Hold to arm" },
      };
    case "Armed":
      if (status.stageMoving && confirmed) {
        return { tone: "busy", title: "Arming", next: "The depth stage moves to the depth. Pressed now, the strokes are shallower until it is there." };
      }
      return confirmed
        ? { tone: "ready", title: "Armed", next: "Press and hold the trigger on the handpiece." }
        : { tone: "ready", title: "Armed", next: "Apply the new values, or press the trigger to go on with the active ones.", action: { kind: "apply", label: "Apply" } };
    case "Running":
      return confirmed
        ? { tone: "live", title: "Running", next: "Release the trigger to pause." }
        : { tone: "live", title: "Running", next: "The new values are not active yet.", action: { kind: "apply", label: "Apply" } };
    case "Retracting":
      return { tone: "busy", title: "Retracting", next: "The needles retract behind the nosecone and park." };
    case "Faulted":
      return {
        tone: "alarm",
        title: status.parking ? "Stopped by a fault, retracting" : "Stopped by a fault",
        next: status.faultWords,
        action: { kind: "acknowledge", label: "Acknowledge" },
        waits: status.parking,
      };
    case "EmergencyStopped":
      return {
        tone: "alarm",
        title: "Emergency stop",
        next: status.emergencyStopPressed ? "Release the emergency stop on the device, then acknowledge." : "It is released. Acknowledge, then home the device.",
        action: { kind: "acknowledge", label: "Acknowledge" },
        waits: status.emergencyStopPressed || status.parking,
      };
    case "Service":
      return { tone: "busy", title: "In service", next: "An engineer calibrates the device. It cannot treat now." };
    default:
      return { tone: "busy", title: "Starting", next: "The device tests itself." };
  }
}

export interface Local {
  draft: Draft;
  pageId: string;
  silence: number;
  broken: boolean;
  /** A request is under way. */
  busy: boolean;
}

export function treatModel(view: LiveView | null, local: Local): TreatModel {
  const old = isOld(view, local.silence, local.broken);
  const readouts = readoutsOf(view, local.draft);
  const device = view?.device;
  const capReason = device ? `Up to ${words.setDepth(device.unsupervisedDepthMicrometers)} mm without a supervisor's unlock` : "";
  const rateRange = device ? `${words.setRate(device.minimumRateMillihertz)} to ${words.setRate(device.maximumRateMillihertz)} strokes a second` : "";
  const common = { old, readouts, capReason, rateRange };
  const status = view?.status ?? null;

  if (view === null || status === null || !view.link.connected) {
    return {
      ...common,
      tone: "alarm",
      title: "Not connected",
      next: view?.link.words ?? "Connecting to the tablet program.",
      action: null, canDisarm: false, canAskToStart: false, canSet: false,
    };
  }

  const now = step(view, status, local.draft);
  const watching = isMoving(status) && view.control.page !== local.pageId;
  const enabled = !old && !local.busy && !watching && now.waits !== true;
  const set = status.state === "Unhomed" || status.state === "Parked" || status.state === "Armed" || status.state === "Running";
  return {
    ...common,
    tone: now.tone,
    title: old ? `Last known: ${now.title.toLowerCase()}` : now.title,
    next: old ? "Nothing has been heard since." : watching ? `${now.next} Another page controls the device; this one watches.` : now.next,
    action: now.action ? { ...now.action, enabled } : null,
    canDisarm: !old && (status.state === "Armed" || status.state === "Running"),
    canAskToStart: !old && !watching && status.state === "Armed",
    canSet: !old && !watching && set,
  };
}

function readoutsOf(view: LiveView | null, draft: Draft): Readouts {
  const status = view?.status ?? null;
  const accepted = status !== null && status.token !== 0;
  const held = heldTreatment(view);
  const finished = view?.session === null ? view.finishedSession : null;
  return {
    setDepth: words.setDepth(draft.depthMicrometers),
    setRate: words.setRate(draft.rateMillihertz),
    activeDepth: accepted ? words.deviceDepth(status.activeDepthMicrometers) : noValue,
    activeRate: accepted ? words.deviceRate(status.activeRateMillihertz) : noValue,
    stage: status?.homed ? words.deviceDepth(status.stagePositionMicrometers) : noValue,
    drivenRate: status ? words.deviceRate(status.drivenRateMillihertz) : noValue,
    measuredRate: status ? words.deviceRate(status.measuredRateMillihertz) : noValue,
    strokes: words.countOr(view?.session?.strokes ?? finished?.strokes, noValue),
    strokesLabel: finished ? `Strokes in session ${finished.id}` : "Strokes in this session",
    depthIsActive: held?.setDepthMicrometers === draft.depthMicrometers,
    rateIsActive: held?.setRateMillihertz === draft.rateMillihertz,
  };
}

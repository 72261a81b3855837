// A snapshot and zones for tests of the pure models.

import { firstDraft, type Draft } from "./draft";
import type { AlarmView, DeviceState, LiveView, PassView, StatusView } from "./live-view";
import type { Local } from "./treat-model";
import type { ZoneSheet } from "./zone-sheet";

export const zones: ZoneSheet[] = [
  {
    id: "cheek-left", name: "Cheek, left", view: "Face", areaSquareMillimeters: 4500, thicknessWords: "1.07 mm", depthCapMicrometers: 1000, capReason: "Up to 1.00 mm for a practitioner",
    presets: [{
      key: "scars", version: 2, name: "Acne scars", indication: "", depthFromMicrometers: 0, depthToMicrometers: 1500, depthMicrometers: 1000, rateMillihertz: 50_000, burstStrokes: 4,
      source: "", grade: "Trial", gradeWords: "Trial", onLabel: true, notes: "", conflicts: [],
    }],
  },
  { id: "eyelid-left", name: "Eyelid, left", view: "Face", areaSquareMillimeters: 400, thicknessWords: "0.75 mm", depthCapMicrometers: 0, capReason: "Eyelids are blocked", presets: [] },
];

export const draft: Draft = { ...firstDraft, zoneId: "cheek-left", areaSquareMillimeters: 4500, depthMicrometers: 800, rateMillihertz: 60_000 };

export const local: Local = { draft, pageId: "this", silence: 20, broken: false, busy: false, changing: false };

export function status(state: DeviceState, changes: Partial<StatusView> = {}): StatusView {
  return {
    ageMilliseconds: 30, deviceTimeMilliseconds: 5000, state, stateWords: "", fault: 0, faultWords: "", homed: true, parking: false, stageMoving: false,
    stagePositionMicrometers: -1000, activeDepthMicrometers: 796, activeRateMillihertz: 60_000, drivenRateMillihertz: 0,
    measuredRateMillihertz: 0, token: 7, triggerPressed: false, emergencyStopPressed: false, cartridgeSeated: true, supplyGood: true, homeSwitchClosed: false, limitSwitchOpen: false,
    activeBurstStrokes: 0, readyAtDepth: state === "Armed", cartridgeUsedBefore: false,
    ...changes,
  };
}

export function pass(changes: Partial<PassView> = {}): PassView {
  return {
    number: 1, zoneId: "cheek-left", areaSquareMillimeters: 4500, strokes: 1200, punctures: 14_400, puncturesPerSquareCentimeter: 320, zonePuncturesPerSquareCentimeter: 320,
    strokingMilliseconds: 65_000, ending: "Running", ...changes,
  };
}

export function alarm(changes: Partial<AlarmView> = {}): AlarmView {
  return { id: "fault-501", priority: "High", title: "Cartridge removed", cause: "", nextStep: "Seat a cartridge.", acknowledged: false, silencedForSeconds: 0, fault: 501, ...changes };
}

export function view(state: DeviceState, changes: Partial<StatusView> = {}, more: Partial<LiveView> = {}): LiveView {
  return {
    link: { connected: true, degraded: false, words: "Connected" },
    device: {
      serialNumber: 1, firmware: "1.0.0", protocol: "1.0", simulated: true,
      minimumDepthMicrometers: 100, unsupervisedDepthMicrometers: 1500, maximumBurstStrokes: 500, minimumRateMillihertz: 10_000, maximumRateMillihertz: 100_000,
    },
    status: status(state, changes),
    treatment: {
      token: 7, zoneId: "cheek-left", setDepthMicrometers: 800, setRateMillihertz: 60_000, setBurstStrokes: 0,
      activeDepthMicrometers: 796, activeDepthCapMicrometers: 1000, activeRateMillihertz: 60_000, activeBurstStrokes: 0,
    },
    session: { id: 4, clientLabel: "Client 0007", needles: 12, strokes: 0, passes: [], recordingFault: null },
    finishedSession: null, missing: [], unlock: null, alarms: [], log: [],
    control: { page: "this", person: "Ana", askingPage: null, askingPerson: null }, notice: null,
    ...more,
  };
}

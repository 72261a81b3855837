import { describe, expect, it } from "vitest";
import type { DeviceState, LiveView, StatusView } from "./live-view";
import { isOld, limitDraft, treatModel, type Draft, type Local } from "./treat-model";

const draft: Draft = { depthMicrometers: 800, rateMillihertz: 60_000 };
const local: Local = { draft, pageId: "this", silence: 20, broken: false, busy: false };

function status(state: DeviceState, changes: Partial<StatusView> = {}): StatusView {
  return {
    ageMilliseconds: 30, deviceTimeMilliseconds: 5000, state, stateWords: "", fault: 0, faultWords: "", homed: true, parking: false, stageMoving: false,
    stagePositionMicrometers: -1000, activeDepthMicrometers: 796, activeRateMillihertz: 60_000, drivenRateMillihertz: 0,
    measuredRateMillihertz: 0, token: 7, triggerPressed: false, emergencyStopPressed: false, cartridgeSeated: true, supplyGood: true, homeSwitchClosed: false, limitSwitchOpen: false, activeBurstStrokes: 0, readyAtDepth: state === "Armed",
    cartridgeUsedBefore: false,
    ...changes,
  };
}

function view(state: DeviceState, changes: Partial<StatusView> = {}): LiveView {
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
    session: null, finishedSession: null, missing: [], unlock: null, alarms: [], log: [],
    control: { page: "this", person: null, askingPage: null, askingPerson: null }, notice: null,
  };
}

describe("the one primary action", () => {
  it.each([
    ["Unhomed", "home"], ["Homing", undefined], ["Parked", "arm"], ["Armed", undefined], ["Running", undefined],
    ["Retracting", undefined], ["Faulted", "acknowledge"], ["EmergencyStopped", "acknowledge"], ["Service", undefined],
  ] as const)("in %s with confirmed values is %s", (state, kind) => {
    expect(treatModel(view(state), local).action?.kind).toBe(kind);
  });

  it("is to confirm while parked when what is set differs from what was confirmed", () => {
    const changed = { ...local, draft: { ...draft, depthMicrometers: 850 } };
    expect(treatModel(view("Parked"), changed).action?.kind).toBe("confirm");
  });

  it("is to confirm again when the device has forgotten the confirmed values", () => {
    expect(treatModel(view("Parked", { token: 0 }), local).action?.kind).toBe("confirm");
  });

  it("is to apply while running when what is set differs", () => {
    const changed = { ...local, draft: { ...draft, rateMillihertz: 70_000 } };
    expect(treatModel(view("Running"), changed).action?.kind).toBe("apply");
  });

  it("is not offered while values are old, while a request is under way, or while a fault still retracts", () => {
    expect(treatModel(view("Parked"), { ...local, silence: 1500 }).action?.enabled).toBe(false);
    expect(treatModel(view("Parked"), { ...local, busy: true }).action?.enabled).toBe(false);
    expect(treatModel(view("Faulted", { parking: true }), local).action?.enabled).toBe(false);
    expect(treatModel(view("EmergencyStopped", { emergencyStopPressed: true }), local).action?.enabled).toBe(false);
    expect(treatModel(view("Parked"), local).action?.enabled).toBe(true);
  });
});

describe("what to do next", () => {
  it("names what arming still needs", () => {
    expect(treatModel(view("Parked", { cartridgeSeated: false }), local).next).toContain("Seat a cartridge");
    expect(treatModel(view("Parked", { triggerPressed: true }), local).next).toContain("Release the trigger");
  });

  it("is to wait while the stage still moves to the depth", () => {
    expect(treatModel(view("Armed", { stageMoving: true }), local)).toMatchObject({ title: "Arming" });
  });

  it("claims no state once values are old", () => {
    expect(treatModel(view("Running"), { ...local, silence: 1500 }).title).toBe("Last known: running");
  });
});

describe("set and active values", () => {
  it("are shown with different grain, and never the one in the other's place", () => {
    const { readouts } = treatModel(view("Parked"), local);
    expect(readouts.setDepth).toBe("0.80");
    expect(readouts.activeDepth).toBe("0.796");
    expect(readouts).toMatchObject({ depthIsActive: true, rateIsActive: true });
  });

  it("differ as soon as a control is touched", () => {
    const changed = { ...local, draft: { ...draft, depthMicrometers: 1000 } };
    const { readouts } = treatModel(view("Running"), changed);
    expect(readouts.setDepth).toBe("1.00");
    expect(readouts.activeDepth).toBe("0.796");
    expect(readouts).toMatchObject({ depthIsActive: false, rateIsActive: true });
  });

  it("show no depth at all while the device does not know it", () => {
    expect(treatModel(view("Unhomed", { homed: false, token: 0 }), local).readouts).toMatchObject({ stage: "–", activeDepth: "–" });
  });
});

describe("a page that only watches", () => {
  const watching = { ...local, pageId: "another" };

  it("cannot set or apply while the device moves", () => {
    const model = treatModel(view("Running"), { ...watching, draft: { ...draft, depthMicrometers: 900 } });
    expect(model.canSet).toBe(false);
    expect(model.action?.enabled).toBe(false);
    expect(model.next).toContain("Another page controls");
  });

  it("can take over once the device is parked", () => {
    expect(treatModel(view("Parked"), watching).action).toMatchObject({ kind: "arm", enabled: true });
  });
});

describe("values are old", () => {
  it.each([
    ["fresh", 100, false, false],
    ["after a second of silence", 1001, false, true],
    ["as soon as the stream breaks", 0, true, true],
  ] as const)("%s", (_, silence, broken, old) => {
    expect(isOld(view("Parked"), silence, broken)).toBe(old);
  });

  it("when the program speaks but the device behind it has been silent", () => {
    expect(isOld(view("Running", { ageMilliseconds: 1200 }), 10, false)).toBe(true);
  });

  it("when the device is not connected", () => {
    expect(isOld({ ...view("Parked"), link: { connected: false, degraded: false, words: "" } }, 10, false)).toBe(true);
  });
});

it("keeps what is set within the limits that the device told", () => {
  const device = view("Parked").device!;
  expect(limitDraft({ depthMicrometers: 1650, rateMillihertz: 5000 }, device)).toEqual({ depthMicrometers: 1500, rateMillihertz: 10_000 });
  expect(limitDraft({ depthMicrometers: 50, rateMillihertz: 101_000 }, device)).toEqual({ depthMicrometers: 100, rateMillihertz: 100_000 });
});

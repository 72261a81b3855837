import { describe, expect, it } from "vitest";
import { isOld, type LiveView } from "./live-view";
import { alarm, draft, local, pass, view, zones } from "./sample-view.test-data";
import { treatModel, type Local } from "./treat-model";

const model = (now: LiveView | null, changes: Partial<Local> = {}) => treatModel(now, zones, { ...local, ...changes });
const deeper = { draft: { ...draft, depthMicrometers: 850 } };

describe("the button below the controls", () => {
  it("confirms while parked what differs from what was confirmed", () => {
    expect(model(view("Parked"), deeper).confirm).toEqual({ kind: "confirm", label: "Confirm values", enabled: true });
    expect(model(view("Parked")).confirm.enabled).toBe(false);
  });

  it("confirms again when the device has forgotten the values", () => {
    expect(model(view("Parked", { token: 0 })).confirm.enabled).toBe(true);
  });

  it("confirms the same values for another zone: the cap may be another", () => {
    const elsewhere = view("Parked");
    elsewhere.treatment!.zoneId = "chin";
    expect(model(elsewhere).confirm.enabled).toBe(true);
  });

  it("applies while running what differs", () => {
    expect(model(view("Running"), deeper).confirm).toEqual({ kind: "apply", label: "Apply new values", enabled: true });
    expect(model(view("Running")).confirm).toMatchObject({ label: "Values active", enabled: false });
  });

  it.each([
    ["no zone is chosen", view("Parked"), { draft: { ...draft, zoneId: null } }],
    ["the zone is blocked", view("Parked"), { draft: { ...draft, zoneId: "eyelid-left" } }],
    ["no session is open", view("Parked", {}, { session: null }), deeper],
    ["the device is not homed", view("Unhomed"), deeper],
    ["values are old", view("Parked"), { ...deeper, silence: 1500 }],
    ["a request is under way", view("Parked"), { ...deeper, busy: true }],
    ["another page controls", view("Parked"), { ...deeper, pageId: "another" }],
  ] as [string, LiveView, Partial<Local>][])("waits while %s", (_, now, changes) => {
    expect(model(now, changes).confirm.enabled).toBe(false);
  });
});

describe("hold to arm", () => {
  it("stands in the read-back, only when nothing is missing", () => {
    expect(model(view("Parked"))).toMatchObject({ panel: "read-back", canArm: true });
    expect(model(view("Parked"), deeper)).toMatchObject({ panel: "setup", canArm: false });
  });

  it.each([
    ["the cartridge is not seated", view("Parked", { cartridgeSeated: false }), {}],
    ["the trigger is pressed", view("Parked", { triggerPressed: true }), {}],
    ["the program says that something is missing", view("Parked", {}, { missing: [{ step: "client", words: "No consent is noted.", href: "/clients" }] }), {}],
    ["the person has gone back to change something", view("Parked"), { changing: true }],
    ["values are old", view("Parked"), { silence: 1500 }],
    ["another page controls", view("Parked"), { pageId: "another" }],
  ] as [string, LiveView, Partial<Local>][])("waits while %s", (_, now, changes) => {
    expect(model(now, changes).canArm).toBe(false);
  });
});

describe("what to do next", () => {
  it("is the first thing that is missing, with the way there", () => {
    const now = view("Parked", {}, { session: null, missing: [{ step: "client", words: "Begin a session.", href: "/prepare" }, { step: "device", words: "Seat a cartridge.", href: null }] });
    expect(model(now, { draft: { ...draft, zoneId: null } })).toMatchObject({ next: "Begin a session.", nextHref: "/prepare" });
  });

  it("is to choose a zone, then to confirm values, before what the device needs", () => {
    const now = view("Parked", {}, { missing: [{ step: "device", words: "Seat a cartridge.", href: null }] });
    expect(model(now, { draft: { ...draft, zoneId: null } }).next).toBe("Choose a zone on the map.");
    expect(model(now, deeper).next).toBe("Set depth and stroke rate, then confirm them.");
    expect(model(now).next).toBe("Seat a cartridge.");
  });

  it("is to wait while armed and not at the depth", () => {
    expect(model(view("Armed", { readyAtDepth: false })).title).toBe("Arming: not at depth yet");
    expect(model(view("Armed")).title).toBe("Armed");
  });

  it("names the fault and its next step", () => {
    expect(model(view("Faulted", {}, { alarms: [alarm()] })).next).toBe("Cartridge removed. Seat a cartridge.");
  });

  it("claims no state once values are old", () => {
    expect(model(view("Running"), { silence: 1500 })).toMatchObject({ title: "Last known: running", next: "Nothing has been heard since." });
  });
});

describe("what fills the page", () => {
  it("is what the needles do while they may move, and after, until it is cleared", () => {
    const treated = { session: { ...view("Parked").session!, passes: [pass()] } };
    expect(model(view("Armed")).panel).toBe("live");
    expect(model(view("Running"), deeper).panel).toBe("live");
    expect(model(view("Faulted", {}, treated)).panel).toBe("live");
    expect(model(view("Faulted")).panel).toBe("setup");
  });
});

describe("the cap", () => {
  it("is that of the zone for this person, with its reason", () => {
    expect(model(view("Parked")).cap).toEqual({ micrometers: 1000, reason: "Up to 1.00 mm for a practitioner", isUnlocked: false });
  });

  it("is the supervisor's in the zone that was unlocked, and in no other", () => {
    const unlock = { zoneId: "cheek-left", depthCapMicrometers: 1500, by: "Dr Ruiz", reason: "Deep scar" };
    expect(model(view("Parked", {}, { unlock })).cap).toEqual({ micrometers: 1500, reason: "Unlocked to 1.50 mm by Dr Ruiz: Deep scar", isUnlocked: true });
    expect(model(view("Parked", {}, { unlock: { ...unlock, zoneId: "chin" } })).cap.isUnlocked).toBe(false);
  });

  it("of nothing forbids to set anything, and says why", () => {
    expect(model(view("Parked"), { draft: { ...draft, zoneId: "eyelid-left" } })).toMatchObject({ canSet: false, next: "Eyelids are blocked" });
  });
});

describe("a page that only watches", () => {
  const watching = { pageId: "another" };

  it("can do nothing but stop, disarm, and ask for control; it says who controls", () => {
    expect(model(view("Parked"), watching)).toMatchObject({
      watches: true, canTakeControl: true, canSet: false, canChooseZone: false, canArm: false, canFinish: false, canUnlock: false, next: "Ana controls the device. This page watches.",
    });
    expect(model(view("Running"), watching)).toMatchObject({ canSet: false, canDisarm: true, canTakeControl: false });
  });

  it("asks once, and the page in control sees it", () => {
    const asked = view("Parked", {}, { control: { page: "this", person: "Ana", askingPage: "another", askingPerson: "Ben" } });
    expect(model(asked, watching).canTakeControl).toBe(false);
    expect(model(asked).asked).toBe(true);
  });

  it("is none when nobody controls", () => {
    expect(model(view("Parked", {}, { control: { page: null, person: null, askingPage: null, askingPerson: null } }), watching).watches).toBe(false);
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

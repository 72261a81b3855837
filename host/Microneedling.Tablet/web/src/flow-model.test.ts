import { describe, expect, it } from "vitest";
import { capOf, sheetOf, type Draft } from "./draft";
import { stepsOf } from "./flow-model";
import type { LiveView } from "./live-view";
import { draft, view, zones } from "./sample-view.test-data";

const steps = (now: LiveView | null, set: Draft = draft) => stepsOf(now, zones, set, capOf(sheetOf(zones, set.zoneId), now));
const statuses = (now: LiveView | null, set?: Draft) => steps(now, set).map(step => step.status).join(" ");

describe("the steps to armed", () => {
  it("begin with a session", () => {
    const now = view("Parked", {}, { session: null, missing: [{ step: "client", words: "Begin a session.", href: "/prepare" }, { step: "cartridge", words: "Note the cartridge.", href: "/prepare" }] });
    expect(statuses(now, { ...draft, zoneId: null })).toBe("now missing missing missing missing");
    expect(steps(now)[0]).toMatchObject({ words: "Begin a session", href: "/prepare" });
  });

  it("go on with cartridge, zone, values and arming", () => {
    const cartridge = { missing: [{ step: "cartridge" as const, words: "The cartridge has been used before.", href: null }] };
    expect(statuses(view("Parked", { token: 0 }, cartridge), { ...draft, zoneId: null })).toBe("done now missing missing missing");
    expect(statuses(view("Parked", { token: 0 }), { ...draft, zoneId: null })).toBe("done done now missing missing");
    expect(statuses(view("Parked", { token: 0 }))).toBe("done done done now missing");
    expect(statuses(view("Parked"))).toBe("done done done done now");
    expect(statuses(view("Armed"))).toBe("done done done done done");
  });

  it("do not count a blocked zone as chosen", () => {
    expect(steps(view("Parked", { token: 0 }), { ...draft, zoneId: "eyelid-left" })[2]!.status).toBe("now");
  });

  it("say in words who, what and how much", () => {
    expect(steps(view("Parked")).map(step => step.words)).toEqual(["Client 0007", "12 needles", "Cheek, left", "0.80 mm · 60 /s", "Not armed"]);
    expect(steps(view("Parked", {}, { session: { ...view("Parked").session!, clientLabel: null } }))[0]!.words).toBe("Test block");
  });

  it("stand before anything is known", () => {
    expect(statuses(null, { ...draft, zoneId: null })).toBe("now missing missing missing missing");
  });
});

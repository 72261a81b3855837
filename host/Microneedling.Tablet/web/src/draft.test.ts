import { describe, expect, it } from "vitest";
import { areaFrom, capOf, changed, draftOf, limitDraft, presetOf, withMode, withPreset, withZone } from "./draft";
import { draft, view, zones } from "./sample-view.test-data";

const [cheek, eyelid] = [zones[0]!, zones[1]!];
const scars = cheek.presets[0]!;
const cap = { micrometers: 1000, reason: "", isUnlocked: false };

describe("a preset", () => {
  it("sets its values and is named as their source", () => {
    const set = withPreset(draft, scars, cap);
    expect(set).toMatchObject({ depthMicrometers: 1000, rateMillihertz: 50_000, burstStrokes: 4 });
    expect(presetOf(cheek, set)).toBe(scars);
  });

  it("never sets a depth above the cap", () => {
    expect(withPreset(draft, { ...scars, depthMicrometers: 1500 }, cap).depthMicrometers).toBe(1000);
  });

  it("leaves what it does not name as it is", () => {
    expect(withPreset(draft, { ...scars, rateMillihertz: null, burstStrokes: null }, cap)).toMatchObject({ rateMillihertz: 60_000, burstStrokes: 0 });
  });

  it("is the source no longer once a value is changed by hand, but still after a change of the area", () => {
    const set = withPreset(draft, scars, cap);
    expect(changed(set, { depthMicrometers: 950 }).preset).toBeNull();
    expect(changed(set, { depthMicrometers: 1000 }).preset).not.toBeNull();
    expect(presetOf(cheek, { ...set, areaSquareMillimeters: 100 })).toBe(scars);
  });

  it("belongs to its zone", () => {
    expect(withZone(withPreset(draft, scars, cap), eyelid)).toMatchObject({ zoneId: "eyelid-left", areaSquareMillimeters: 400, preset: null });
  });
});

describe("limits", () => {
  const device = view("Parked").device!;

  it("keep what is set within the cap and what the device told", () => {
    expect(limitDraft({ ...draft, depthMicrometers: 1650, rateMillihertz: 5000, burstStrokes: 900 }, device, cap)).toMatchObject({ depthMicrometers: 1000, rateMillihertz: 10_000, burstStrokes: 500 });
    expect(limitDraft({ ...draft, depthMicrometers: 50, rateMillihertz: 101_000 }, device, cap)).toMatchObject({ depthMicrometers: 100, rateMillihertz: 100_000 });
  });

  it("take away stamping where the device does not count strokes", () => {
    expect(limitDraft({ ...draft, burstStrokes: 3 }, { ...device, maximumBurstStrokes: 0 }, cap).burstStrokes).toBe(0);
  });

  it("come down when an unlock is taken back", () => {
    const unlock = { zoneId: "cheek-left", depthCapMicrometers: 1500, by: "", reason: "" };
    const deep = limitDraft({ ...draft, depthMicrometers: 1500 }, device, capOf(cheek, view("Parked", {}, { unlock })));
    expect(deep.depthMicrometers).toBe(1500);
    expect(limitDraft(deep, device, capOf(cheek, view("Parked"))).depthMicrometers).toBe(1000);
  });
});

it("turns to stamping with the strokes set last, and back to gliding", () => {
  expect(withMode(draft, "stamp").burstStrokes).toBe(3);
  expect(withMode({ ...draft, burstStrokes: 9 }, "stamp").burstStrokes).toBe(9);
  expect(withMode({ ...draft, burstStrokes: 9 }, "glide").burstStrokes).toBe(0);
});

it("follows what was confirmed elsewhere", () => {
  expect(draftOf(view("Parked").treatment!, { ...draft, zoneId: null, depthMicrometers: 100 }, zones)).toMatchObject({ zoneId: "cheek-left", areaSquareMillimeters: 4500, depthMicrometers: 800 });
});

it.each([["45", 4500], ["4,5", 450], [" 1.25 ", 125], ["", null], ["0", null], ["3000", null], ["five", null]] as const)("takes %o cm² as %o mm²", (typed, area) => {
  expect(areaFrom(typed)).toBe(area);
});

import { describe, expect, it } from "vitest";
import { readoutsOf, treatedZones } from "./readouts";
import { draft, pass, view } from "./sample-view.test-data";

describe("set and active values", () => {
  it("are written with different grain, and never the one in the other's place", () => {
    expect(readoutsOf(view("Parked"), draft)).toMatchObject({ setDepth: "0.80", activeDepth: "0.796", setRate: "60", activeRate: "60.0", depthIsActive: true, rateIsActive: true, modeIsActive: true });
  });

  it("differ as soon as a control is touched", () => {
    expect(readoutsOf(view("Running"), { ...draft, depthMicrometers: 1000 })).toMatchObject({ setDepth: "1.00", activeDepth: "0.796", depthIsActive: false, rateIsActive: true });
    expect(readoutsOf(view("Running"), { ...draft, burstStrokes: 3 })).toMatchObject({ setMode: "Stamp × 3", activeMode: "Glide", modeIsActive: false });
  });

  it("are not active in another zone", () => {
    expect(readoutsOf(view("Parked"), { ...draft, zoneId: "chin" })).toMatchObject({ depthIsActive: false, rateIsActive: false, modeIsActive: false });
  });

  it("show no depth at all while the device does not know it", () => {
    expect(readoutsOf(view("Unhomed", { homed: false, token: 0 }), draft)).toMatchObject({ stage: "–", activeDepth: "–", activeMode: "–" });
  });
});

describe("counters", () => {
  it("are those of the latest pass, the density that of its zone", () => {
    const passes = [pass(), pass({ number: 2, strokes: 60, punctures: 720, puncturesPerSquareCentimeter: 16, zonePuncturesPerSquareCentimeter: 336, strokingMilliseconds: 1000 })];
    expect(readoutsOf(view("Running", {}, { session: { ...view("Running").session!, passes } }), draft)).toMatchObject({ strokes: "60", punctures: "720", density: "336", time: "0:01" });
  });

  it("are not known before the first pass", () => {
    expect(readoutsOf(view("Parked"), draft)).toMatchObject({ strokes: "–", punctures: "–", density: "–", time: "–" });
  });
});

it("a zone is treated once needles have stroked in it, however little of a large one", () => {
  const passes = [
    pass({ number: 2, strokes: 0, zonePuncturesPerSquareCentimeter: 336 }),
    pass({ number: 3, zoneId: "chin", strokes: 0, zonePuncturesPerSquareCentimeter: 0 }),
    pass({ number: 4, zoneId: "abdomen", strokes: 1, zonePuncturesPerSquareCentimeter: 0.03 }),
  ];
  expect([...treatedZones(passes)]).toEqual([["cheek-left", 336], ["abdomen", 0.03]]);
});

import { describe, expect, it } from "vitest";
import { burstOf, soundOf, sorted, stateWords } from "./alarm-model";
import { alarm } from "./sample-view.test-data";

const low = alarm({ id: "low", priority: "Low" });
const medium = alarm({ id: "medium", priority: "Medium" });
const high = alarm({ id: "high" });

describe("condition, acknowledged and silenced", () => {
  it("are three things, each in words", () => {
    expect(stateWords(high)).toBe("High priority");
    expect(stateWords({ ...high, silencedForSeconds: 65 })).toBe("Silenced 1:05");
    expect(stateWords({ ...high, acknowledged: true })).toBe("Acknowledged");
  });

  it("an acknowledged alarm stands behind those that nobody has seen", () => {
    expect(sorted([low, { ...high, acknowledged: true }, medium]).map(one => one.id)).toEqual(["medium", "low", "high"]);
  });
});

describe("the sound", () => {
  it("is that of the gravest alarm that is neither acknowledged nor silenced", () => {
    expect(soundOf([low, medium, high])).toBe("High");
    expect(soundOf([low, medium, { ...high, acknowledged: true }])).toBe("Medium");
    expect(soundOf([low, { ...high, silencedForSeconds: 20 }])).toBe("Low");
    expect(soundOf([])).toBeNull();
  });

  it.each([["High", 10], ["Medium", 3], ["Low", 1]] as const)("of priority %s has %d beeps that do not overlap", (priority, count) => {
    const { beeps, repeatSeconds } = burstOf(priority);
    expect(beeps).toHaveLength(count);
    beeps.slice(1).forEach((beep, index) => expect(beep.at).toBeGreaterThan(beeps[index]!.at + beeps[index]!.long));
    expect(repeatSeconds).toBeGreaterThan(beeps.at(-1)!.at + beeps.at(-1)!.long);
  });

  it("of a high priority is two groups of five, each of three and two", () => {
    const gaps = burstOf("High").beeps.slice(1).map((beep, index) => beep.at - burstOf("High").beeps[index]!.at);
    expect(gaps.map(gap => (gap > 0.6 ? "group" : gap > 0.3 ? "long" : "short"))).toEqual(["short", "short", "long", "short", "group", "short", "short", "long", "short"]);
  });
});

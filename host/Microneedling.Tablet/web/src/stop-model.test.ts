import { describe, expect, it } from "vitest";
import type { LiveView, StatusView } from "./live-view";
import { alarmWords, linkWords, stopWords } from "./stop-model";

const at = (state: StatusView["state"], parking = false): LiveView => ({
  link: { connected: true, degraded: false, words: "Connected" },
  status: { state, parking } as StatusView,
} as LiveView);

describe("the STOP bar", () => {
  it("says nothing before STOP", () => {
    expect(stopWords({ kind: "idle" }, at("Running"))).toBe("");
  });

  it("says sent until the device has confirmed, even if the needles happen to be parked", () => {
    expect(stopWords({ kind: "sending" }, at("Parked"))).toBe("Stop sent…");
  });

  it.each([["Retracting", false, "Stopped: needles retracting"], ["Faulted", true, "Stopped: needles retracting"], ["Parked", false, "Needles parked"], ["Unhomed", false, "Stopped"]] as const)(
    "once confirmed says, in %s (parking %s): %s", (state, parking, words) => {
      expect(stopWords({ kind: "confirmed" }, at(state, parking))).toBe(words);
    });
});

describe("the alarm line", () => {
  it("is silent when all is well", () => {
    expect(alarmWords({ kind: "idle" }, at("Running"), 50, false, false)).toBeNull();
  });

  it("names the emergency stop when STOP is not confirmed", () => {
    expect(alarmWords({ kind: "unconfirmed", words: "The tablet program does not answer." }, at("Running"), 50, true, true))
      .toMatch(/does not answer.*emergency stop/);
  });

  it("says how old the values are when the program is silent", () => {
    expect(alarmWords({ kind: "idle" }, at("Running"), 3400, true, true)).toContain("3 s old");
  });

  it("tells a silent program from a silent device", () => {
    expect(linkWords(at("Running"), true, true)).toBe("Program silent");
    expect(linkWords(at("Running"), false, true)).toBe("Old values");
    expect(linkWords(at("Running"), false, false)).toBe("Live");
  });

  it("says when the link is disturbed, though values still come", () => {
    const disturbed = { ...at("Running"), link: { connected: true, degraded: true, words: "" } };
    expect(linkWords(disturbed, false, false)).toBe("Link disturbed");
    expect(linkWords(disturbed, false, true)).toBe("Old values");
  });
});

import { describe, expect, it } from "vitest";
import { dragged } from "./drag-slider";
import type { StatusView } from "./live-view";
import { Recent } from "./recent";
import * as words from "./words";

const range = { least: 100, most: 1500, grain: 50 };

describe("the depth slider", () => {
  it("ignores a tap, wherever it lands", () => {
    expect(dragged(250, 0, 350, range)).toBe(250);
    expect(dragged(250, 7, 350, range)).toBe(250);
  });

  it("moves by as much as the finger, on the grain", () => {
    expect(dragged(250, 50, 350, range)).toBe(450);
    expect(dragged(250, -10, 350, range)).toBe(200);
  });

  it("stays within the range", () => {
    expect(dragged(1400, 4000, 350, range)).toBe(1500);
    expect(dragged(250, -4000, 350, range)).toBe(100);
  });
});

describe("the last 30 seconds", () => {
  const status = (seconds: number, stage = 0): StatusView => ({
    deviceTimeMilliseconds: seconds * 1000, homed: true, token: 1, stagePositionMicrometers: stage,
    activeDepthMicrometers: 800, drivenRateMillihertz: 60_000, measuredRateMillihertz: 59_900,
  } as StatusView);

  it("drops what is older and counts back from the latest", () => {
    const recent = new Recent();
    for (let second = 0; second <= 40; second++) {
      recent.add(status(second));
    }
    const { seconds, stageMillimeters } = recent.backwards();
    expect(seconds[0]).toBe(-30);
    expect(seconds.at(-1)).toBe(0);
    expect(stageMillimeters).toHaveLength(seconds.length);
  });

  it("takes no status twice, and begins anew when the device has restarted", () => {
    const recent = new Recent();
    expect(recent.add(status(10))).toBe(true);
    expect(recent.add(status(10))).toBe(false);
    expect(recent.backwards().seconds).toHaveLength(1);
    recent.add(status(1, 500));
    expect(recent.backwards()).toMatchObject({ seconds: [0], stageMillimeters: [0.5] });
  });
});

it("writes numbers so that set and reported values look different", () => {
  expect(words.setDepth(800)).toBe("0.80");
  expect(words.deviceDepth(796)).toBe("0.796");
  expect(words.deviceDepth(-1000)).toBe("−1.000");
  expect(words.setRate(60_000)).toBe("60");
  expect(words.deviceRate(59_940)).toBe("59.9");
  expect(words.countOr(1234567, "–")).toBe("1\u2009234\u2009567");
  expect(words.countOr(undefined, "–")).toBe("–");
});

it("writes densities, times and areas", () => {
  expect(words.density(8.44)).toBe("8.4");
  expect(words.density(152.4)).toBe("152");
  expect(words.density(155.467)).toBe("155");
  expect(words.density(9.949)).toBe("9.9");
  expect(words.density(9.95)).toBe("10");
  expect(words.density(0.03)).toBe("0.0");
  expect(words.density(0)).toBe("0");
  expect(words.minutes(65_900)).toBe("1:05");
  expect(words.area(4500)).toBe("45");
  expect(words.area(450)).toBe("4.5");
});

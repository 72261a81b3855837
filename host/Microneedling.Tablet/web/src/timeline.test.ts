import { expect, test } from "vitest";
import { minutesAndSeconds, withDetail, type Timeline } from "./timeline";

test("times of a session are minutes and seconds", () => {
  expect([0, 5, 59.6, 60, 605, 3725].map(minutesAndSeconds)).toEqual(["0:00", "0:05", "1:00", "1:00", "10:05", "62:05"]);
});

function of(seconds: number[]): Timeline {
  const values = seconds.map(second => second * 10);
  return { seconds, stagePositionMicrometers: values, activeDepthMicrometers: values.map(() => null), drivenRateMillihertz: values, measuredRateMillihertz: values, passes: [] };
}

test.each([
  ["in the middle", [2, 2.5, 3], [0, 1, 2, 2.5, 3, 4]],
  ["at the beginning", [0, 0.5, 1], [0, 0.5, 1, 2, 3, 4]],
  ["at the end", [3, 3.5, 4], [0, 1, 2, 3, 3.5, 4]],
  ["all of it", [0, 1, 1.5, 4], [0, 1, 1.5, 4]],
  ["nothing", [], [0, 1, 2, 3, 4]],
])("detail %s takes the place of what was there", (_, part, expected) => {
  const merged = withDetail(of([0, 1, 2, 3, 4]), of(part));
  expect(merged).toEqual(of(expected));
});

import { expect, test } from "vitest";
import { minutesAndSeconds } from "./timeline";

test("times of a session are minutes and seconds", () => {
  expect([0, 5, 59.6, 60, 605, 3725].map(minutesAndSeconds)).toEqual(["0:00", "0:05", "1:00", "1:00", "10:05", "62:05"]);
});

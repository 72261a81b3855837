import { expect, test } from "vitest";
import { millimeters, typedMicrometers } from "./millimeters";

test("a typed length is taken with a point or a comma, to the micrometre", () => {
  expect(["1.012", "1,012", " 0.5 ", "-0.250", "−0.25", "+1", "2"].map(typedMicrometers)).toEqual([1012, 1012, 500, -250, -250, 1000, 2000]);
});

test("what is no length in millimetres is not taken for one", () => {
  expect(["", "1012", "1.0123", "1.2.3", "abc", "0x1", "1e1", "12.5", "."].map(typedMicrometers)).toEqual(Array(9).fill(null));
});

test("lengths are told to the micrometre, a change with its sign", () => {
  expect([millimeters(1012), millimeters(-1000), millimeters(40, true), millimeters(null)]).toEqual(["1.012 mm", "−1.000 mm", "+0.040 mm", "–"]);
});

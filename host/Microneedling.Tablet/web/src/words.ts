// Numbers in words. What a person has set is shown to its grain (0.80 mm); what the device reports to the micrometre
// (0.797 mm), so that neither can be taken for the other.

/** A set depth, such as 0.80. */
export function setDepth(micrometers: number): string {
  return (micrometers / 1000).toFixed(2);
}

/** A depth or position that the device reports, such as 0.797 or −1.000. */
export function deviceDepth(micrometers: number): string {
  return (micrometers / 1000).toFixed(3).replace("-", "−");
}

/** A set rate, such as 60. */
export function setRate(millihertz: number): string {
  return String(Math.round(millihertz / 1000));
}

/** A rate that the device reports, such as 59.9. */
export function deviceRate(millihertz: number): string {
  return (millihertz / 1000).toFixed(1);
}

/** A count with thin spaces, such as 12 345, or what to show without one. */
export function countOr(value: number | undefined, otherwise: string): string {
  return value === undefined ? otherwise : String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** Punctures per cm², such as 152 or 8.4. */
export function density(perSquareCentimeter: number): string {
  return perSquareCentimeter > 0 && perSquareCentimeter < 9.95 ? perSquareCentimeter.toFixed(1) : countOr(Math.round(perSquareCentimeter), "");
}

/** A time such as 1:05. */
export function minutes(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** An area in square centimetres, such as 45 or 4.5. */
export function area(squareMillimeters: number): string {
  return String(Math.round(squareMillimeters) / 100);
}

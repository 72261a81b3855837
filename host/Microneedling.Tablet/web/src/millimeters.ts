// What a person types as a length, and lengths in words.

/** Micrometres of a typed length in millimetres, with a point or a comma; null: it is no length within ±9.999 mm. */
export function typedMicrometers(typed: string): number | null {
  const plain = typed.trim().replace(",", ".").replace("−", "-");
  return /^[+-]?\d(\.\d{1,3})?$/.test(plain) ? Math.round(Number(plain) * 1000) : null;
}

/** A length to the micrometre, such as 1.012 mm; a dash when it is not known. */
export function millimeters(micrometers: number | null | undefined, withSign = false): string {
  if (micrometers === null || micrometers === undefined) {
    return "–";
  }
  const words = (micrometers / 1000).toFixed(3).replace("-", "−");
  return `${withSign && micrometers > 0 ? "+" : ""}${words} mm`;
}

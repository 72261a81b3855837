// The texts that the server has put into the page for its scripts, in the person's language.

const place = typeof document === "undefined" ? null : document.getElementById("texts");
let texts: Record<string, string> = place === null ? {} : JSON.parse(place.textContent ?? "{}") as Record<string, string>;

/** The text of a key, with values for {0}, {1} … */
export function text(key: string, ...values: (string | number)[]): string {
  return (texts[key] ?? key).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ""));
}

/** Gives texts where there is no page: in tests. */
export function giveTexts(given: Record<string, string>): void {
  texts = given;
}

// The page's colour tokens for a canvas. A token is a light-dark() value, which only an element can resolve: a probe does.

const resolved = new Map<string, string>();

/** The colour of a token such as --plot-ink, in the theme in force. */
export function color(token: string): string {
  let value = resolved.get(token);
  if (value === undefined) {
    const probe = document.createElement("span");
    probe.hidden = true;
    probe.style.color = `var(${token})`;
    document.body.append(probe);
    value = getComputedStyle(probe).color;
    probe.remove();
    resolved.set(token, value);
  }
  return value;
}

/** Calls back when the theme has changed. */
export function onThemeChange(changed: () => void): void {
  const forget = (): void => {
    resolved.clear();
    changed();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", forget);
  new MutationObserver(forget).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

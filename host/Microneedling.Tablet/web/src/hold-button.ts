// A button that acts only after it has been held, so that no brush of a hand does. Decides when the hold counts.

const holdMilliseconds = 1500;

/** Calls back once the button has been held for 1.5 s, by finger, mouse or the space or enter key. */
export function onHold(button: HTMLButtonElement, isHold: () => boolean, held: () => void): void {
  let timer: number | undefined;

  const begin = (): void => {
    if (timer !== undefined || button.disabled || !isHold()) {
      return;
    }
    button.classList.add("holding");
    timer = window.setTimeout(() => {
      cancel();
      held();
    }, holdMilliseconds);
  };
  const cancel = (): void => {
    window.clearTimeout(timer);
    timer = undefined;
    button.classList.remove("holding");
  };
  const isKey = (event: KeyboardEvent): boolean => event.key === " " || event.key === "Enter";

  button.addEventListener("pointerdown", event => { if (event.button === 0) begin(); });
  for (const end of ["pointerup", "pointercancel", "pointerleave", "blur"]) {
    button.addEventListener(end, cancel);
  }
  button.addEventListener("keydown", event => { if (isKey(event) && !event.repeat) begin(); });
  button.addEventListener("keyup", event => { if (isKey(event)) cancel(); });
  button.addEventListener("contextmenu", event => event.preventDefault());
}

// Dialogs that hold the page still but never STOP: they are not modal, so the STOP bar stays in reach, above them.
// Esc is STOP on every page: it also closes the dialog, so that the page behind it can be seen.

const heldStill = "main, header nav, .identity, .person";

let opener: HTMLElement | null = null;

/** Opens a dialog and gives its first field the focus. */
export function openDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) {
    return;
  }
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  dialog.show();
  hold(true);
  dialog.querySelector<HTMLElement>("[autofocus], input, select, textarea, button")?.focus();
}

/** Closes a dialog; the focus goes back to where it was. */
export function closeDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) {
    dialog.close();
    hold(false);
    opener?.focus();
  }
}

function hold(still: boolean): void {
  for (const part of document.querySelectorAll<HTMLElement>(heldStill)) {
    part.inert = still;
  }
}

/** Makes buttons marked with data-close close the dialog. A dialog must stand outside main. */
export function letClose(dialog: HTMLDialogElement): void {
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => closeDialog(dialog));
  }
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") {
      closeDialog(dialog);
    }
  });
}

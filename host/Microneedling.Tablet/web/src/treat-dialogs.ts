// The two dialogs of the Treat page: a supervisor's unlock of a deeper cap, and the end of the session.

import { closeDialog, letClose, openDialog } from "./dialogs";
import { byId, setText } from "./dom";
import type { SessionView } from "./live-view";
import { askAsPage } from "./requests";
import { text } from "./texts";
import { treatedZones } from "./readouts";
import * as words from "./words";
import type { ZoneSheet } from "./zone-sheet";

/** Returns what opens the unlock of a zone. */
export function unlockDialog(): (sheet: ZoneSheet) => void {
  const dialog = byId<HTMLDialogElement>("unlock-dialog");
  const form = byId<HTMLFormElement>("unlock-form");
  const supervisor = byId<HTMLSelectElement>("unlock-supervisor");
  const pin = byId<HTMLInputElement>("unlock-pin");
  const reason = byId<HTMLInputElement>("unlock-reason");
  const error = byId("unlock-error");
  let zoneId = "";
  letClose(dialog);
  form.querySelector<HTMLButtonElement>("[type=submit]")!.disabled = supervisor.options.length === 0;

  form.addEventListener("submit", event => {
    event.preventDefault();
    void (async () => {
      const answer = await askAsPage("/api/unlock", { zoneId, supervisorId: Number(supervisor.value), pin: pin.value, reason: reason.value });
      pin.value = "";
      setText(error, answer.ok ? "" : answer.words);
      if (answer.ok) {
        reason.value = "";
        closeDialog(dialog);
      }
    })();
  });

  return sheet => {
    zoneId = sheet.id;
    pin.value = "";
    setText(error, "");
    setText(byId("unlock-for"), text("treat.unlockFor", sheet.name, words.setDepth(sheet.depthCapMicrometers)));
    openDialog(dialog);
  };
}

/** Returns what asks how the session ended. */
export function finishDialog(): (session: SessionView) => void {
  const dialog = byId<HTMLDialogElement>("finish-dialog");
  const error = byId("finish-error");
  letClose(dialog);
  for (const button of dialog.querySelectorAll<HTMLButtonElement>("[data-carried]")) {
    button.addEventListener("click", () => void (async () => {
      const answer = await askAsPage("/api/session/finish", { carriedThrough: button.dataset["carried"] === "true" });
      setText(error, answer.ok ? "" : answer.words);
      if (answer.ok) {
        closeDialog(dialog);
      }
    })());
  }

  return session => {
    setText(error, "");
    setText(byId("finish-words"), text("treat.finishWords", session.clientLabel ?? text("treat.testBlock"), words.countOr(session.strokes, ""), treatedZones(session.passes).size));
    openDialog(dialog);
  };
}

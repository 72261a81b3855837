// While this page controls a device that moves or is in service, it says that it is there; when it no longer can, the
// device is stopped or leaves service.

import { freshness, pageId } from "./live";
import { isMoving } from "./live-view";
import { askAsPage } from "./requests";

const presenceMilliseconds = 400;

/** Begins to report. */
export function reportPresence(): void {
  let reporting = false;
  setInterval(() => {
    const { view } = freshness();
    if (!reporting && !document.hidden && view !== null && view.control.page === pageId && (isMoving(view.status) || view.status?.state === "Service")) {
      reporting = true;
      void askAsPage("/api/presence").finally(() => { reporting = false; });
    }
  }, presenceMilliseconds);
}

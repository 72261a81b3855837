// The one live stream of a page. Decides how fresh what the page shows is; shows nothing itself.
// A hidden page gives its stream up: a browser grants few connections, and whoever controls the device must see it.

import type { LiveView } from "./live-view";
import { checkSignIn, isSignedIn } from "./signed-in";

/** This page, as the program knows it: new with every load. */
export const pageId = crypto.randomUUID();

export interface Freshness {
  /** The latest snapshot, or null before the first. */
  view: LiveView | null;
  /** Milliseconds since it came. */
  silence: number;
  /** Whether the stream is known to be broken. */
  broken: boolean;
}

type Listener = (freshness: Freshness) => void;

const listeners: Listener[] = [];
let view: LiveView | null = null;
let heardAt = performance.now();
let broken = false;
let source: EventSource | null = null;

export function freshness(): Freshness {
  return { view, silence: performance.now() - heardAt, broken };
}

/** Calls back with every snapshot, and ten times a second so that silence shows. */
export function onLive(listener: Listener): void {
  listeners.push(listener);
}

function tell(): void {
  const now = freshness();
  for (const listener of listeners) {
    listener(now);
  }
}

function open(): void {
  if (!isSignedIn) {
    return;
  }
  source?.close();
  source = new EventSource(`/api/live?page=${pageId}`);
  source.addEventListener("live", event => {
    view = JSON.parse((event as MessageEvent<string>).data) as LiveView;
    heardAt = performance.now();
    broken = false;
    tell();
  });
  source.onerror = () => {
    broken = true;
    tell();
    void checkSignIn();
    if (source?.readyState === EventSource.CLOSED) {
      setTimeout(() => { if (!document.hidden) open(); }, 1000);
    }
  };
}

function close(): void {
  source?.close();
  source = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
addEventListener("pageshow", event => { if (event.persisted) open(); });
setInterval(tell, 100);
if (!document.hidden) {
  open();
}

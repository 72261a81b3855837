// Keeps the screen awake while it is wanted, and again after the page was hidden. Says when the browser refuses.

let wanted = false;
let lock: WakeLockSentinel | null = null;
let asking = false;
let refused = false;

async function acquire(): Promise<void> {
  if (!wanted || asking || lock !== null || document.hidden) {
    return;
  }
  asking = true;
  try {
    lock = await navigator.wakeLock.request("screen");
    refused = false;
    lock.addEventListener("release", () => {
      lock = null;
      void acquire();
    });
    if (!wanted) {
      void lock.release();
    }
  } catch {
    refused = true;
  } finally {
    asking = false;
  }
}

document.addEventListener("visibilitychange", () => void acquire());

/** Asks for the screen to stay awake, or lets it go. Called again and again. */
export function keepAwake(want: boolean): void {
  if (want === wanted) {
    return;
  }
  wanted = want;
  if (want) {
    void acquire();
  } else {
    refused = false;
    void lock?.release();
  }
}

/** Whether the browser has refused. */
export function isAwakeRefused(): boolean {
  return wanted && refused;
}

// The page's side of the sign-in: touches keep it open, and when it has ended the page goes to where one signs in, except
// while STOP is on its way.

const touchPeriodMilliseconds = 60_000;

/** Whether somebody was signed in when the page was loaded. Without, there is nothing live. */
export const isSignedIn = document.documentElement.dataset["signedIn"] === "true";

let mustStay: () => boolean = () => false;

/** Gives the condition in which the page is not to be left. */
export function stayWhile(condition: () => boolean): void {
  mustStay = condition;
}

/** The program has said that nobody is signed in. */
export function signedOut(): void {
  if (isSignedIn && !mustStay()) {
    location.assign(`/signin?return=${encodeURIComponent(location.pathname + location.search)}`);
  }
}

/** Asks whether the sign-in is still open. */
export async function checkSignIn(): Promise<void> {
  const response = await fetch("/api/who", { headers: { Accept: "application/json" } }).catch(() => null);
  if (response?.status === 401) {
    signedOut();
  }
}

/** Tells the program that somebody is here, at most once a minute. */
export function keepSignedIn(): void {
  let told = performance.now();
  const touch = (): void => {
    if (performance.now() - told >= touchPeriodMilliseconds) {
      told = performance.now();
      void checkSignIn();
    }
  };
  addEventListener("pointerdown", touch, { capture: true, passive: true });
  addEventListener("keydown", touch, { capture: true, passive: true });
}

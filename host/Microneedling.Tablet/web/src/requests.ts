// Asks the program for something, and turns what went wrong into words for the person.

import { pageId } from "./live";
import { signedOut } from "./signed-in";
import { text } from "./texts";

const requestToken = document.querySelector<HTMLMetaElement>("meta[name=request-token]")?.content ?? "";

export type Answer = { ok: true; body: unknown } | { ok: false; words: string };

/** Posts JSON. What has been sent goes on even if the page is left. */
export async function ask(path: string, body: Record<string, unknown> = {}, timeoutMilliseconds = 5000): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Request-Token": requestToken },
      body: JSON.stringify(body),
      keepalive: true,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  } catch {
    return { ok: false, words: text("common.programUnreachable") };
  }

  if (response.status === 204) {
    return { ok: true, body: null };
  }

  if (response.status === 401) {
    signedOut();
  }

  const answer: unknown = await response.json().catch(() => null);
  return response.ok
    ? { ok: true, body: answer }
    : { ok: false, words: (answer as { title?: string } | null)?.title ?? text("common.programAnswered", response.status) };
}

/** The same, for requests that name the page. */
export function askAsPage(path: string, body: Record<string, unknown> = {}, timeoutMilliseconds?: number): Promise<Answer> {
  return ask(path, { page: pageId, ...body }, timeoutMilliseconds);
}

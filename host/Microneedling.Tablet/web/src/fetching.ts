// Fetches what a page shows beside the live stream: again whenever it is asked, one at a time, and not too often.

/** Gives a function that asks for a fetch. What cannot be fetched changes nothing: the live stream says what is the matter. */
export function fetching<T>(path: string, atMostEveryMilliseconds: number, show: (answer: T | null, status: number) => void): () => void {
  let busy = false;
  let wanted = false;
  let begunAt = -Infinity;

  const run = async (): Promise<void> => {
    busy = true;
    wanted = false;
    begunAt = performance.now();
    const response = await fetch(path, { headers: { Accept: "application/json" } }).catch(() => null);
    const answer = response?.ok ? await response.json().catch(() => null) as T | null : null;
    if (response !== null) {
      show(answer, response.status);
    }
    setTimeout(() => {
      busy = false;
      if (wanted && !document.hidden) {
        void run();
      }
    }, Math.max(0, begunAt + atMostEveryMilliseconds - performance.now()));
  };

  return () => {
    wanted = true;
    if (!busy && !document.hidden) {
      void run();
    }
  };
}

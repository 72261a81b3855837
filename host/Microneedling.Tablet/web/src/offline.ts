// The page that stands in while the program does not answer: asks every two seconds, and loads the page that was asked for
// as soon as there is an answer, whatever it is.

const everyMilliseconds = 2000;

setInterval(() => {
  void fetch("/api/who", { cache: "no-store", signal: AbortSignal.timeout(everyMilliseconds) })
    .then(() => location.reload())
    .catch(() => undefined);
}, everyMilliseconds);

export {};

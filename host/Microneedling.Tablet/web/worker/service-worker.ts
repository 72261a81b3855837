// The installed app's shell. Everything is asked of the program first; what is kept is shown only when it does not answer.
// Commands, STOP and everything else below /api never pass through here: the browser sends them itself.
// The program puts `self.shell` in front of this file: its version, the files to keep, and the page to show.

declare const self: ServiceWorkerGlobalScope & { readonly shell: { version: string; files: string[]; offline: string } };

const { version, files, offline } = self.shell;
const cacheName = `shell-${version}`;

self.addEventListener("install", event => {
  event.waitUntil((async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll([...files, offline].map(path => new Request(path, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", event => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter(name => name !== cacheName);
    await Promise.all(old.map(name => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || pathname.startsWith("/api/")) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => kept(offline)));
  } else if (files.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => kept(pathname)));
  }
});

async function kept(path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? Response.error();
}

export {};

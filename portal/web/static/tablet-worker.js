// Keeps the tablet's page, its survey and its pictures, so that the stand works without a network.
// What the network gives is newer and comes first; what was kept stands in for it.
"use strict";

const KEPT = "otziv-tablet-1";
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function fromNetwork(request, patience) {
  const kept = await caches.open(KEPT);
  const control = new AbortController();
  const timer = patience ? setTimeout(() => control.abort(), patience) : 0;
  try {
    const answer = await fetch(request, { signal: control.signal });
    if (answer.ok) await kept.put(request, answer.clone());
    if (answer.status >= 500) return (await kept.match(request)) || answer;
    return answer;
  } catch (error) {
    const found = await kept.match(request, { ignoreVary: true });
    if (found) return found;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function fromKept(request) {
  const found = await (await caches.open(KEPT)).match(request, { ignoreVary: true });
  return found || fromNetwork(request, 0);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.includes("/pair/")) return;
  // The addresses of static files change with their content.
  const isFixed = address.pathname.startsWith("/static/") && address.searchParams.has("v");
  event.respondWith(isFixed ? fromKept(request) : fromNetwork(request, PATIENCE_MS));
});

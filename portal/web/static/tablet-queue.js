// The answers that wait in the browser, and their way to the server. Each place that was ever asked
// for here has a database of its own: what waits of an earlier place, or of a tablet that was ended,
// is delivered as well.
"use strict";

const PREFIX = "otziv-";
const AT_ONCE = 50;
const DELIVER_MS = 5 * 60 * 1000;
const RETRY_MS = [2000, 5000, 15000, 60000, 300000];

const databases = new Map(); // place → its database

function openedOf(at) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(PREFIX + at, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("answers", { keyPath: "id" });
      request.result.createObjectStore("kept");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStoreOf(at, name, mode, work) {
  if (!databases.has(at)) databases.set(at, await openedOf(at));
  return new Promise((resolve, reject) => {
    // "strict": what is told as done is on the disk.
    const transaction = databases.get(at).transaction(name, mode, { durability: "strict" });
    let result;
    const request = work(transaction.objectStore(name));
    if (request) request.onsuccess = () => { result = request.result; };
    transaction.oncomplete = () => resolve(result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

const waitingOf = (at) => inStoreOf(at, "answers", "readonly", (store) => store.getAll(null, AT_ONCE));
const countOf = (at) => inStoreOf(at, "answers", "readonly", (store) => store.count());
const forgetOf = (at, ids) =>
  inStoreOf(at, "answers", "readwrite", (store) => { ids.forEach((id) => store.delete(id)); });

async function placesKept() {
  const found = indexedDB.databases ? await indexedDB.databases().catch(() => []) : [];
  const kept = found.map((each) => each.name).filter((name) => name.startsWith(PREFIX));
  return new Set([...databases.keys(), ...kept.map((name) => name.slice(PREFIX.length))]);
}

// The status of the last answer; undefined where nothing waits. Throws where something is left over.
async function deliverOf(at, statuses) {
  for (;;) {
    const answers = await waitingOf(at);
    if (!answers.length) return;
    const waiting = Math.max(0, (await countOf(at)) - answers.length);
    const reply = await fetch(`/tablet/${at}/answers`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ now: Date.now(), waiting, answers }),
    });
    statuses.set(at, reply.status);
    if (!reply.ok) throw new Error(`${reply.status}`);
    const { safe, masked } = await reply.json();
    document.dispatchEvent(new CustomEvent("otziv-taken", { detail: masked || {} }));
    if (!safe.length) throw new Error("nothing was taken");
    await forgetOf(at, safe);
    failures = 0;
  }
}

let isDelivering = false;
let failures = 0;
let retryTimer = 0;

async function deliver() {
  if (isDelivering) return;
  isDelivering = true;
  clearTimeout(retryTimer);
  const statuses = new Map();
  let isLeft = false;
  for (const at of await placesKept()) {
    await deliverOf(at, statuses).catch(() => { isLeft = true; });
  }
  if (isLeft) {
    retryTimer = setTimeout(deliver, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  } else {
    failures = 0;
  }
  isDelivering = false;
  document.dispatchEvent(new CustomEvent("otziv-delivered", { detail: statuses }));
}

function deliverRegularly() {
  deliver();
  setInterval(deliver, DELIVER_MS);
  window.addEventListener("online", () => { failures = 0; deliver(); });
}

if (document.body.dataset.delivers) deliverRegularly();

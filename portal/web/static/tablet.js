// A tablet on a stand. It asks what the server told it last, keeps each answer in the browser's
// database before it says thanks, and deletes it when the server says that it is safe there. The
// answer's id is made at the first press, so that sending it again changes nothing.
"use strict";

const place = document.body.dataset.touchpoint;
const root = `/tablet/${place}`;
const main = document.getElementById("main");
const ask = document.getElementById("ask");
const queue = document.getElementById("queue");

const REFRESH_MS = 5 * 60 * 1000;

let told = null; // what the server said: survey, words, times
let language = "";
let visit = null; // {id, survey, version, language, said, step, back}
let isThanking = false;
let idleTimer = 0;
let isUnpaired = false;

// --- The queue: see tablet-queue.js ----------------------------------------------------------------

const inStore = (name, mode, work) => inStoreOf(place, name, mode, work);
const keepAnswer = (answer) => inStore("answers", "readwrite", (store) => void store.put(answer));
const countWaiting = () => inStore("answers", "readonly", (store) => store.count());

document.addEventListener("otziv-taken", (event) => tellMasked(event.detail));
document.addEventListener("otziv-delivered", (event) => {
  if (event.detail.has(place)) isUnpaired = event.detail.get(place) === 403;
  showQueue();
});

// Of the visitor who still stands there; an answer that waited tells nobody any more.
function tellMasked(masked) {
  const kinds = masked[visit && visit.id];
  if (!isThanking || !kinds) return;
  const names = kinds.map((kind) => (told.masked || {})[language]?.[kind]).filter((name) => name);
  main.append(element(
    "div", { className: "inset", role: "status" },
    element("p", {}, word("masked")), element("ul", {}, ...names.map((name) => element("li", {}, name))),
  ));
  clearTimeout(resetTimer);
  resetTimer = setTimeout(reset, 2 * told.times.thanks_s * 1000);
}

async function showQueue() {
  if (!told) return;
  const waiting = await countWaiting();
  const many = waiting ? word("waiting").replace("{n}", waiting) : "";
  const said = waiting === 1 && word("waiting_one") ? word("waiting_one") : many;
  queue.textContent = isUnpaired ? `${word("unpaired")} ${said}` : said;
}

// --- What is asked --------------------------------------------------------------------------------

const word = (name) => told.words[language][name];
const of = (texts) => texts[language] || Object.values(texts).find((text) => text) || "";

function holds(item, valid) {
  const said = (code) => valid[code] || [];
  if (item.follows && !said(item.follows).some((value) => item.when.includes(value))) return false;
  return item.conditions.every(([code, leads]) => said(code).some((value) => leads.includes(value)));
}

function asked(said) {
  // In the order of steps; a step never depends on a later one.
  const valid = {};
  const found = [];
  for (const item of told.steps.flat()) {
    if (!holds(item, valid)) continue;
    found.push(item);
    valid[item.code] = said[item.code] || [];
  }
  return found;
}

const onStep = (number) => asked(visit.said).filter((item) => told.steps[number].includes(item));

function stepAfter(number) {
  for (let each = number + 1; each < told.steps.length; each += 1) if (onStep(each).length) return each;
  return null;
}

// --- Drawing --------------------------------------------------------------------------------------

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function points(item, name) {
  const isMany = item.sort === "multiple";
  const chosen = visit.said[item.code] || [];
  const isScale = item.sort === "rating";
  const drawn = item.points.map((point) => {
    const input = element("input", {
      type: isMany ? "checkbox" : "radio", name, id: `${name}-${point.value}`, value: point.value,
      checked: chosen.includes(point.value),
    });
    const text = of(point.texts);
    if (!isScale) {
      const label = element("label", { htmlFor: input.id }, text);
      return element("div", { className: "choice" }, input, label);
    }
    const picture = point.picture
      ? element("img", { src: point.picture, alt: "", width: 88, height: 88 }) : null;
    return element("label", { className: "point" }, input, picture, element("span", {}, text));
  });
  return element("div", { className: isScale ? "" : "choices" }, ...drawn);
}

function field(item, error) {
  const name = `q-${item.code}`;
  const heading = [of(item.matrix), of(item.texts)].filter((text) => text).join(" – ");
  const notes = [];
  const hint = of(item.hint) || (item.sort === "multiple" ? word("many") : "");
  if (hint) notes.push(element("div", { className: "hint" }, hint));
  if (error) notes.push(element("p", { className: "error" }, error));
  if (item.points.length) {
    const kind = item.sort === "rating" ? "scale" : "";
    const many = item.points.length > 7 ? "many" : "";
    return element(
      "fieldset", { className: `field ${kind} ${many} ${error ? "wrong" : ""}` },
      element("legend", {}, heading), ...notes, points(item, name),
    );
  }
  const given = (visit.said[item.code] || [""])[0] || "";
  const unit = of(item.unit);
  const text = unit ? `${heading} (${unit})` : heading;
  const about = { className: "input", id: name, name, value: given, autocomplete: "off" };
  let input;
  if (item.sort === "comment") {
    const lines = [word("notice"), word("way")].filter((text) => text);
    notes.unshift(element("div", { className: "inset" }, ...lines.map((text) => element("p", {}, text))));
    input = element("textarea", { ...about, rows: 4, maxLength: 2000 });
  } else {
    if (item.sort === "date") notes.push(element("div", { className: "hint" }, word("day")));
    input = element("input", { ...about, inputMode: item.sort === "number" ? "decimal" : "text" });
  }
  return element(
    "div", { className: `field ${error ? "wrong" : ""}` },
    element("label", { htmlFor: name }, text), ...notes, input,
  );
}

function show(number, errors = {}) {
  visit.step = number;
  const items = onStep(number);
  const isFirst = !visit.back.length;
  const page = told.pages[items[0].page - 1] || {};
  const title = (isFirst ? of(told.title) : of(page)) || of(told.title);
  const form = element("form", { noValidate: true });
  items.forEach((item) => form.append(field(item, errors[item.code])));
  const isLast = stepAfter(number) === null;
  const actions = element(
    "div", { className: "actions" },
    element("button", { className: "button primary", id: "go" }, word(isLast ? "send" : "next")),
    isFirst ? null : element("button", { className: "button quiet", type: "button", id: "back" }, word("back")),
  );
  form.append(actions);
  form.addEventListener("submit", (event) => { event.preventDefault(); goOn(form, items); });
  form.addEventListener("change", (event) => noteChange(event, form, items));
  actions.querySelector("#back")?.addEventListener("click", () => { read(form, items); show(visit.back.pop()); });
  const intro = isFirst ? of(told.intro) : "";
  main.replaceChildren(
    element("h1", {}, title), ...(intro ? [element("p", {}, intro)] : []), form,
  );
  const wrong = main.querySelector(".wrong");
  if (wrong) wrong.querySelector("input, textarea").focus();
  else if (!isFirst) main.focus();
  window.scrollTo(0, 0);
}

let wasPointed = false;
document.addEventListener("pointerdown", () => { wasPointed = true; });
document.addEventListener("keydown", () => { wasPointed = false; });

function noteChange(event, form, items) {
  begin();
  read(form, items);
  // What was chosen may lead to more, or to nothing more.
  form.querySelector("#go").textContent = word(stepAfter(visit.step) === null ? "send" : "next");
  // One face alone on its page, touched: that is the answer. With a keyboard one has to say so,
  // since arrows walk through the faces.
  const isLone = items.length === 1 && items[0].sort === "rating";
  if (isLone && wasPointed && event.target.type === "radio") setTimeout(() => goOn(form, items), 250);
}

function begin() {
  if (!visit.id) {
    visit.id = crypto.randomUUID();
    visit.language = language;
  }
}

// --- Reading --------------------------------------------------------------------------------------

function read(form, items) {
  for (const item of items) {
    const fields = [...form.querySelectorAll(`[name="q-${item.code}"]`)];
    visit.said[item.code] = item.points.length
      ? fields.filter((each) => each.checked).map((each) => each.value)
      : fields.map((each) => each.value.trim()).filter((text) => text);
  }
}

function errorOf(item) {
  const values = visit.said[item.code] || [];
  if (!values.length) return item.required ? word("required") : "";
  if (item.sort === "multiple") {
    return values.length < item.at_least || values.length > item.at_most ? word("error") : "";
  }
  if (item.sort === "number") {
    const plain = values[0].replace(/\s/g, "").replace(",", ".");
    const number = Number(plain);
    const fits = /^[+-]?\d{1,12}(\.\d{1,6})?$/.test(plain)
      && (item.least === null || number >= item.least) && (item.most === null || number <= item.most);
    return fits ? "" : word("error");
  }
  if (item.sort === "date") return isDay(values[0]) ? "" : word("error");
  return "";
}

function isDay(text) {
  const found = /^(\d{1,2})\.(\d{1,2})\.(\d{4})\s*г?\.?$/.exec(text);
  if (!found) return false;
  const [day, month, year] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && year <= 2100 && date.getUTCDate() === day && date.getUTCMonth() === month - 1;
}

// --- A visit --------------------------------------------------------------------------------------

function newVisit() {
  visit = { id: "", language, said: {}, step: 0, back: [] };
}

function goOn(form, items) {
  if (isThanking || !form.isConnected) return;
  begin();
  read(form, items);
  const errors = Object.fromEntries(items.map((item) => [item.code, errorOf(item)]).filter(([, error]) => error));
  if (Object.keys(errors).length) { show(visit.step, errors); return; }
  const next = stepAfter(visit.step);
  if (next === null) { finish("done"); return; }
  visit.back.push(visit.step);
  show(next);
}

function said(end) {
  // Of what was asked and shown; where somebody went away, an answer that can't be read is left out.
  const reached = new Set(told.steps.slice(0, visit.step + 1).flat());
  const found = {};
  for (const item of asked(visit.said)) {
    if (!reached.has(item)) continue;
    found[item.code] = end === "timeout" && errorOf(item) ? [] : visit.said[item.code] || [];
  }
  return found;
}

async function finish(end) {
  if (isThanking) return;
  isThanking = true;
  stopWaiting();
  const answer = {
    id: visit.id, survey: told.survey, version: told.version, language: visit.language || language,
    answered_at: Date.now(), end, said: said(end),
  };
  const hasAny = Object.values(answer.said).some((values) => values.length);
  try {
    if (end === "done" || hasAny) await keepAnswer(answer);
  } catch {
    main.replaceChildren(element("h1", { role: "alert" }, word("unsaved")));
    setTimeout(reset, 3 * told.times.thanks_s * 1000);
    return;
  }
  deliver();
  if (end === "timeout") { reset(); return; }
  const again = element("button", { className: "button secondary", type: "button" }, word("again"));
  again.addEventListener("click", reset);
  const thanks = of(told.thanks);
  main.replaceChildren(
    element("div", { className: "panel" }, element("h1", {}, word("thanks"))),
    ...(thanks ? [element("p", {}, thanks)] : []), again,
  );
  main.focus();
  resetTimer = setTimeout(reset, told.times.thanks_s * 1000);
}

let resetTimer = 0;
let next = null; // a newer survey, to be asked from the next visit on

function reset() {
  clearTimeout(resetTimer);
  stopWaiting();
  isThanking = false;
  if (next) { told = next; next = null; }
  language = told.languages[0][0];
  document.documentElement.lang = language;
  newVisit();
  drawLanguages();
  if (!told.survey) main.replaceChildren(element("h1", {}, word("closed")));
  else show(stepAfter(-1));
  showQueue();
}

function drawLanguages() {
  const nav = document.getElementById("languages");
  nav.replaceChildren(...told.languages.filter(([code]) => code !== language).map(([code, name]) => {
    const button = element("button", { type: "button", lang: code }, name);
    button.addEventListener("click", () => {
      const form = main.querySelector("form");
      if (form) read(form, onStep(visit.step));
      language = code;
      if (visit.id) visit.language = code;
      document.documentElement.lang = code;
      drawLanguages();
      if (told.survey && !isThanking) show(visit.step);
      showQueue();
    });
    return button;
  }));
}

// --- Nobody there ---------------------------------------------------------------------------------

let countdown = 0;

function stopWaiting() {
  clearTimeout(idleTimer);
  clearInterval(countdown);
  if (ask.open) ask.close();
}

function isUnderWay() {
  return visit && !isThanking && (visit.id || visit.back.length || language !== told.languages[0][0]);
}

function touch() {
  clearTimeout(idleTimer);
  if (told && !ask.open) idleTimer = setTimeout(warn, told.times.idle_s * 1000);
}

function warn() {
  if (!isUnderWay()) return;
  const end = Date.now() + told.times.warned_s * 1000;
  const tell = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    document.getElementById("ask-text").textContent = word("soon").replace("{s}", left);
    if (left) return;
    stopWaiting();
    const form = main.querySelector("form");
    if (form) read(form, onStep(visit.step));
    if (visit.id) finish("timeout"); else reset();
  };
  document.getElementById("ask-title").textContent = word("there");
  document.getElementById("ask-stay").textContent = word("stay");
  ask.showModal();
  tell();
  countdown = setInterval(tell, 1000);
}

document.getElementById("ask-stay").addEventListener("click", () => { stopWaiting(); touch(); });
ask.addEventListener("cancel", (event) => { event.preventDefault(); stopWaiting(); touch(); });
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  document.addEventListener(kind, touch, { passive: true });
}

// --- The survey -----------------------------------------------------------------------------------

// What the service worker (tablet-worker.js) gives where there is no network.
async function keep(addresses) {
  if (!("caches" in window)) return;
  const kept = await caches.open("otziv-tablet-1");
  for (const address of addresses) await kept.add(address).catch(() => null);
}

async function fetchSurvey() {
  const reply = await fetch(`${root}/survey`);
  isUnpaired = reply.status === 403;
  if (!reply.ok) throw new Error(`${reply.status}`);
  const fresh = await reply.json();
  await inStore("kept", "readwrite", (store) => void store.put(fresh, "survey"));
  keep(fresh.files);
  return fresh;
}

async function refresh() {
  try {
    const fresh = await fetchSurvey();
    const isNew = !told || JSON.stringify(fresh) !== JSON.stringify(told);
    if (!isNew) return;
    if (told && isUnderWay()) { next = fresh; return; }
    told = fresh;
    reset();
  } catch {
    if (told) return;
    told = await inStore("kept", "readonly", (store) => store.get("survey"));
    if (told) reset();
  }
}

async function start() {
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/tablet/worker.js").catch(() => null);
    await Promise.race([navigator.serviceWorker.ready, new Promise((done) => setTimeout(done, 3000))]);
  }
  // What was loaded before the worker was there must be kept as well.
  const own = [...document.querySelectorAll("link[href], script[src], img[src]")];
  const addresses = [location.pathname, ...own.map((each) => each.href || each.src)];
  keep(addresses);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => null);
  await refresh();
  deliverRegularly();
  setInterval(refresh, REFRESH_MS);
  window.addEventListener("online", refresh);
}

start();

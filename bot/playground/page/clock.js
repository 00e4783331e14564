// The bar above the chats: what time it is in the newsroom, what comes next, and how to get there.

import { act } from "./api.js";
import { el, icon, iconButton } from "./dom.js";
import { piece } from "./store.js";
import { clock, clockSeconds, date, day, language, remember, span, t, has } from "./words.js";

const SPEEDS = [0, 1, 60];
const parts = {};

function rubric(name) {
  const [kind, section] = name.split(":");
  return has(`rubric.${kind}`) ? t(`rubric.${kind}`, { section }) : name;
}

/** Builds the bar in the language that is spoken now; `look` changes language and theme. */
export function build(look) {
  parts.time = el("time.now", { "aria-hidden": "true" });
  parts.day = el("span.day");
  parts.next = el("span.what");
  parts.left = el("span");
  parts.go = el("button.primary.go", { type: "button", id: "go", onclick: () => act("clock", { to: "next" }) });
  parts.steps = [[5, "step.5"], [60, "step.60"]].map(([number, key]) => el("button.small", { type: "button",
    title: t(`${key}.title`), onclick: () => act("clock", { to: "step", number }) }, t(key)));
  parts.speeds = SPEEDS.map((number) => el("button", { type: "button", role: "radio", title: t(`speed.${number}.title`),
    "aria-label": t(`speed.${number}.title`), onclick: () => act("clock", { to: "speed", number }) },
    number === 0 ? icon("pause") : t(`speed.${number}`)));
  document.getElementById("bar").replaceChildren(
    el("div.brand", {}, el("span.logo", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), el("div", {}, el("h1", {}, t("brand")), el("p", {}, t("brand.about")))),
    el("div.when", {}, parts.time, el("div", {}, parts.day, el("span.next", {}, parts.next, parts.left))),
    el("div.moves", {}, parts.go, ...parts.steps, el("div.speeds", { role: "radiogroup", "aria-label": t("speed") }, parts.speeds)),
    el("div.tools", {}, tools(look)));
  draw();
}

function tools(look) {
  parts.bolt = iconButton("bolt", t("faults.title"), () => toggleFaults(), { "aria-expanded": "false", "aria-controls": "faults", class: "round bolt" });
  return [
    parts.bolt,
    iconButton(look.dark ? "sun" : "moon", t(look.dark ? "theme.light" : "theme.dark"), look.turn),
    tongue(look),
  ];
}

/** The button speaks the language that it leads to: who cannot read this one finds it. */
function tongue(look) {
  const [code, label, title] = language === "uk" ? ["en", "EN", "In English"] : ["uk", "УК", "Українською"];
  return el("button.round.tongue", { type: "button", lang: code, title, "aria-label": title, onclick: () => look.speak(code) }, label);
}

function toggleFaults() {
  const box = document.getElementById("faults");
  box.hidden = !box.hidden;
  parts.bolt.setAttribute("aria-expanded", String(!box.hidden));
  remember("faults", box.hidden ? "" : "open");
}

const set = (node, text) => { if (node.textContent !== text) node.textContent = text; };

export function draw() {
  const now = piece("clock");
  set(parts.time, now.speed < 60 && !now.busy ? clockSeconds(now.now) : clock(now.now));
  set(parts.day, day(now.now));
  set(parts.next, now.busy || !now.next ? "" : t("next", { rubric: rubric(now.next.rubric), wall: now.next.wall }));
  set(parts.left, now.busy ? t("next.busy") : !now.next ? t("next.none") : t("relative.in", { span: span(now.next.at - now.now) }));
  drawGo(now);
  parts.steps.forEach((step) => { step.disabled = now.busy; });
  parts.speeds.forEach((button, index) => button.setAttribute("aria-checked", String(SPEEDS[index] === now.speed)));
}

function drawGo(now) {
  parts.go.disabled = now.busy || !now.next;
  parts.go.setAttribute("aria-busy", String(now.busy));
  const tomorrow = now.next && date(now.next.at) !== date(now.now);
  const key = `go.${now.next?.rubric}`;
  const label = now.busy ? t("go.busy", { clock: clock(now.now) })
    : !now.next ? t("next.none")
    : t(has(key) ? key : "go.other", { rubric: rubric(now.next.rubric), wall: now.next.wall, day: tomorrow ? t("tomorrow") : "" });
  if (parts.go.dataset.label === label) return;
  parts.go.dataset.label = label;
  parts.go.replaceChildren(icon(now.busy ? "pause" : "play"), el("span.wide", {}, now.busy ? "" : t("go.wide")), el("span", {}, label));
}

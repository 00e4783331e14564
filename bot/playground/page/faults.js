// Trouble by hand, and what the bot asks of Telegram meanwhile.

import { act } from "./api.js";
import { el } from "./dom.js";
import { piece } from "./store.js";
import { has, t } from "./words.js";

const ONCE = ["lost_after", "lost_before", "flood"];
const parts = {};

export function build() {
  parts.once = ONCE.map((kind) => el("button.small", { type: "button", title: t(`fault.${kind}.title`), onclick: () => act("fault", { kind }) }, t(`fault.${kind}`)));
  parts.network = el("button.small", { type: "button", onclick: () => act("fault", { kind: "network", on: !piece("faults").network }) });
  parts.rights = el("button.small", { type: "button", onclick: () => act("fault", { kind: "rights", on: !piece("faults").may_post }) });
  parts.state = el("p.state", { role: "status" });
  parts.log = el("ol.log", { "aria-label": t("faults.log") });
  document.getElementById("faults").replaceChildren(
    el("div.choices", {}, el("h2", {}, t("faults.title")), el("p", {}, t("faults.about")),
      el("div.buttons", {}, parts.once, parts.network, parts.rights), parts.state),
    el("div.calls", {}, el("h2", {}, t("faults.log")), parts.log));
  draw();
}

export function draw() {
  const { planned, network, may_post } = piece("faults");
  parts.network.textContent = t(network ? "fault.cut" : "fault.restore");
  parts.network.classList.toggle("on", !network);
  parts.rights.textContent = t(may_post ? "fault.take" : "fault.give");
  parts.rights.classList.toggle("on", !may_post);
  parts.once.forEach((button, index) => button.classList.toggle("on", planned.includes(ONCE[index])));
  const told = [...planned.map((kind) => t(has(`fault.${kind}`) ? `faults.waits.${kind}` : kind)), !network && t("faults.cut"), !may_post && t("faults.mute")];
  const text = told.filter(Boolean).join(" ");
  if (parts.state.textContent !== text) parts.state.textContent = text;
  drawLog();
}

function drawLog() {
  parts.log.replaceChildren(...piece("calls").last.toReversed().map(({ method, where, ok, error, fault }) =>
    el(`li${ok && !fault ? "" : ".bad"}`, {}, el("code", {}, method), where ? ` → ${where}: ` : ": ", fault ? t("faults.met", { fault: t(has(`fault.${fault}`) ? `fault.${fault}` : fault) }) : ok ? "OK" : error)));
}

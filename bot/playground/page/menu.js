// What one can do with a message: react, reply, forward, edit, delete, copy.

import { act } from "./api.js";
import { el, icon } from "./dom.js";
import { toast } from "./toast.js";
import { piece } from "./store.js";
import { t } from "./words.js";

const SIGNS = ["👍", "❤", "🔥", "👏", "😢", "🙏", "✍"];
let open = null;

export function openMenu(message, anchor, column) {
  open?.hidePopover();
  const where = { chat: message.chat, who: column.who, message: message.id };
  const box = el("div.menu", { role: "menu", popover: "auto", "aria-label": t("message.more") });
  const done = (work) => () => { box.hidePopover(); work(); };
  const row = el("div.signs", {}, SIGNS.map((emoji) => el("button", { type: "button", role: "menuitem",
    "aria-label": t("reaction.put", { emoji }), onclick: done(() => act("react", { ...where, emoji })) }, emoji)));
  const item = (name, work) => el("button", { type: "button", role: "menuitem", onclick: done(work) }, icon(name), t(`menu.${name}`));
  const whisper = typeof message.id !== "number";
  box.append(...[
    !whisper && row,
    !whisper && column.writes && column.name !== "channel" && item("reply", () => column.composer.replying(message)),
    ...targets(message, column, whisper).map(([label, to, who]) => el("button", { type: "button", role: "menuitem",
      onclick: done(() => forward(message, to, who)) }, icon("forward"), label)),
    changes(message, column) && message.text && item("edit", () => column.composer.editing(message)),
    changes(message, column) && item("delete", () => act("delete", where)),
    message.text && item("copy", () => navigator.clipboard?.writeText(message.text).then(() => toast(t("copied")), () => {})),
  ].filter(Boolean));
  show(box, anchor);
}

/** Where it can be forwarded, and as whom. */
function targets(message, column, whisper) {
  if (whisper) return [];
  const { desk, people } = piece("people");
  const editor = column.town.columns.desk.who;
  const reader = column.town.columns.private.who;
  const found = [];
  if (message.chat !== desk) found.push([t("menu.to_desk", { name: people.find((each) => each.id === editor).name }), desk, editor]);
  if (message.chat < 0) found.push([t("menu.to_bot", { name: people.find((each) => each.id === reader).name }), reader, reader]);
  return found;
}

async function forward(message, to, who) {
  if (await act("forward", { chat: message.chat, message: message.id, to, who })) toast(t("forwarded"));
}

const changes = (message, column) =>
  column.name === "channel" ? column.writes && column.who === column.people[0] : message.from === column.who;

function show(box, anchor) {
  document.body.append(box);
  box.addEventListener("toggle", (event) => { if (event.newState === "closed") { box.remove(); open = null; anchor.focus({ preventScroll: true }); } });
  box.addEventListener("keydown", walk);
  box.showPopover();
  open = box;
  const place = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = place.bottom + height + 8 < innerHeight;
  box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, below ? place.bottom + 4 : place.top - height - 4)}px`;
  box.querySelector("button").focus();
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("button")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}

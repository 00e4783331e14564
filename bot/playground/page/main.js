// The page: three chats side by side, or one at a time on a phone, and the bar above them.

import * as bar from "./clock.js";
import { Column } from "./column.js";
import { el } from "./dom.js";
import * as faults from "./faults.js";
import { spoken } from "./feed.js";
import { connect, listen, piece } from "./store.js";
import { redrawMoments } from "./text.js";
import { toast } from "./toast.js";
import { recall, remember, speak, t } from "./words.js";

const NAMES = ["channel", "desk", "private"];
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const columns = {};
const tabs = {};
let shown = NAMES[0];
let wasOnline = true;

const town = { columns, follow, reveal };

const isDark = () => (recall("theme") || (dark.matches ? "dark" : "light")) === "dark";

function paint() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}

const look = {
  get dark() { return isDark(); },
  turn() { remember("theme", isDark() ? "light" : "dark"); paint(); bar.build(look); focus(".icon-sun, .icon-moon"); },
  async speak(code) { remember("language", code); await speak(code); build(); drawAll(); focus(".tongue"); },
};

// The bar is built anew, and whoever pressed a button of it stays on that button.
const focus = (what) => document.querySelector(what)?.closest("button").focus();

function build() {
  bar.build(look);
  faults.build();
  for (const name of NAMES) tabs[name].firstChild.textContent = t(`tab.${name}`);
}

/** Everything for the first time: who is there is known only now. */
function open() {
  const { people } = piece("people");
  const ids = people.map((person) => person.id);
  const players = { channel: ids, desk: ids.slice(0, 2), private: [...ids.slice(2), ...ids.slice(0, 2)] };
  for (const name of NAMES) {
    columns[name] = new Column(name, players[name], town);
    tabs[name] = el("button.tab", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `column-${name}`, onclick: () => show(name), onkeydown: turn },
      el("span"), el("b.badge", { hidden: true }));
  }
  document.getElementById("tabs").replaceChildren(...NAMES.map((name) => tabs[name]));
  document.getElementById("chats").replaceChildren(...NAMES.map((name) => columns[name].node));
  document.getElementById("faults").hidden = recall("faults") !== "open";
  show(NAMES.includes(recall("tab")) ? recall("tab") : NAMES[0]);
  build();
  drawAll();
}

function drawAll() {
  for (const name of NAMES) columns[name].draw(true);
}

function show(name) {
  shown = name;
  remember("tab", name);
  for (const each of NAMES) {
    columns[each].node.classList.toggle("shown", each === name);
    tabs[each].setAttribute("aria-selected", String(each === name));
    tabs[each].setAttribute("tabindex", each === name ? "0" : "-1");
  }
  badge(name, 0);
  columns[name].feed.toEnd();
}

function turn(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const name = NAMES[(NAMES.indexOf(shown) + step + NAMES.length) % NAMES.length];
  show(name);
  tabs[name].focus();
}

function badge(name, number) {
  const node = tabs[name].lastChild;
  node.hidden = !number;
  node.textContent = String(number);
  node.dataset.number = number;
}

/** Only what changed is drawn; new messages are told to those who listen. */
function changed(names) {
  if (!columns.channel) return open();
  if (names.has("clock")) { bar.draw(); redrawMoments(piece("clock").now); }
  if (names.has("faults") || names.has("calls")) faults.draw();
  for (const name of NAMES) {
    const column = columns[name];
    const own = [...names].some((each) => each.includes(`:${column.chat()}`) || each === "people");
    if (own) tell(name, column.draw(names.has(`chat:${column.chat()}`)));
  }
  return undefined;
}

function tell(name, fresh) {
  const column = columns[name];
  const others = fresh.filter((message) => name === "channel" || message.from !== column.who);
  if (!others.length) return;
  document.getElementById("news").textContent = `${t(`column.${name}`)}. ${spoken(others.at(-1))}`;
  if (name !== shown) badge(name, Number(tabs[name].lastChild.dataset.number || 0) + others.length);
}

/** A link of Telegram leads within the page; any other opens beside it. */
function follow(url, column) {
  const post = /^https?:\/\/t\.me\/(?:c\/(\d+)|(\w+))\/(\d+)/.exec(url);
  const { bot, channel } = piece("people");
  if (post && (post[1] || post[2] === channel.username)) return reveal(post[1] ? Number(`-100${post[1]}`) : channel.id, Number(post[3]));
  const start = /^https?:\/\/t\.me\/(\w+)(?:\?start=([\w-]+))?$/.exec(url);
  if (start?.[1] === bot.username) {
    const target = columns.private;
    if (column.name !== "private") target.play(column.who);
    show("private");
    return start[2] ? target.start(start[2]) : undefined;
  }
  if (start?.[1] === channel.username) return show("channel");
  if (/^https?:/.test(url) && !/^https?:\/\/t\.me\//.test(url)) return window.open(url, "_blank", "noopener,noreferrer");
  return toast(t("error.link"));
}

function reveal(chat, id) {
  const name = NAMES.find((each) => columns[each].chat() === chat);
  if (name) show(name);
  if (!name || !columns[name].feed.reveal(id)) toast(t("message.gone"));
}

function online(now) {
  if (now !== wasOnline) toast(t(now ? "online" : "offline"));
  wasOnline = now;
  document.documentElement.classList.toggle("offline", !now);
}

paint();
dark.addEventListener("change", () => { paint(); if (columns.channel) bar.build(look); });
await speak(recall("language") || "uk");
listen(changed);
connect(online);

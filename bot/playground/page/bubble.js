// One message, or one album, as a bubble.

import { act } from "./api.js";
import { el, icon, iconButton } from "./dom.js";
import { keyboard } from "./keyboard.js";
import { card, isPicture, other, pictures } from "./media.js";
import { nodes } from "./text.js";
import { clock, date, has, t } from "./words.js";

/** A row of the feed. `messages` are the parts of an album, usually one; `context` is the column's. */
export function bubble(messages, context) {
  const first = messages[0];
  if (first.service) return service(first, context);
  const own = first.from === context.person() && context.kind !== "channel";
  const row = el(`article.message${own ? ".own" : ""}${first.receiver ? ".whisper" : ""}`, {
    "aria-label": `${first.name}, ${clock(first.date)}`, dataset: { id: first.id } });
  if (context.kind === "supergroup" && !own) row.append(face(first));
  const body = el("div.bubble", {}, head(first, own, context), content(messages, context));
  const shown = el(`div.stack${first.media && isPicture(first) ? ".wide" : ""}`, {}, body);
  if (first.rows) shown.append(keyboard(first, context));
  row.append(shown, iconButton("more", t("message.more"), (event) => context.menu(first, event.currentTarget), { class: "round dots", "aria-haspopup": "menu" }));
  row.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img")) return;
    event.preventDefault();
    context.menu(first, row.querySelector(".dots"));
  });
  return row;
}

const colour = (message) => (Math.abs(message.from || 0) % 100) % 6;
const face = (message) => el(`span.face.f${colour(message)}`, { "aria-hidden": "true" }, [...message.name][0] || "");

function head(message, own, context) {
  const named = context.kind === "channel" || (context.kind === "supergroup" && !own);
  return [
    named && el(`b.author.f${colour(message)}`, {}, message.name),
    message.receiver && el("small.only", {}, t("message.whisper")),
    message.forward && forwarded(message.forward, context),
    message.reply && replied(message, context),
  ];
}

function forwarded(origin, context) {
  const from = origin.message ? el("button.plain", { type: "button", onclick: () => context.reveal(origin.chat, origin.message) }, origin.name)
    : el("b", {}, origin.name);
  return el("div.forwarded", {}, t("message.forwarded"), " ", from);
}

function replied(message, context) {
  const { reply } = message;
  if (!reply.id) return el("div.reply.gone", {}, t("message.gone"));
  const words = reply.text || t(has(`media.${reply.kind}`) ? `media.${reply.kind}` : "media.document");
  return el("button.reply", { type: "button", onclick: () => context.reveal(message.chat, reply.id) },
    el("b", {}, reply.name), el(`span${message.quote ? ".quote" : ""}`, {}, words));
}

function content(messages, context) {
  const first = messages[0];
  const said = messages.find((message) => message.text) || first;
  const words = said.text && el("div.text", {}, nodes(said.text, said.entities, `${said.chat}:${said.id}`, context.say));
  const media = first.media && el("div.media", {}, isPicture(first) ? pictures(messages) : messages.map(other));
  const preview = first.card && card(first.card);
  const above = first.above || (first.card && !first.card.show_above_text);
  const marks = el("div.below", {}, reactions(first, context), meta(said, messages, context));
  return above ? [words, media, preview, marks] : [media, preview, words, marks];
}

function reactions(message, context) {
  if (!message.reactions) return null;
  return el("div.reactions", {}, message.reactions.map(({ emoji, count, who }) => {
    const own = who.includes(context.person());
    return el(`button.reaction${own ? ".mine" : ""}`, { type: "button", "aria-pressed": String(own),
      "aria-label": t("reaction.label", { emoji, number: count }),
      onclick: () => act("react", { chat: message.chat, who: context.person(), message: message.id, emoji }) },
      el("span.emoji", {}, emoji), String(count));
  }));
}

function meta(message, messages) {
  const edited = Math.max(...messages.map((each) => each.edited || 0));
  return el("span.meta", {},
    message.signature && el("span", {}, message.signature),
    message.pinned && el("span", { title: t("message.pinned") }, icon("pin")),
    message.silent && el("span", { title: t("message.silent") }, icon("silent")),
    edited > 0 && el("span", { title: t("message.edited_at", { clock: clock(edited) }) }, t("message.edited", { clock: clock(edited) })),
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)));
}

function service(message, context) {
  const { service: what } = message;
  const key = has(`service.${what.kind}`) ? `service.${what.kind}` : "service.other";
  const words = t(key, { who: message.name, names: what.names, text: what.text, title: what.title });
  const shown = what.to ? el("button.plain", { type: "button", onclick: () => context.reveal(message.chat, what.to) }, words) : words;
  return el("div.service", { dataset: { id: message.id } }, el("span", {}, shown));
}

export const dayMark = (seconds) => el("div.service.day", {}, el("span", {}, date(seconds)));

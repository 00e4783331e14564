// A message's text with its entities, as nodes. JavaScript counts in UTF-16 units, and so does Telegram.

import { el } from "./dom.js";
import { piece } from "./store.js";
import { clock, clockSeconds, date, language, relative, t } from "./words.js";

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
// What was tapped open stays open when the message is edited.
const opened = new Set();

/** Nodes of the text. `where` names the message; `say` is called with a tapped /command. */
export function nodes(text, entities, where, say) {
  const list = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text, list, 0, text.length, { where, say });
}

function range(text, list, from, to, context) {
  const out = [];
  let at = from;
  for (let index = 0; index < list.length; index += 1) {
    const entity = list[index];
    const end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue; // inside one that was made already
    if (entity.offset > at) out.push(text.slice(at, entity.offset));
    const inner = list.slice(index + 1).filter((other) => other.offset >= entity.offset && other.offset + other.length <= end);
    out.push(made(entity, range(text, inner, entity.offset, end, context), text.slice(entity.offset, end), context));
    at = end;
  }
  if (at < to) out.push(text.slice(at, to));
  return out;
}

function made(entity, children, words, context) {
  if (entity.type in PLAIN) return el(PLAIN[entity.type], {}, children);
  switch (entity.type) {
    case "text_link": return link(entity.url, children);
    case "url": return link(/^[a-z]+:/i.test(words) ? words : `https://${words}`, children);
    case "email": return link(`mailto:${words}`, children);
    case "phone_number": return link(`tel:${words}`, children);
    case "mention": return link(`https://t.me/${words.slice(1)}`, children);
    case "bot_command":
      return el("button.command", { type: "button", onclick: () => context.say(words) }, children);
    case "pre": return pre(entity, children);
    case "blockquote": return el("blockquote", {}, children);
    case "expandable_blockquote": return expandable(entity, children, context);
    case "spoiler": return spoiler(entity, children, context);
    case "date_time": return moment(entity, words);
    case "hashtag": case "cashtag": case "text_mention": return el("span.tag", {}, children);
    default: return el("span", {}, children);
  }
}

/** A link. Only the web, mail and telephones: a `javascript:` address stays a text. */
export function link(url, children, more = {}) {
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return el("span.tag", { title: url }, children);
  return el("a", { href: url, title: url, target: "_blank", rel: "noopener noreferrer", ...more }, children);
}

function pre(entity, children) {
  const name = entity.language && el("span.language", {}, entity.language);
  return el("pre", {}, name, el("code", {}, children));
}

function expandable(entity, children, { where }) {
  const key = `${where}:${entity.offset}:quote`;
  const quote = el("blockquote.expandable", {}, el("span.quoted", {}, children));
  const set = (open) => {
    quote.classList.toggle("open", open);
    more.setAttribute("aria-expanded", String(open));
    more.textContent = t(open ? "quote.less" : "quote.more");
  };
  const more = el("button.more", { type: "button", onclick: (event) => {
    event.stopPropagation();
    opened.has(key) ? opened.delete(key) : opened.add(key);
    set(opened.has(key));
  } });
  quote.append(more);
  quote.addEventListener("click", (event) => { if (!event.target.closest("a, button")) more.click(); });
  set(opened.has(key));
  return quote;
}

function spoiler(entity, children, { where }) {
  const key = `${where}:${entity.offset}:spoiler`;
  if (opened.has(key)) return el("span.spoiler.open", {}, children);
  const hidden = el("span", { "aria-hidden": "true", inert: true }, children);
  const cover = el("span.spoiler", { role: "button", tabindex: "0", "aria-label": t("spoiler") }, hidden);
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    opened.add(key);
    cover.replaceWith(el("span.spoiler.open", {}, children));
  };
  cover.addEventListener("click", open);
  cover.addEventListener("keydown", open);
  return cover;
}

// A moment is drawn by the reader's own client. Relative ones are drawn again as the clock walks.
function moment(entity, words) {
  const style = entity.date_time_format || "";
  const node = el("time.moment", { datetime: new Date(entity.unix_time * 1000).toISOString(), title: words });
  if (style === "r") Object.assign(node.dataset, { unix: entity.unix_time });
  node.textContent = shown(style, entity.unix_time) || words;
  return node;
}

function shown(style, unix) {
  if (style === "r") return relative(unix, piece("clock").now);
  const weekday = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "Europe/Kyiv" }).format(unix * 1000);
  const short = new Intl.DateTimeFormat(language, { dateStyle: "short", timeZone: "Europe/Kyiv" }).format(unix * 1000);
  const parts = [style.includes("w") && weekday, style.includes("d") && short, style.includes("D") && date(unix),
    style.includes("t") && clock(unix), style.includes("T") && clockSeconds(unix)];
  return parts.filter(Boolean).join(", ");
}

export function redrawMoments(now) {
  for (const node of document.querySelectorAll("time[data-unix]")) {
    const text = relative(Number(node.dataset.unix), now);
    if (node.textContent !== text) node.textContent = text;
  }
}

// The messages of one chat, kept in step with the store: what did not change keeps its node, and nothing jumps.

import { bubble, dayMark } from "./bubble.js";
import { el, icon } from "./dom.js";
import { messagesOf } from "./store.js";
import { clock, date, language, t } from "./words.js";

const NEAR_PIXELS = 60; // so close to the end one still wants to see what comes
const FLASH_MS = 1600;

export class Feed {
  constructor(context) {
    this.context = context;
    this.made = new Map();
    this.fresh = 0;
    this.list = el("div.list");
    this.scroller = el("div.feed", { tabindex: "0", role: "region" }, this.list);
    this.pill = el("button.pill", { type: "button", hidden: true, onclick: () => this.toEnd(true) });
    this.scroller.addEventListener("scroll", () => this.seen(), { passive: true });
    new ResizeObserver(() => { if (this.pinned) this.toEnd(); }).observe(this.scroller);
    this.pinned = true;
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
  }

  /** Draws the chat; the messages that are new since the last time. */
  draw() {
    const { context } = this;
    const chat = context.chat();
    const other = this.chat !== chat;
    const pinned = other || this.pinned;
    const wanted = blocks(messagesOf(chat, context.person()));
    if (other) this.made.clear();
    const before = new Set(this.made.keys());
    const nodes = wanted.map((block) => this.node(block));
    this.replace(nodes);
    this.forget(new Set(wanted.map((block) => block.key)));
    const fresh = other ? [] : wanted.filter((block) => block.messages && !before.has(block.key));
    this.chat = chat;
    this.settle(pinned, fresh);
    return fresh.flatMap((block) => block.messages);
  }

  node(block) {
    const look = `${language}|${this.context.person()}|${JSON.stringify(block.messages ?? block.day)}`;
    const old = this.made.get(block.key);
    if (old?.look === look) return old.node;
    const node = block.messages ? bubble(block.messages, this.context) : dayMark(block.day);
    // The keyboard's user stays where they were when a tap repaints the message under the focus.
    const held = old?.node.contains(document.activeElement) ? focusPath(old.node) : null;
    if (old) old.node.replaceWith(node);
    this.made.set(block.key, { look, node });
    if (held !== null) focusAt(node, held);
    return node;
  }

  replace(nodes) {
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] || null);
    });
    while (this.list.children.length > nodes.length) this.list.lastChild.remove();
  }

  forget(keys) {
    for (const key of this.made.keys()) if (!keys.has(key)) this.made.delete(key);
  }

  settle(pinned, fresh) {
    const first = fresh.length ? this.made.get(fresh[0].key).node : null;
    if (pinned && first && first.offsetHeight > this.scroller.clientHeight) {
      // Longer than the screen: it is read from its beginning.
      this.scroller.scrollTop = first.offsetTop - 8;
    } else if (pinned || fresh.some((block) => block.messages[0].from === this.context.person() && this.context.kind !== "channel")) {
      this.toEnd();
    } else {
      this.fresh += fresh.length;
    }
    this.seen();
  }

  toEnd(smooth = false) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  seen() {
    this.pinned = this.atEnd;
    if (this.pinned) this.fresh = 0;
    this.pill.hidden = this.pinned;
    const label = this.fresh ? t("pill.new", { number: this.fresh }) : t("pill.end");
    this.pill.setAttribute("aria-label", label);
    if (this.pill.dataset.label !== label) {
      this.pill.dataset.label = label;
      this.pill.replaceChildren(icon("down"), this.fresh ? label : "");
    }
  }

  /** Scrolls to the message and lets it shine; false when it is not there. */
  reveal(id) {
    const node = [...this.made.values()].find((each) => each.node.dataset.id === String(id))?.node;
    if (!node) return false;
    node.scrollIntoView({ block: "center", behavior: "auto" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), FLASH_MS);
    return true;
  }
}

/** Messages with the parts of an album together, and a mark where a new day begins. */
function blocks(messages) {
  const found = [];
  let day = "";
  for (const message of messages) {
    if (date(message.date) !== day) {
      day = date(message.date);
      found.push({ key: `day:${day}`, day: message.date });
    }
    const last = found.at(-1);
    if (message.group && last.group === message.group) last.messages.push(message);
    else found.push({ key: String(message.id), group: message.group, messages: [message] });
  }
  return found;
}

const focusables = (node) => [...node.querySelectorAll("button, a, [tabindex]")];
const focusPath = (node) => focusables(node).indexOf(document.activeElement);
const focusAt = (node, index) => queueMicrotask(() => (focusables(node)[index] || focusables(node).at(-1))?.focus({ preventScroll: true }));

/** What a screen reader hears of a new message. */
export const spoken = (message) => `${message.name}, ${clock(message.date)}: ${message.text.slice(0, 160)}`;

// One chat beside the others: its head, the pinned bar, the feed and the composer.

import { act } from "./api.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Feed } from "./feed.js";
import { openMenu } from "./menu.js";
import { messagesOf, piece } from "./store.js";
import { recall, remember, t } from "./words.js";

export class Column {
  /** `name` is channel, desk or private; `people` are those who may be played there, `town` leads to the others. */
  constructor(name, people, town) {
    this.name = name;
    this.people = people;
    this.town = town;
    const kept = Number(recall(`person.${name}`));
    this.who = people.includes(kept) ? kept : people[0];
    this.context = this.makeContext();
    this.feed = new Feed(this.context);
    this.composer = new Composer(this);
    this.avatar = el("span.avatar", { "aria-hidden": "true" });
    this.title = el("h2");
    this.about = el("p");
    this.switch = el("div.people", { role: "radiogroup" });
    this.pinned = el("button.pinned", { type: "button", hidden: true });
    this.empty = el("div.empty", { hidden: true });
    this.node = el(`section.column.${name}`, { id: `column-${name}` },
      el("header.head", {}, this.avatar, el("div.names", {}, this.title, this.about), this.switch),
      this.pinned, el("div.stage", {}, this.feed.scroller, this.empty, this.feed.pill), this.composer.node);
    this.node.addEventListener("click", (event) => this.inside(event));
  }

  makeContext() {
    const column = this;
    return {
      chat: () => column.chat(),
      person: () => column.who,
      get kind() { return column.about_chat()?.kind; },
      get bot() { return piece("people").bot.username; },
      say: (text) => column.composer.send(text),
      fill: (text) => column.composer.fill(text),
      follow: (url) => column.town.follow(url, column),
      reveal: (chat, id) => column.town.reveal(chat, id),
      menu: (message, anchor) => openMenu(message, anchor, column),
    };
  }

  chat() {
    if (this.name === "private") return this.who;
    return this.name === "desk" ? piece("people").desk : piece("people").channel.id;
  }

  about_chat() { return piece(`chat:${this.chat()}`); }

  get writes() { return this.about_chat().writers.includes(this.who); }

  nameOf(id) { return piece("people").people.find((person) => person.id === id)?.name || ""; }

  play(person) {
    this.who = person;
    remember(`person.${this.name}`, person);
    this.composer.clear();
    this.draw(true);
  }

  /** Draws what changed; the messages that are new. */
  draw(all = false) {
    const chat = this.about_chat();
    if (all) this.drawHead(chat);
    this.drawPinned(chat);
    this.composer.draw();
    const fresh = this.feed.draw();
    this.drawEmpty(chat);
    return fresh;
  }

  drawHead(chat) {
    const title = this.name === "private" ? piece("people").bot.name : chat.title;
    this.title.textContent = title;
    this.avatar.textContent = [...title][0];
    this.about.textContent = t(`head.${this.name}`, { number: chat.count, name: this.nameOf(this.who) });
    this.feed.scroller.setAttribute("aria-label", t("feed.label", { title }));
    this.node.setAttribute("aria-label", t(`column.${this.name}`));
    this.switch.setAttribute("aria-label", t("people.label"));
    this.switch.replaceChildren(...this.people.map((person) => el("button", {
      type: "button", role: "radio", "aria-checked": String(person === this.who),
      tabindex: person === this.who ? "0" : "-1",
      title: t("people.play", { name: this.nameOf(person) }),
      onclick: () => this.play(person), onkeydown: (event) => this.turn(event) }, this.nameOf(person))));
  }

  /** Arrow keys choose among the people, as among radio buttons. */
  turn(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = (this.people.indexOf(this.who) + step + this.people.length) % this.people.length;
    this.play(this.people[index]);
    this.switch.children[index].focus();
  }

  drawPinned(chat) {
    const id = chat.pinned.at(-1);
    const message = id && piece(`message:${this.chat()}:${id}`);
    this.pinned.hidden = !message;
    if (!message) return;
    const words = message.text.split("\n").find(Boolean) || t("media.photo");
    if (this.pinned.dataset.shown === words + id) return;
    this.pinned.dataset.shown = words + id;
    this.pinned.replaceChildren(icon("pin"), el("span", {}, el("b", {}, t("pinned")), el("span", {}, words)));
    this.pinned.onclick = () => this.feed.reveal(id);
  }

  drawEmpty(chat) {
    const none = messagesOf(this.chat(), this.who).length === 0;
    this.empty.hidden = !none;
    const about = this.name === "private" ? chat.about : "";
    const key = `${this.who}|${about}|${document.documentElement.lang}|${none}`;
    if (this.empty.dataset.key === key) return;
    this.empty.dataset.key = key;
    this.empty.replaceChildren(el("div.note", {}, el("b", {}, t(`empty.${this.name}.title`)), el("p", {}, about || t(`empty.${this.name}`))));
  }

  inside(event) {
    const link = event.target.closest("a[href]");
    if (link && /^https?:\/\/t\.me\//.test(link.href)) {
      event.preventDefault();
      this.town.follow(link.href, this);
    }
  }

  start(payload = "") { return act("start", { who: this.who, payload }); }
}

// Where one writes: text, photos, a reply, an edit, a command from the bot's menu.

import { act, sendPhotos } from "./api.js";
import { el, icon, iconButton } from "./dom.js";
import { messagesOf, piece } from "./store.js";
import { t } from "./words.js";

const TALLEST = 160;
const MOST_PHOTOS = 10;
const PRIVATE_HINTS = ["/latest", "/today", "горлівка"];

export class Composer {
  constructor(column) {
    this.column = column;
    this.reply = null;
    this.edit = null;
    this.photos = [];
    this.input = el("textarea", { rows: "1", autocomplete: "off", spellcheck: "true" });
    this.file = el("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", multiple: true, hidden: true, tabindex: "-1" });
    this.commands = el("div.commands", { role: "listbox", hidden: true });
    this.bar = el("div.about", { hidden: true });
    this.strip = el("div.strip", { hidden: true });
    this.hints = el("div.hints", { hidden: true });
    this.form = el("form.write", {});
    this.closed = el("p.closed", { hidden: true });
    this.begin = el("button.primary.begin", { type: "button", hidden: true, onclick: () => this.column.start() });
    this.node = el("footer.composer", {}, this.hints, this.commands, this.bar, this.strip, this.form, this.closed, this.begin);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("paste", (event) => this.pasted(event));
    this.file.addEventListener("change", () => { this.attach([...this.file.files]); this.file.value = ""; });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
  }

  draw() {
    const { column } = this;
    const chat = column.about_chat();
    const key = `${document.documentElement.lang}|${column.who}|${column.writes}`;
    if (this.form.dataset.key !== key) this.build(key);
    const silent = column.name === "private" && messagesOf(column.chat(), column.who).length === 0;
    this.form.hidden = !column.writes || silent;
    this.closed.hidden = column.writes;
    this.begin.hidden = !silent;
    this.slash.hidden = !this.known().length;
    this.drawHints(chat);
  }

  build(key) {
    const { column } = this;
    this.form.dataset.key = key;
    const label = t(`compose.${column.name}`, { name: column.nameOf(column.who) });
    this.input.placeholder = label;
    this.input.setAttribute("aria-label", label);
    this.commands.setAttribute("aria-label", t("compose.commands"));
    this.slash = iconButton("slash", t("compose.commands"), () => this.toggle(), { "aria-haspopup": "listbox" });
    this.form.replaceChildren(iconButton("clip", t("compose.attach"), () => this.file.click()), this.file,
      this.input, this.slash, el("button.round.send", { type: "submit", "aria-label": t("compose.send"), title: t("compose.send") }, icon("send")));
    this.closed.textContent = t("compose.closed", { name: column.nameOf(column.who) });
    this.begin.textContent = t("compose.start");
  }

  drawHints() {
    const { column } = this;
    const spoke = messagesOf(column.chat(), column.who).some((message) => message.from === column.who && !message.text.startsWith("/start"));
    const fresh = piece("people").fresh;
    const wanted = spoke || !column.writes || !this.begin.hidden ? [] :
      column.name === "private" ? PRIVATE_HINTS.map((text) => [text, text]) :
      column.name === "desk" && fresh ? [[t("hint.link"), fresh]] : [];
    this.hints.hidden = !wanted.length;
    const key = JSON.stringify(wanted);
    if (this.hints.dataset.key === key) return;
    this.hints.dataset.key = key;
    this.hints.replaceChildren(el("span", {}, t("hint.try")), ...wanted.map(([label, text]) =>
      el("button.chip", { type: "button", onclick: () => this.send(text) }, label)));
  }

  known() {
    const { column } = this;
    return column.about_chat().commands[column.who] || [];
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
    const asked = /^\/(\w*)$/.exec(this.input.value);
    this.list(asked ? this.known().filter((each) => each.command.startsWith(asked[1])) : []);
  }

  toggle() {
    this.list(this.commands.hidden ? this.known() : []);
    this.commands.querySelector("button")?.focus();
  }

  list(commands) {
    this.commands.hidden = !commands.length;
    this.slash.setAttribute("aria-expanded", String(commands.length > 0));
    this.commands.replaceChildren(...commands.map(({ command, description }) => el("button", {
      type: "button", role: "option", onclick: () => this.send(`/${command}`), onkeydown: (event) => this.walk(event) },
      el("b", {}, `/${command}`), el("span", {}, description))));
  }

  walk(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (event.key === "Escape") { this.list([]); this.input.focus(); }
    if (!step) return;
    event.preventDefault();
    (event.currentTarget[step] || this.input).focus();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      // What was typed anew is nobody's to throw away.
      if (this.reply || this.edit || this.photos.length) this.clear();
      else this.list([]);
    } else if (event.key === "ArrowDown" && !this.commands.hidden) {
      event.preventDefault();
      this.commands.querySelector("button").focus();
    } else if (event.key === "ArrowUp" && !this.input.value && this.column.name !== "channel") {
      this.editLast(event);
    }
  }

  /** As in Telegram: the arrow up in an empty field edits what one said last. */
  editLast(event) {
    const own = messagesOf(this.column.chat(), this.column.who).filter((message) => message.from === this.column.who && message.text);
    if (!own.length) return;
    event.preventDefault();
    this.editing(own.at(-1));
  }

  pasted(event) {
    const photos = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!photos.length) return;
    event.preventDefault();
    this.attach(photos);
  }

  attach(files) {
    this.photos = [...this.photos, ...files].slice(0, MOST_PHOTOS);
    this.drawStrip();
    this.input.focus();
  }

  drawStrip() {
    this.strip.hidden = !this.photos.length;
    for (const old of this.strip.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    this.strip.replaceChildren(...this.photos.map((photo, index) => el("div.thumb", {},
      el("img", { src: URL.createObjectURL(photo), alt: photo.name }),
      iconButton("close", t("compose.drop"), () => { this.photos.splice(index, 1); this.drawStrip(); }))));
  }

  replying(message) {
    this.clear();
    this.reply = message;
    this.about("reply", message.name, message.text || t("media.photo"));
  }

  editing(message) {
    this.clear();
    this.edit = message;
    this.fill(message.text);
    this.about("edit", t("compose.edit"), message.text);
  }

  about(sign, title, words) {
    this.bar.hidden = false;
    this.bar.replaceChildren(icon(sign), el("span", {}, el("b", {}, title), el("span", {}, words)),
      iconButton("close", t("compose.cancel"), () => this.clear()));
    this.input.focus();
  }

  fill(text) {
    this.input.value = text;
    this.typed();
    this.input.focus();
  }

  clear() {
    this.reply = this.edit = null;
    this.photos = [];
    this.input.value = "";
    this.bar.hidden = true;
    this.drawStrip();
    if (this.slash) this.typed();
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text && !this.photos.length) return;
    const where = { chat: this.column.chat(), who: this.column.who };
    const { edit, reply, photos } = this;
    const kept = this.input.value;
    this.clear();
    const told = edit ? await act("edit", { ...where, message: edit.id, text })
      : photos.length ? await sendPhotos({ ...where, text, reply: reply?.id }, photos)
      : await act("say", { ...where, text, reply: reply?.id });
    if (!told && !this.input.value) this.fill(kept); // what was refused is not lost
  }

  async send(text) {
    this.list([]);
    await act("say", { chat: this.column.chat(), who: this.column.who, text });
    this.input.value = "";
    this.typed();
    this.input.focus({ preventScroll: true });
  }
}

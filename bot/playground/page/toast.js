// What the bot answers to a tap: a toast that goes by itself, or an alert that waits for «OK».

import { el } from "./dom.js";
import { t } from "./words.js";

const SHOWN_MS = 4500; // Telegram's toast stands about so long

export function toast(text) {
  const place = document.getElementById("toasts");
  const node = el("div.toast", {}, text);
  while (place.children.length > 2) place.firstChild.remove();
  place.append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}

export function alert(text) {
  const box = el("dialog.alert", { "aria-label": t("alert") }, el("p", {}, text),
    el("button.primary", { type: "button", onclick: () => box.close() }, t("ok")));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

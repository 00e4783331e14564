// Photos, albums, files and link cards. Every picture has its place before it is loaded: nothing jumps.

import { el, icon } from "./dom.js";
import { link } from "./text.js";
import { t } from "./words.js";

const revealed = new Set();

const address = (file) => `/api/file/${encodeURIComponent(file.file_id)}`;

/** One picture, or the mosaic of an album. */
export function pictures(messages) {
  const count = Math.min(messages.length, 10);
  const grid = el(`div.mosaic.n${count}`);
  for (const message of messages) grid.append(tile(message, count === 1));
  return grid;
}

function tile(message, alone) {
  const { media } = message;
  const photo = media.photo ? media.photo[media.photo.length - 1] : null;
  const moving = media.video || media.animation || media.video_note;
  const file = photo || moving;
  const label = t(photo ? "media.photo" : "media.video");
  const key = `${message.chat}:${message.id}`;
  const picture = photo ? el("img", { src: address(file), alt: label, loading: "lazy", draggable: "false" }) : el("span.video", {}, icon("play"));
  const cell = el("button.tile", { type: "button", "aria-label": label, onclick: () => open(cell, key, photo) }, picture);
  if (alone) {
    // As wide as the bubble and never taller than it is wide by more than a quarter, as Telegram crops.
    const ratio = Math.min(Math.max((file.width || 16) / (file.height || 9), 0.8), 2.2);
    cell.style.aspectRatio = String(ratio);
  }
  cell.classList.toggle("veiled", Boolean(message.spoiler) && !revealed.has(key));
  if (moving) cell.append(el("span.length", {}, length(moving.duration)));
  return cell;
}

function open(cell, key, photo) {
  if (cell.classList.contains("veiled")) {
    revealed.add(key);
    cell.classList.remove("veiled");
  } else if (photo) {
    lightbox(address(photo));
  }
}

function lightbox(url) {
  const shown = el("dialog.lightbox", { "aria-label": t("media.photo") }, el("img", { src: url, alt: t("media.photo") }));
  shown.addEventListener("click", () => shown.close());
  shown.addEventListener("close", () => shown.remove());
  document.body.append(shown);
  shown.showModal();
}

const length = (seconds) => `${Math.floor((seconds || 0) / 60)}:${String((seconds || 0) % 60).padStart(2, "0")}`;

/** A document, a sound, a place, a poll: what is not a picture. */
export function other(message) {
  const { media, kind } = message;
  if (media.poll) return poll(media.poll);
  if (media.location) return el("div.place", {}, icon("pin"), `${media.location.latitude}, ${media.location.longitude}`);
  const file = media[kind] || Object.values(media)[0];
  const name = file.file_name || t(`media.${kind}`);
  return el("a.document", { href: address(file), download: name },
    el("span.disc", {}, icon("file")),
    el("span.named", {}, el("b", {}, name), el("small", {}, size(file.file_size || 0))));
}

function size(bytes) {
  return bytes < 1024 * 1024 ? t("media.kb", { number: Math.max(1, Math.round(bytes / 1024)) })
    : t("media.mb", { number: (bytes / 1024 / 1024).toFixed(1) });
}

function poll(question) {
  return el("div.poll", {}, el("b", {}, question.question), el("small", {}, t("media.poll")),
    question.options.map((option) => el("div.option", {}, el("span.ring"), option.text)));
}

/** The card that Telegram makes of a link. */
export function card(shown) {
  const small = shown.prefer_small_media || !shown.image;
  const picture = shown.image && el("img", { src: shown.image, alt: "", loading: "lazy" });
  return link(shown.url, [
    el("span.card-text", {}, el("b.site", {}, shown.site), el("b", {}, shown.title), el("span", {}, shown.text)),
    picture,
  ], { class: `card${small ? " slim" : ""}`, title: undefined });
}

export const isPicture = (message) => ["photo", "video", "animation", "video_note"].includes(message.kind);

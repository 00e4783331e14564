// Makes elements. Texts become text nodes and nothing else: there is no way from here to markup.

const SVG = "http://www.w3.org/2000/svg";

// Lines of 24 × 24 icons: ours, so that no button depends on an emoji font.
const ICONS = {
  play: "M7 5l12 7-12 7z",
  pause: "M8 5v14M16 5v14",
  send: "M4 12l16-7-6 15-3-6z",
  clip: "M8 12l6-6a3.5 3.5 0 015 5l-8 8a5 5 0 01-7-7l7-7",
  slash: "M15 4L9 20",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "M10 6l-6 6 6 6M4 12h9a7 7 0 017 7",
  forward: "M14 6l6 6-6 6M20 12h-9a7 7 0 00-7 7",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  close: "M6 6l12 12M18 6L6 18",
  pin: "M9 4h6l-1 7 4 3H6l4-3zM12 14v6",
  silent: "M6 17h9M6 17V11a6 6 0 016-6m4 3a6 6 0 012 4v3M10 20h4M4 4l16 16",
  down: "M6 10l6 6 6-6",
  moon: "M20 14A8 8 0 0110 4a8 8 0 1010 10z",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  outside: "M8 16L16 8M9 8h7v7",
  check: "M5 12l5 5 9-10",
  react: "M12 21a9 9 0 110-18 9 9 0 010 18zM8.500 14.500s1.200 2 3.500 2 3.500-2 3.500-2M9 10h.01M15 10h.01",
};

/** An element: `el("b.name", {title: "…"}, child, "text", …)`. Empty children are left out. */
export function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

/** An icon that says nothing to a screen reader: its button has a label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A round button with an icon; its label is read aloud and shown as a tip. */
export function iconButton(name, label, onclick, more = {}) {
  return el("button.round", { type: "button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

// The page's own words in two languages, and how they tell time. What the bot says is never translated here.

const LANGUAGES = ["uk", "en"];
const ZONE = "Europe/Kyiv";
let words = {};
export let language = "uk";

const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
export const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a private window */ } };
export const recall = stored;

export async function speak(wanted) {
  language = LANGUAGES.includes(wanted) ? wanted : "uk";
  words = await (await fetch(`/page/${language}.json`)).json();
  document.documentElement.lang = language;
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
}

export const has = (key) => key in words;

/** The text with its {values}; where a number decides, in the right plural form. */
export function t(key, values = {}) {
  let text = words[key] ?? key;
  if (typeof text === "object") text = text[new Intl.PluralRules(language).select(values.number)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const format = (options) => (seconds) =>
  new Intl.DateTimeFormat(language === "uk" ? "uk-UA" : "en-GB", { timeZone: ZONE, ...options }).format(seconds * 1000);

export const clock = format({ hour: "2-digit", minute: "2-digit" });
export const clockSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const day = format({ weekday: "short", day: "numeric", month: "long" });
export const date = format({ day: "numeric", month: "long" });

/** «24 хв», «1 год 5 хв»: never less than a minute. */
export function span(seconds) {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const hours = Math.floor(minutes / 60);
  const parts = [hours && t("span.hours", { number: hours }), minutes % 60 && t("span.minutes", { number: minutes % 60 })];
  return parts.filter(Boolean).join(" ");
}

/** «3 хв тому», «через 2 год»: what a relative tg-time shows. */
export function relative(seconds, now) {
  const gap = seconds - now;
  if (Math.abs(gap) < 60) return t("relative.now");
  return t(gap > 0 ? "relative.in" : "relative.ago", { span: span(Math.abs(gap)) });
}

// The buttons under a message. A tap waits for the bot's answer: a toast, an alert, or nothing.

import { act } from "./api.js";
import { el, icon } from "./dom.js";
import { alert, toast } from "./toast.js";
import { t } from "./words.js";

/** Rows of buttons. `context` has the person who taps, and what to do with links of Telegram and with words. */
export function keyboard(message, context) {
  return el("div.keyboard", { role: "group", "aria-label": t("buttons") },
    message.rows.map((row) => el("div.row", {}, row.map((button) => made(button, message, context)))));
}

function made(button, message, context) {
  const style = button.style ? `.of-${button.style}` : "";
  const off = button.disabled !== undefined;
  const node = el(`button.key${style}`, { type: "button", disabled: off }, el("span.label", {}, button.text));
  if (button.url) node.append(icon("outside"));
  if (button.copy_text) node.append(icon("copy"));
  node.addEventListener("click", () => press(node, button, message, context));
  return node;
}

async function press(node, button, message, context) {
  if (button.url) return context.follow(button.url);
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text).catch(() => {});
    return toast(t("copied"));
  }
  if (button.switch_inline_query_current_chat !== undefined) return context.fill(`@${context.bot} ${button.switch_inline_query_current_chat}`);
  if (!button.callback_data) return toast(t("error.button"));
  node.classList.add("waits");
  node.setAttribute("aria-busy", "true");
  const answer = await act("tap", { chat: message.chat, who: context.person(), message: message.id, data: button.callback_data });
  node.classList.remove("waits");
  node.removeAttribute("aria-busy");
  if (!answer) return undefined;
  if (answer.silent) return toast(t("error.silent"));
  if (answer.url) return context.follow(answer.url);
  if (!answer.text) return undefined;
  return answer.alert ? alert(answer.text) : toast(answer.text);
}

// What one does, told to the server. A refusal is shown in words and returns null.

import { toast } from "./toast.js";
import { t, has } from "./words.js";

async function answerOf(request) {
  try {
    const response = await request;
    if (response.ok) return await response.json();
    const code = response.status === 413 ? "too_big" : (await response.json().catch(() => ({}))).error || "unknown";
    toast(has(`error.${code}`) ? t(`error.${code}`) : code);
  } catch {
    toast(t("error.offline"));
  }
  return null;
}

export function act(name, values = {}) {
  const body = JSON.stringify({ act: name, ...values });
  return answerOf(fetch("/api/act", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

export function sendPhotos(values, photos) {
  const form = new FormData();
  form.append("act", JSON.stringify(values));
  for (const photo of photos) form.append("photo", photo);
  return answerOf(fetch("/api/photos", { method: "POST", body: form }));
}

// What the server told: named pieces, live. Listeners hear which pieces changed.

const pieces = new Map();
const listeners = new Set();
let source = null;

export const piece = (name) => pieces.get(name);

/** The messages of a chat (and the whispers that this person alone sees), oldest first. */
export function messagesOf(chat, person) {
  const found = [];
  for (const [name, value] of pieces) {
    if (name.startsWith(`message:${chat}:`)) found.push(value);
    else if (name.startsWith(`whisper:${chat}:`) && value.receiver === person) found.push(value);
  }
  const number = (id) => (typeof id === "number" ? id : Infinity);
  return found.sort((one, other) => one.date - other.date || number(one.id) - number(other.id));
}

export function listen(listener) {
  listeners.add(listener);
}

function take({ all, pieces: told }) {
  const changed = new Set(Object.keys(told));
  if (all) {
    // After a lost connection what is gone is not named: everything is told anew.
    for (const name of pieces.keys()) if (!(name in told)) changed.add(name);
    pieces.clear();
  }
  for (const [name, value] of Object.entries(told)) {
    if (value === null) pieces.delete(name);
    else pieces.set(name, value);
  }
  for (const listener of listeners) listener(changed, all);
}

/** Listens for ever. EventSource itself comes back after a cut; after a refusal it would not, so we do. */
export function connect(online) {
  source = new EventSource("/api/events");
  source.onopen = () => online(true);
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.onerror = () => {
    online(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(online), 2000);
  };
}

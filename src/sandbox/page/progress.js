// What hallpass has written down: for each recipient, what it was told and what it is owed.
import { make } from "./elements.js";
import { instances, state } from "./state.js";

const faces = { P: "pending", A: "approved", D: "denied", R: "promoted", E: "expired" };

function readNotes(text) {
  try {
    const notes = JSON.parse(text);
    return { by: notes.by || "", until: notes.until || 0, to: Array.isArray(notes.to) ? notes.to : [] };
  } catch {
    return null;
  }
}

// Why it waits, as the instances that run say themselves.
function saidByHallpass(service, id, recipient) {
  const said = new Set();
  for (const one of instances.flatMap((instance) => instance.services).filter((one) => one.service === service)) {
    for (const delivery of one.requests.filter((request) => request.id === id).flatMap((request) => request.deliveries)) {
      if (delivery.recipient !== recipient || !delivery.why) continue;
      const again = delivery.next_attempt ? ", again at " + new Date(delivery.next_attempt).toLocaleTimeString() : "";
      said.add(delivery.state + again + ": " + delivery.why);
    }
  }
  return said;
}

// Recipients of whom nothing is written down, because it isn't known where they are.
function unresolved(service, request, notes) {
  const written = new Set(notes.to.map(([recipient, , to]) => recipient || to));
  const missing = new Map();
  for (const one of instances.flatMap((instance) => instance.services).filter((one) => one.service === service)) {
    for (const delivery of one.requests.filter((other) => other.id === request.id).flatMap((other) => other.deliveries)) {
      if (!written.has(delivery.recipient)) missing.set(delivery.recipient, delivery);
    }
  }
  return missing;
}

// An entry is what src/workflow/ledger_codec.cpp makes of a delivery.
function progressOf(service, request, notes, entry) {
  const [recipient, reader, to, , message, face, replies, flags] = entry;
  const reviews = request.reviews.length;
  const owed = [];
  if (!message) owed.push("the message");
  else if (faces[face[0]] !== request.state.toLowerCase() || Number(face.slice(1)) !== reviews) owed.push("an update");
  if (reviews > replies) owed.push(reviews - replies === 1 ? "a reply" : reviews - replies + " replies");
  if (reader === 1 && request.state !== "PENDING" && !(flags & 2)) owed.push("the outcome");
  const held = notes.by && notes.until > Date.now();
  const said = message ? "says " + (faces[face[0]] || "something unknown") : "no message yet";
  const why = owed.length ? [said, "owed: " + owed.join(", ")] : [said];
  if (owed.length && !held && flags & 5) why.push("may have been sent, so it is looked for first");
  if (owed.length && !state.slack.up) why.push("Slack is down");
  why.push(...saidByHallpass(service, request.id, recipient || to));
  return { name: (recipient || to) + (reader === 1 ? " (requester)" : ""), state: !owed.length ? "done" : held ? "sending" : "waiting", why: why.join("; ") };
}

export function progressList(request) {
  const list = make("ul", "progress");
  for (const [service, text] of Object.entries(request.notes)) {
    const notes = readNotes(text);
    if (!notes) continue;
    for (const entry of notes.to) {
      const one = progressOf(service, request, notes, entry);
      list.append(make("li", "", make("span", "delivery " + one.state, one.state), " " + service + " \u00b7 " + one.name + ": " + one.why));
    }
    for (const [name, delivery] of unresolved(service, request, notes)) {
      list.append(make("li", "", make("span", "delivery waiting", delivery.state), " " + service + " \u00b7 " + name + ": " + [...saidByHallpass(service, request.id, name)].join("; ")));
    }
    if (notes.by) list.append(make("li", "quiet", "claimed by " + notes.by + " until " + new Date(notes.until).toLocaleTimeString()));
  }
  if (!list.children.length) list.append(make("li", "quiet", "hallpass has written nothing down yet"));
  return list;
}

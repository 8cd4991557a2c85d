// Third parties other than Slack, drawn alike from what each tells of itself (src/sandbox/third_party.hpp).
import { by, make } from "./elements.js";
import { drawMarkdown } from "./markdown.js";
import { me } from "./people.js";
import { callbackProblem, pressable } from "./presses.js";
import { ask, state } from "./state.js";

export let chosenParty = ""; // "" is Slack
const chosenConversation = new Map(); // party -> id

const parties = () => state.parties || {};

// The person of that service who is the chosen person in Teleport, or has their name.
function person(party) {
  const mine = me();
  const people = party.people || [];
  const first = (mine.name || "").split(" ")[0].toLowerCase();
  return people.find((one) => one.user && one.user === mine.teleport_user) || people.find((one) => first && one.name.toLowerCase().startsWith(first)) || null;
}

function tab(name, title, redraw) {
  const shown = make("button", "", title);
  shown.type = "button";
  shown.setAttribute("role", "tab");
  shown.setAttribute("aria-selected", String(name === chosenParty));
  shown.addEventListener("click", () => {
    chosenParty = name;
    redraw();
  });
  return shown;
}

export function showTabs(redraw) {
  const names = Object.keys(parties());
  if (!names.includes(chosenParty)) chosenParty = "";
  const tabs = by("services");
  tabs.hidden = names.length === 0;
  tabs.replaceChildren(tab("", "Slack", redraw), ...names.map((name) => tab(name, parties()[name].title || name, redraw)));
}

function action(one, message, redraw) {
  const who = person(parties()[chosenParty]);
  const look = {
    key: chosenParty + " " + message.id + " " + one.label,
    label: one.label,
    style: one.style || "",
    blocked: who ? "" : me().name + " has no account there",
  };
  const act = async () => callbackProblem(await ask("POST", one.path, { ...one.body, user: who.id }));
  return pressable(look, act, redraw);
}

function drawMessage(message, redraw) {
  const fields = (message.fields || []).map(([name, value]) => make("div", "party-field", name ? make("strong", "", drawMarkdown(name)) : null, drawMarkdown(String(value))));
  const actions = (message.actions || []).map((one) => action(one, message, redraw));
  const replies = (message.replies || []).map((one) => drawMessage(one, redraw));
  return make(
    "article",
    "party-message",
    make("p", "", make("strong", "", message.from || "hallpass"), make("span", "quiet", message.edited ? " (edited)" : "")),
    drawMarkdown(message.text || ""),
    ...fields,
    actions.length ? make("div", "block block-actions", ...actions) : null,
    replies.length ? make("div", "thread", ...replies) : null,
  );
}

function conversationButton(party, conversation, chosen, redraw) {
  const count = conversation.messages.length;
  const entry = make("button", "", make("span", "", conversation.name), make("span", "count", count ? String(count) : ""));
  entry.type = "button";
  entry.setAttribute("aria-current", String(conversation === chosen));
  entry.addEventListener("click", () => {
    chosenConversation.set(chosenParty, conversation.id);
    redraw();
  });
  return entry;
}

export function showParty(redraw) {
  const party = parties()[chosenParty];
  const all = party.conversations || [];
  const wanted = chosenConversation.get(chosenParty);
  const chosen = all.find((one) => one.id === wanted) || all.find((one) => one.messages.length) || all[0];
  by("channels").replaceChildren(...all.map((one) => conversationButton(party, one, chosen, redraw)));
  by("channel-name").textContent = chosen ? chosen.name : party.title || chosenParty;
  by("channel-facts").textContent = person(party) ? "you are " + person(party).name + (person(party).role ? " (" + person(party).role + ")" : "") : "you have no account here";
  const notices = (party.notices || []).filter((one) => !person(party) || one.for === person(party).id).map((one) => make("p", "notice", "Only you see this: " + one.text));
  const messages = chosen ? chosen.messages.map((one) => drawMessage(one, redraw)) : [];
  by("messages").replaceChildren(...(messages.length ? messages : [make("p", "empty", "Nothing here yet.")]), ...notices.slice(-3));
}

function fieldOf(field) {
  const ticks = field.kind === "check";
  return { field: { key: field.name, id: field.name, kind: ticks ? "ticks" : "text", label: field.label, required: Boolean(field.required), multiline: !ticks, max: 3000, options: ticks ? [field.label] : [] } };
}

// What stands open before the person in the chosen service, the newest; null where nothing does.
export function partyForm() {
  const party = parties()[chosenParty];
  const who = party ? person(party) : null;
  const open = who ? (party.dialogs || []).filter((one) => one.for === who.id).at(-1) : null;
  if (!open) return null;
  return {
    key: chosenParty + " " + open.id,
    version: "1",
    title: open.title,
    submit: "Send",
    close: "Cancel",
    parts: [drawMarkdown(open.text || ""), ...(open.fields || []).map(fieldOf)],
    send: async (values) => ({ problem: callbackProblem(await ask("POST", open.path, { ...open.body, user: who.id, values })) }),
    dismiss: async () => {},
  };
}

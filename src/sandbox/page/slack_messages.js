// The simulated Slack: conversations and messages, with buttons to press.
import { by, make } from "./elements.js";
import { me } from "./people.js";
import { callbackProblem, pressable } from "./presses.js";
import { buttonStyle, drawBody } from "./slack_blocks.js";
import { textObject, userName } from "./slack_text.js";
import { ask, state } from "./state.js";

let chosen = null;
const seen = new Map(); // channel -> number of messages looked at
const known = new Map(); // channel and ts -> what the message looked like

function clock(ts) {
  const time = make("time", "", new Date(Number(ts) * 1000).toLocaleTimeString());
  time.dateTime = new Date(Number(ts) * 1000).toISOString();
  time.title = "ts " + ts;
  return time;
}

function versionsOf(message) {
  const count = message.earlier.length;
  const all = make("details", "versions", make("summary", "", count === 1 ? "1 earlier version" : count + " earlier versions"));
  all.dataset.key = "versions " + message.ts;
  for (const version of message.earlier) {
    all.append(make("div", "version", make("span", "edited", version.at), drawBody(version)));
  }
  return all;
}

function messageView(channel, message, replies) {
  const name = userName(message.user);
  const who = make("div", "who", make("strong", "", name), make("span", "app", "APP"), clock(message.ts));
  if (message.edited_ts) who.append(make("span", "edited", "(edited)"));
  if (message.ephemeral_for) who.append(make("span", "only", "only visible to " + userName(message.ephemeral_for)));
  const content = make("div", "", who, drawBody(message, (element) => buttonOf(channel, message, element)));
  if (message.earlier.length) content.append(versionsOf(message));
  if (replies.length) {
    const thread = make("div", "thread", make("p", "", replies.length === 1 ? "1 reply" : replies.length + " replies"));
    for (const reply of replies) thread.append(messageView(channel, reply, []));
    content.append(thread);
  }
  const shown = make("article", "message", make("div", "face", name.slice(0, 1).toUpperCase()), content);
  const key = channel.id + " " + message.ts;
  const look = message.edited_ts + " " + message.ts;
  if (known.has(key) ? known.get(key) !== look : seen.has(channel.id)) shown.classList.add("fresh");
  known.set(key, look);
  return shown;
}

const keyOf = (channel, message, element) => ["slack", me().id, channel.id, message.ts, element.action_id].join(" ");

function buttonOf(channel, message, element) {
  const label = textObject(element.text, make("span"));
  if (element.url) {
    const shown = make("span", "button " + buttonStyle(element), label);
    shown.title = "opens " + element.url;
    return shown;
  }
  const mine = !channel.im_user || channel.im_user === me().id;
  const look = { key: keyOf(channel, message, element), label, style: buttonStyle(element), blocked: mine ? "" : "Only " + userName(channel.im_user) + " sees this conversation" };
  return pressable(look, () => click(channel, message, element), showMessages);
}

// What Slack would show beside the button where the click comes to nothing.
async function click(channel, message, element) {
  const body = { user: me().id, channel: channel.id, ts: message.ts, action: element.action_id };
  const told = await ask("POST", "/slack/click", body);
  return callbackProblem(told) || (told.view || wasTold(channel, message) ? "" : "hallpass took the click, but opened no form");
}

function wasTold(channel, message) {
  const now = state.slack.channels.find((one) => one.id === channel.id);
  return now.messages.some((one) => one.ephemeral_for === me().id && Number(one.ts) > Number(message.ts));
}

function channelTitle(channel) {
  return channel.im_user ? userName(channel.im_user) : "# " + channel.name;
}

export function showMessages() {
  const channel = state.slack.channels.find((one) => one.id === chosen);
  const list = by("messages");
  if (!channel) return;
  const opened = new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  by("channel-name").textContent = channelTitle(channel);
  by("channel-facts").textContent = state.slack.up ? (channel.im_user ? "direct message, seen by this person only" : channel.id) : "Slack is down";
  const views = [];
  for (const message of channel.messages) {
    if (message.thread_ts && message.thread_ts !== message.ts && channel.messages.some((one) => one.ts === message.thread_ts)) continue;
    const replies = channel.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
    views.push(messageView(channel, message, replies));
  }
  if (!views.length) views.push(make("p", "empty", "No messages yet. A new request that is routed here appears at once."));
  const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  list.replaceChildren(...views);
  if (focused) [...list.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused)?.focus();
  for (const details of list.querySelectorAll("details")) details.open = opened.has(details.dataset.key);
  if (atEnd) list.scrollTop = list.scrollHeight;
  seen.set(channel.id, channel.messages.length);
}

function channelButton(channel) {
  const count = channel.messages.length;
  const unread = seen.has(channel.id) ? count > seen.get(channel.id) : count > 0;
  const entry = make("button", unread && channel.id !== chosen ? "unread" : "", make("span", "", channelTitle(channel)), make("span", "count", count ? String(count) : ""));
  entry.type = "button";
  entry.dataset.channel = channel.id;
  entry.setAttribute("aria-current", String(channel.id === chosen));
  entry.addEventListener("click", () => {
    chosen = channel.id;
    by("messages").scrollTop = by("messages").scrollHeight;
    showSlack();
  });
  return entry;
}

function firstToShow(channels) {
  const first = channels.find((one) => one.messages.length && !one.im_user) || channels[0];
  return first ? first.id : null;
}

export function showSlack() {
  const channels = state.slack.channels;
  if (!channels.some((one) => one.id === chosen)) chosen = firstToShow(channels);
  const focused = document.activeElement && document.activeElement.dataset.channel;
  const list = [make("h3", "", "Channels"), ...channels.filter((one) => !one.im_user).map(channelButton)];
  const direct = channels.filter((one) => one.im_user);
  if (direct.length) list.push(make("h3", "", "Direct messages"), ...direct.map(channelButton));
  by("channels").replaceChildren(...list);
  if (focused) [...by("channels").querySelectorAll("button")].find((one) => one.dataset.channel === focused)?.focus();
  showMessages();
}

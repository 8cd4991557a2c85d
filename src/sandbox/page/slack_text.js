// Slack's mrkdwn and plain text, drawn as Slack does.
import { make } from "./elements.js";
import { state } from "./state.js";

function unescaped(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

export function userName(id) {
  const user = state.slack.users.find((one) => one.id === id);
  return user ? user.real_name || user.name : id;
}

export function linked(address, label) {
  const shown = make("span", "link", unescaped(label || address));
  shown.title = unescaped(address);
  return shown;
}

// Slack shows an instant in the reader's own time zone.
export function dated(seconds, fallback) {
  const shown = make("time", "", Number.isFinite(seconds) ? new Date(seconds * 1000).toLocaleString() : fallback || "");
  shown.title = fallback || "";
  return shown;
}

function angled(inside) {
  const [target, label] = inside.split("|", 2);
  if (target.startsWith("!date^")) return dated(Number(target.split("^")[1]), label);
  if (target.startsWith("@")) return make("span", "mention", "@" + (label || userName(target.slice(1))));
  if (target.startsWith("#")) return make("span", "mention", "#" + (label || target.slice(1)));
  if (target.startsWith("!")) return make("span", "mention", "@" + (label || target.slice(1).split("^")[0]));
  return linked(target, label);
}

// The few that a message about access uses; others show by their names.
const emoji = { white_check_mark: "\u2705", x: "\u274c", hourglass: "\u231b", hourglass_flowing_sand: "\u23f3", no_entry: "\u26d4", arrow_up: "\u2b06\ufe0f", lock: "\ud83d\udd12", unlock: "\ud83d\udd13", warning: "\u26a0\ufe0f", heavy_check_mark: "\u2714\ufe0f", alarm_clock: "\u23f0", inbox_tray: "\ud83d\udce5", eyes: "\ud83d\udc40", key: "\ud83d\udd11", question: "\u2753", rocket: "\ud83d\ude80" };

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (all, name) => (Object.hasOwn(emoji, name) ? emoji[name] : all));
}

function plain(text) {
  return withEmoji(unescaped(text));
}

const inline = /```([^]*?)```\n?|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?!\w)|(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?!\w)|(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?!\w)/g;

function mrkdwn(text, into) {
  let at = 0;
  for (const found of text.matchAll(inline)) {
    into.append(plain(text.slice(at, found.index)));
    const [all, fence, code, angle, bold, italic, strike] = found;
    if (fence !== undefined) into.append(make("pre", "", unescaped(fence.replace(/^\n/, ""))));
    else if (code !== undefined) into.append(make("code", "", unescaped(code)));
    else if (angle !== undefined) into.append(angled(angle));
    else if (bold !== undefined) into.append(mrkdwn(bold, make("strong")));
    else if (italic !== undefined) into.append(mrkdwn(italic, make("em")));
    else into.append(mrkdwn(strike, make("s")));
    at = found.index + all.length;
  }
  into.append(plain(text.slice(at)));
  return into;
}

function quoted(text, into) {
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const matched = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (matched) {
      if (!quote) into.append((quote = make("blockquote")));
      else quote.append("\n");
      mrkdwn(matched[1], quote);
      return;
    }
    quote = null;
    mrkdwn(line + (index + 1 < lines.length ? "\n" : ""), into);
  });
  return into;
}

export function textObject(object, into) {
  if (!object || typeof object.text !== "string") return into;
  if (object.type !== "mrkdwn") {
    into.append(object.emoji === false ? object.text : withEmoji(object.text));
    return into;
  }
  // A fence may span lines, and a quote inside one is none.
  return object.text.includes("```") ? mrkdwn(object.text, into) : quoted(object.text, into);
}

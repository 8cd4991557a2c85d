"use strict";

// Messages are hostile: nothing from the server becomes markup, every text is set as text.

const by = (id) => document.getElementById(id);

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const child of children) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

let state = null;
let chosen = null;
const seen = new Map(); // channel -> number of messages looked at
const known = new Map(); // channel and ts -> what the message looked like

async function send(method, path, body) {
  const problem = by("error");
  try {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const read = await answer.json();
    if (!answer.ok) throw new Error(read.error || answer.statusText);
    problem.hidden = true;
    return read;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return null;
  }
}

// ---- text ----

function unescaped(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

function userName(id) {
  const user = state.slack.users.find((one) => one.id === id);
  return user ? user.real_name || user.name : id;
}

function linked(address, label) {
  const shown = make("span", "link", unescaped(label || address));
  shown.title = unescaped(address);
  return shown;
}

// Slack shows an instant in the reader's own time zone.
function dated(seconds, fallback) {
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

function withEmoji(text) {
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

function textObject(object, into) {
  if (!object || typeof object.text !== "string") return into;
  if (object.type !== "mrkdwn") {
    into.append(object.emoji === false ? object.text : withEmoji(object.text));
    return into;
  }
  // A fence may span lines, and a quote inside one is none.
  return object.text.includes("```") ? mrkdwn(object.text, into) : quoted(object.text, into);
}

// ---- blocks ----

function button(element) {
  const style = ["primary", "danger"].includes(element.style) ? " " + element.style : "";
  const shown = textObject(element.text, make("span", "button" + style));
  shown.title = element.url ? "opens " + element.url : "action " + (element.action_id || "");
  return shown;
}

const richParts = {
  text: (part) => {
    const style = part.style || {};
    let shown = make(style.code ? "code" : "span", "", part.text || "");
    if (style.bold) shown = make("strong", "", shown);
    if (style.italic) shown = make("em", "", shown);
    if (style.strike) shown = make("s", "", shown);
    return shown;
  },
  link: (part) => linked(part.url || "", part.text),
  user: (part) => make("span", "mention", "@" + userName(part.user_id)),
  channel: (part) => make("span", "mention", "#" + part.channel_id),
  broadcast: (part) => make("span", "mention", "@" + part.range),
  date: (part) => dated(part.timestamp, part.fallback),
  emoji: (part) => make("span", "", withEmoji(":" + part.name + ":")),
};

function rich(element, into) {
  for (const part of element.elements || []) {
    if (Object.hasOwn(richParts, part.type)) into.append(richParts[part.type](part));
    else if (part.elements) rich(part, into.appendChild(make("div")));
  }
  return into;
}

function richBlock(block) {
  const shown = make("div", "block");
  for (const element of block.elements || []) {
    const tag = { rich_text_preformatted: "pre", rich_text_quote: "blockquote" }[element.type] || "div";
    shown.append(rich(element, make(tag)));
  }
  return shown;
}

function section(block) {
  const shown = make("div", "block");
  if (block.accessory && block.accessory.type === "button") {
    shown.append(make("div", "accessory", button(block.accessory)));
  }
  if (block.text) textObject(block.text, shown);
  if (block.fields) {
    const fields = make("div", "block-fields");
    for (const field of block.fields) fields.append(textObject(field, make("div")));
    shown.append(fields);
  }
  return shown;
}

const blockKinds = {
  header: (block) => textObject(block.text, make("div", "block block-header")),
  section,
  context: (block) => {
    const shown = make("div", "block block-context");
    for (const element of block.elements || []) {
      shown.append(element.type === "image" ? make("span", "", "[" + (element.alt_text || "image") + "]") : textObject(element, make("span")));
    }
    return shown;
  },
  divider: () => make("hr", "block-divider"),
  actions: (block) => {
    const shown = make("div", "block block-actions");
    for (const element of block.elements || []) {
      shown.append(element.type === "button" ? button(element) : make("span", "button", element.type || "?"));
    }
    return shown;
  },
  rich_text: richBlock,
};

function bodyOf(version) {
  const body = make("div", "body");
  if (!version.blocks.length) {
    body.append(textObject({ type: "mrkdwn", text: version.text }, make("div", "block")));
  }
  for (const block of version.blocks) {
    const kind = Object.hasOwn(blockKinds, block.type) ? blockKinds[block.type] : null;
    body.append(kind ? kind(block) : make("div", "block block-context", "[" + block.type + "]"));
  }
  return body;
}

// ---- messages ----

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
    all.append(make("div", "version", make("span", "edited", version.at), bodyOf(version)));
  }
  return all;
}

function messageView(channel, message, replies) {
  const name = userName(message.user);
  const who = make("div", "who", make("strong", "", name), make("span", "app", "APP"), clock(message.ts));
  if (message.edited_ts) who.append(make("span", "edited", "(edited)"));
  if (message.ephemeral_for) who.append(make("span", "only", "only visible to " + userName(message.ephemeral_for)));
  const content = make("div", "", who, bodyOf(message));
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

function channelTitle(channel) {
  return channel.im_user ? userName(channel.im_user) : "# " + channel.name;
}

function showMessages() {
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
  list.replaceChildren(...views);
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

function showSlack() {
  const channels = state.slack.channels;
  if (!channels.some((one) => one.id === chosen)) chosen = channels.length ? channels[0].id : null;
  const focused = document.activeElement && document.activeElement.dataset.channel;
  const list = [make("h3", "", "Channels"), ...channels.filter((one) => !one.im_user).map(channelButton)];
  const direct = channels.filter((one) => one.im_user);
  if (direct.length) list.push(make("h3", "", "Direct messages"), ...direct.map(channelButton));
  by("channels").replaceChildren(...list);
  if (focused) [...by("channels").querySelectorAll("button")].find((one) => one.dataset.channel === focused)?.focus();
  showMessages();
}

// ---- the cluster ----

function decideRow(request) {
  const reviewers = state.directory.users.filter((one) => one.may_review && one.name !== request.user && !one.roles.includes("access-plugin") && !request.reviews.some((review) => review.author === one.name));
  const who = make("select");
  who.setAttribute("aria-label", "Reviewer");
  for (const one of reviewers) who.append(make("option", "", one.name));
  const reason = make("input");
  reason.placeholder = "Reason (optional)";
  reason.setAttribute("aria-label", "Reason of the review");
  const decide = (label, className, verdict) => {
    const pressed = make("button", className, label);
    pressed.type = "button";
    pressed.disabled = !reviewers.length;
    pressed.addEventListener("click", () => send("POST", "/requests/" + request.id + "/review", { author: who.value, state: verdict, reason: reason.value }));
    return pressed;
  };
  const expire = make("button", "", "Expire");
  expire.type = "button";
  expire.addEventListener("click", () => send("DELETE", "/requests/" + request.id));
  const verdicts = make("div", "verdicts", decide("Approve", "good", "APPROVED"), decide("Deny", "bad", "DENIED"), expire);
  return make("div", "decide", who, reason, verdicts);
}

// ---- what hallpass has written down: for each recipient, what it was told and what it is owed ----

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

function progressList(request) {
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

function requestCard(request) {
  const head = make("div", "request-head", make("strong", "", request.user), make("span", "", request.roles.join(", ")), make("span", "state " + request.state, request.state.toLowerCase()));
  const card = make("article", "request", head, make("p", "id", request.id));
  card.dataset.id = request.id;
  card.dataset.look = JSON.stringify([request.state, request.reviews, request.resolve_reason]);
  if (request.reason) card.append(make("p", "", request.reason));
  if (request.suggested_reviewers.length) card.append(make("p", "quiet", "Suggested: " + request.suggested_reviewers.join(", ")));
  const need = request.thresholds[0] ? request.thresholds[0].approve : 0;
  if (need > 1 && request.state === "PENDING") card.append(make("p", "quiet", "Needs " + need + " approvals"));
  if (request.reviews.length) {
    const list = make("ul");
    for (const review of request.reviews) {
      list.append(make("li", "", make("span", "state " + review.state, review.state.toLowerCase()), " by " + review.author + (review.reason ? ": " + review.reason : "")));
    }
    card.append(list);
  }
  card.append(progressList(request));
  if (request.state === "PENDING") card.append(decideRow(request));
  return card;
}

// Cards that did not change stay, with what is being typed into them.
function showRequests() {
  const list = by("requests");
  const old = new Map([...list.querySelectorAll(".request")].map((card) => [card.dataset.id, card]));
  const cards = state.cluster.requests.map((request) => {
    const fresh = requestCard(request);
    const kept = old.get(request.id);
    if (!kept || kept.dataset.look !== fresh.dataset.look) return fresh;
    kept.querySelector(".progress").replaceWith(fresh.querySelector(".progress"));
    return kept;
  });
  if (!cards.length) cards.push(make("p", "empty", "No requests. Create one above, and see what hallpass makes of it on the other side."));
  const same = cards.length === list.children.length && cards.every((card, index) => card === list.children[index]);
  if (!same) list.replaceChildren(...cards);
}

function showDirectory() {
  const roles = Object.keys(state.directory.roles);
  const choice = by("role-choice");
  if (choice.dataset.roles !== roles.join()) {
    choice.dataset.roles = roles.join();
    choice.replaceChildren(...roles.map((role, index) => {
      const box = make("input");
      box.type = "checkbox";
      box.name = "role";
      box.value = role;
      box.checked = index === 0;
      return make("label", "", box, role);
    }));
    const user = by("request-form").elements.user;
    if (!user.value && state.directory.users.length) user.value = state.directory.users[0].name;
  }
  const options = (names) => names.map((name) => Object.assign(make("option"), { value: name }));
  by("users").replaceChildren(...options(state.directory.users.map((one) => one.name)));
  const methods = ["chat.postMessage", "chat.update", "users.lookupByEmail", "UpdatePluginData", "GetPluginData", "GetAccessRequestsV2", "WatchEvents", "Ping"];
  by("methods").replaceChildren(...options(methods));
}

function showCluster() {
  const cluster = state.cluster;
  by("cluster-name").textContent = cluster.settings.name;
  const pending = cluster.pending === 1 ? "1 pending" : cluster.pending + " pending";
  by("cluster-facts").textContent = pending + " of " + cluster.total;
  const status = by("status");
  const watching = cluster.watchers === 1 ? "1 plugin is watching" : cluster.watchers + " plugins are watching";
  status.textContent = !cluster.up ? "The Auth Service is down" : cluster.watchers ? watching : "No plugin is watching the cluster";
  status.classList.toggle("broken", !cluster.up || !cluster.watchers);
}

// ---- faults ----

function ruleText(side, rule) {
  const effect = { refuse: "refused", lose: "done, answer lost", garbage: "answered with garbage" }[rule.effect];
  const method = rule.method === "*" ? "every call to " + side : rule.method;
  return method + ": " + (rule.n !== null ? "next " + rule.n + " " : rule.percent + " % ") + effect;
}

function showFaults() {
  by("auth-switch").textContent = state.cluster.up ? "Take down" : "Bring up";
  by("slack-switch").textContent = state.slack.up ? "Take down" : "Bring up";
  const now = [];
  for (const side of ["auth", "slack"]) {
    const faults = state.faults[side];
    now.push(...faults.rules.map((rule) => ruleText(side, rule)));
    now.push(...faults.rate_limits.map((limit) => limit.method + ": " + limit.per_second + " a second" + (limit.per_channel ? " and channel" : "")));
    now.push(...Object.entries(faults.delays_ms).map(([method, ms]) => method + ": " + ms + " ms later"));
    now.push(...Object.entries(faults.answer_delays_ms).map(([method, ms]) => method + ": done at once, answered " + ms + " ms later"));
  }
  by("faults-now").textContent = now.length ? "Set now. " + now.join("; ") : "Nothing is set to go wrong.";
  by("slack-limit").textContent = state.faults.slack.rate_limits.length ? "Lift the rate limit" : "Limit to 1 message a second";
  by("faults-toggle").textContent = now.length ? "Faults (" + now.length + ")" : "Faults";
}

function wireFaults() {
  by("faults-toggle").addEventListener("click", () => {
    const strip = by("faults");
    strip.hidden = !strip.hidden;
    by("faults-toggle").setAttribute("aria-expanded", String(!strip.hidden));
  });
  for (const pressed of document.querySelectorAll("[data-command]")) {
    pressed.addEventListener("click", () => send("POST", "/" + pressed.dataset.command, {}));
  }
  by("auth-switch").addEventListener("click", () => state && send("POST", "/down", { side: "auth", down: state.cluster.up }));
  by("slack-switch").addEventListener("click", () => state && send("POST", "/down", { side: "slack", down: state.slack.up }));
  by("slack-limit").addEventListener("click", () => {
    if (!state) return;
    const lifted = state.faults.slack.rate_limits.length > 0;
    send("POST", "/rate-limit", { method: "chat.postMessage", per_second: lifted ? 0 : 1, per_channel: true });
  });
  const form = by("fault-form");
  form.elements.effect.addEventListener("change", () => {
    const delay = form.elements.effect.value === "delay";
    by("fault-count").hidden = delay;
    by("fault-delay").hidden = !delay;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { method, effect, n, ms } = form.elements;
    const body = effect.value === "delay" ? { ms: Number(ms.value) } : { n: Number(n.value) };
    send("POST", "/" + effect.value, { method: method.value.trim(), ...body });
  });
}

function wireRequestForm() {
  const form = by("request-form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = form.elements;
    const made = await send("POST", "/requests", {
      user: fields.user.value.trim(),
      roles: [...form.querySelectorAll("input[name=role]:checked")].map((box) => box.value),
      reason: fields.reason.value,
      suggested_reviewers: fields.reviewers.value.split(",").map((one) => one.trim()).filter(Boolean),
      approvals: Number(fields.approvals.value),
    });
    if (made) fields.reason.value = "";
  });
}

// ---- following ----

let instances = [];

// Nobody tells the page when a reason changes, so it asks.
async function followInstances() {
  for (;;) {
    try {
      const answer = await fetch("/hallpass", { cache: "no-store" });
      const fresh = answer.ok ? await answer.json() : [];
      const changed = JSON.stringify(fresh.map((one) => one.services)) !== JSON.stringify(instances.map((one) => one.services));
      instances = fresh;
      if (changed && state) showRequests();
    } catch {
      instances = [];
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function follow() {
  let revision = 0;
  for (;;) {
    try {
      const answer = await fetch("/state?after=" + revision, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      state = await answer.json();
      if (state.revision !== revision) {
        revision = state.revision;
        showCluster();
        showDirectory();
        showRequests();
        showFaults();
        showSlack();
      }
    } catch (error) {
      by("status").textContent = "The sandbox does not answer (" + error.message + ")";
      by("status").classList.add("broken");
      revision = 0;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

wireFaults();
wireRequestForm();
follow();
followInstances();

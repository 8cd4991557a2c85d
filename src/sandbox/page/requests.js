// The cluster's requests, and reviews in Teleport itself.
import { by, make } from "./elements.js";
import { progressList } from "./progress.js";
import { send, state } from "./state.js";

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
  return make("div", "decide", make("p", "quiet", "In Teleport itself, not in Slack:"), who, reason, verdicts);
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
export function showRequests() {
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

export function showCluster() {
  const cluster = state.cluster;
  by("cluster-name").textContent = cluster.settings.name;
  const pending = cluster.pending === 1 ? "1 pending" : cluster.pending + " pending";
  by("cluster-facts").textContent = pending + " of " + cluster.total;
  const status = by("status");
  const watching = cluster.watchers === 1 ? "1 plugin is watching" : cluster.watchers + " plugins are watching";
  status.textContent = !cluster.up ? "The Auth Service is down" : cluster.watchers ? watching : "No plugin is watching the cluster";
  status.classList.toggle("broken", !cluster.up || !cluster.watchers);
}

// What is to go wrong.
import { by } from "./elements.js";
import { send, state } from "./state.js";

function ruleText(side, rule) {
  const effect = { refuse: "refused", lose: "done, answer lost", garbage: "answered with garbage" }[rule.effect];
  const method = rule.method === "*" ? "every call to " + side : rule.method;
  return method + ": " + (rule.n !== null ? "next " + rule.n + " " : rule.percent + " % ") + effect;
}

export function showFaults() {
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

export function wireFaults() {
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

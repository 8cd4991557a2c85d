// The form of a new request.
import { by, make } from "./elements.js";
import { send, state } from "./state.js";

export function showDirectory() {
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

export function wireRequestForm() {
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

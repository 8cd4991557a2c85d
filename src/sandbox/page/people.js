// Who looks at the page: each tab may be somebody else.
import { by, make } from "./elements.js";
import { state } from "./state.js";

const nobody = { id: "", name: "nobody", what: "", teleport_user: "" };
const place = "hallpass sandbox: you are";

function wanted() {
  const people = state.slack.people;
  const kept = people.find((one) => one.id === sessionStorage.getItem(place));
  return kept || people.find((one) => one.what === "reviewer") || people[0] || nobody;
}

// With "id" (of Slack), "name", "what" they are, and their "teleport_user".
export function me() {
  return state ? wanted() : nobody;
}

export function showPeople() {
  const select = by("me");
  const people = state.slack.people;
  const look = JSON.stringify(people);
  if (select.dataset.look !== look) {
    select.dataset.look = look;
    select.replaceChildren(
      ...people.map((one) => {
        const option = make("option", "", one.name + " (" + one.what + ")");
        option.value = one.id;
        return option;
      }),
    );
  }
  select.value = me().id;
  by("me-facts").textContent = me().teleport_user ? me().teleport_user + " in Teleport" : "no Teleport user";
}

export function wirePeople(changed) {
  by("me").addEventListener("change", (event) => {
    sessionStorage.setItem(place, event.target.value);
    if (state) changed();
  });
}

// Follows the sandbox, and shows all of it anew after every change.
import { by } from "./elements.js";
import { showFaults, wireFaults } from "./faults.js";
import { showForm, wireForm } from "./form.js";
import { showDirectory, wireRequestForm } from "./new_request.js";
import { showPeople, wirePeople } from "./people.js";
import { chosenParty, partyForm, showParty, showTabs } from "./parties.js";
import { showCluster, showRequests } from "./requests.js";
import { slackForm } from "./slack_forms.js";
import { showSlack } from "./slack_messages.js";
import { instances, setInstances, setState, state } from "./state.js";

function showPerson() {
  showPeople();
  showTabs(showPerson);
  if (chosenParty) {
    showParty(showPerson);
  } else {
    showSlack();
  }
  showForm(slackForm() || partyForm());
}

function showAll() {
  showCluster();
  showDirectory();
  showRequests();
  showFaults();
  showPerson();
}

// Nobody tells the page when a reason changes, so it asks.
async function followInstances() {
  for (;;) {
    try {
      const answer = await fetch("/hallpass", { cache: "no-store" });
      const fresh = answer.ok ? await answer.json() : [];
      const changed = JSON.stringify(fresh.map((one) => one.services)) !== JSON.stringify(instances.map((one) => one.services));
      setInstances(fresh);
      if (changed && state) showRequests();
    } catch {
      setInstances([]);
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
      const fresh = await answer.json();
      setState(fresh);
      if (fresh.revision !== revision) {
        revision = fresh.revision;
        showAll();
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
wirePeople(showPerson);
wireForm();
follow();
followInstances();

// Buttons on messages, for every service alike: what becomes of a press until a form opens, or instead of one.
import { make } from "./elements.js";

const service_patience_ms = 3000;
const presses = new Map(); // key -> { busy, problem }

// What a service tells a person whose click or form came to nothing; "" where hallpass took it.
export function callbackProblem(told) {
  if (told.status === 200) return told.problem || "";
  if (told.status) return "hallpass refused it (status " + told.status + ")";
  if (told.ms >= service_patience_ms - 50) return "hallpass didn't respond in time";
  return "hallpass couldn't be reached" + (told.problem ? ": " + told.problem : "");
}

async function press(key, act, redraw) {
  if (presses.get(key)?.busy) return;
  presses.set(key, { busy: true, problem: "" });
  redraw();
  let problem = "";
  try {
    problem = await act();
  } catch (error) {
    problem = error.message;
  }
  presses.set(key, { busy: false, problem });
  redraw();
}

// `act` gives the problem that is to stand beside the button, or "". A button that can't be pressed says why.
export function pressable({ key, label, style, blocked }, act, redraw) {
  const { busy, problem } = presses.get(key) || {};
  const shown = make("button", "button " + style, label);
  shown.type = "button";
  shown.dataset.key = key;
  if (blocked) {
    shown.disabled = true;
    shown.title = blocked;
  } else if (busy) {
    // Not disabled: that would take the focus away.
    shown.setAttribute("aria-disabled", "true");
    shown.setAttribute("aria-busy", "true");
  } else {
    shown.addEventListener("click", () => press(key, act, redraw));
  }
  if (!problem) return shown;
  const said = make("span", "press-problem", "\u26a0 " + problem);
  said.setAttribute("role", "alert");
  return make("span", "pressed", shown, said);
}

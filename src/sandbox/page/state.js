// What the sandbox told last, and how to tell it something.
import { by } from "./elements.js";

export let state = null;
export let instances = []; // what each running hallpass says of itself

export function setState(fresh) {
  state = fresh;
}

export function setInstances(fresh) {
  instances = fresh;
}

// Throws what the sandbox refuses with.
export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.error || answer.statusText);
  return read;
}

// The same for the cluster's side, with a place for what is refused.
export async function send(method, path, body) {
  const problem = by("error");
  try {
    const read = await ask(method, path, body);
    problem.hidden = true;
    return read;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return null;
  }
}

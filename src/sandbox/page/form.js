// The form, or the outcome, that stands open before a person: drawn alike for every service.
//
// A service describes it as
//   { key, version, title, submit, close, parts, send, dismiss }
// with parts that are an element or { field: { key, id, kind: "text" | "ticks", label, hint, required, multiline,
// max, placeholder, options } }; send(values by field id) gives { problem, errors by field key }, dismiss() closes.
import { by, make } from "./elements.js";

let drawn = null; // { form, fields }
const dismissed = new Set();

function textInput(field) {
  const input = make(field.multiline ? "textarea" : "input");
  if (field.multiline) input.rows = 4;
  if (field.max) input.maxLength = field.max;
  input.placeholder = field.placeholder || "";
  return { inputs: [input], shown: [input], value: () => input.value };
}

function ticks(field) {
  const inputs = [];
  const shown = field.options.map((text) => {
    const box = make("input");
    box.type = "checkbox";
    inputs.push(box);
    return make("label", "tick", box, text);
  });
  // The sandbox ticks all boxes of a field or none.
  return { inputs, shown, value: () => inputs.every((box) => box.checked) };
}

function drawField(field, number) {
  const { inputs, shown, value } = field.kind === "ticks" ? ticks(field) : textInput(field);
  const error = make("p", "field-error");
  error.id = "field-error-" + number;
  error.hidden = true;
  const label = make(field.kind === "ticks" ? "legend" : "label", "field-label", field.label);
  if (!field.required) label.append(make("span", "quiet", " (optional)"));
  const group = make(field.kind === "ticks" ? "fieldset" : "div", "field", label, ...shown);
  if (field.hint) group.append(make("p", "quiet", field.hint));
  group.append(error);
  inputs.forEach((input, index) => {
    input.id = "field-" + number + "-" + index;
    input.setAttribute("aria-describedby", error.id);
    input.required = field.required;
  });
  if (field.kind !== "ticks") label.htmlFor = inputs[0].id;
  return { field, group, inputs, error, value };
}

function showError({ inputs, error }, words) {
  error.hidden = !words;
  error.textContent = words || "";
  for (const input of inputs) input.setAttribute("aria-invalid", String(Boolean(words)));
}

function showErrors(fields, errors) {
  for (const one of fields) showError(one, errors[one.field.key]);
  fields.find((one) => errors[one.field.key])?.inputs[0].focus();
  return fields.some((one) => errors[one.field.key]);
}

function showProblem(words) {
  by("form-problem").hidden = !words;
  by("form-problem").textContent = words ? "\u26a0 " + words : "";
}

// What a service's own form doesn't let through.
function leftEmpty(fields) {
  const errors = {};
  for (const { field, value } of fields) {
    if (field.required && !value()) errors[field.key] = "Please complete this required field.";
  }
  return errors;
}

async function submit(now) {
  if (by("form").ariaBusy === "true" || showErrors(now.fields, leftEmpty(now.fields))) return;
  showProblem("");
  by("form").ariaBusy = "true";
  let said = {};
  try {
    said = await now.form.send(Object.fromEntries(now.fields.map((one) => [one.field.id, one.value()])));
  } catch (error) {
    said = { problem: error.message };
  }
  by("form").ariaBusy = "false";
  if (drawn !== now) return; // it has become something else meanwhile
  showProblem(said.problem || "");
  showErrors(now.fields, said.errors || {});
}

function dismiss() {
  if (!drawn) return;
  const { form } = drawn;
  dismissed.add(form.key);
  hide();
  form.dismiss().catch(() => {}); // a sandbox that is gone has no form any more
}

function hide() {
  drawn = null;
  by("form").ariaBusy = "false";
  if (by("form").open) by("form").close();
}

function draw(form) {
  const fields = [];
  const parts = form.parts.map((part) => {
    if (!part.field) return part;
    fields.push(drawField(part.field, fields.length));
    return fields.at(-1).group;
  });
  drawn = { form, fields };
  by("form-title").textContent = form.title;
  by("form-parts").replaceChildren(...parts);
  by("form-submit").hidden = !form.submit;
  by("form-submit").textContent = form.submit || "";
  by("form-close").textContent = form.close;
  by("form").ariaBusy = "false";
  showProblem("");
  if (!by("form").open) by("form").showModal();
  (fields.length ? fields[0].inputs[0] : by("form-close")).focus();
}

// `form` is the newest that is open before the person, or null. What is being typed stays until it changes.
export function showForm(form) {
  if (!form || dismissed.has(form.key)) {
    hide();
    return;
  }
  if (drawn && drawn.form.key === form.key && drawn.form.version === form.version) return;
  draw(form);
}

export function wireForm() {
  by("form-body").addEventListener("submit", (event) => {
    event.preventDefault();
    if (drawn && drawn.form.submit) submit(drawn);
  });
  by("form-close").addEventListener("click", dismiss);
  by("form").addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss();
  });
  by("form").addEventListener("close", dismiss); // a browser may close it without asking
}

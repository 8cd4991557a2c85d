// The views that hallpass opens in the simulated Slack.
import { make } from "./elements.js";
import { me } from "./people.js";
import { callbackProblem } from "./presses.js";
import { drawBlock } from "./slack_blocks.js";
import { textObject } from "./slack_text.js";
import { ask, state } from "./state.js";

const words = (object) => textObject(object, make("span"));

function partOf(block) {
  const element = block.element || {};
  const kind = { plain_text_input: "text", checkboxes: "ticks" }[element.type];
  if (block.type !== "input") return drawBlock(block);
  if (!kind) return make("div", "block block-context", "[" + element.type + "]");
  return {
    field: {
      key: block.block_id,
      id: element.action_id,
      kind,
      label: words(block.label),
      hint: block.hint ? words(block.hint) : null,
      required: !block.optional,
      multiline: Boolean(element.multiline),
      max: element.max_length || 3000,
      placeholder: element.placeholder ? element.placeholder.text : "",
      options: (element.options || []).map((option) => words(option.text)),
    },
  };
}

async function sendView(view, values) {
  const told = await ask("POST", "/slack/submit", { view_id: view.id, user: view.user, values });
  const problem = callbackProblem(told);
  const refused = told.answer && told.answer.response_action === "errors";
  return { problem: problem && problem + ". You can try again.", errors: refused ? told.answer.errors : {} };
}

const age = (view) => Number(view.hash.split(".")[1]); // every change takes the next number

// What stands open before the person, the newest; null where nothing does.
export function slackForm() {
  const [view] = state.slack.views.filter((one) => one.user === me().id).sort((a, b) => age(b) - age(a));
  if (!view) return null;
  return {
    key: view.id,
    version: view.hash,
    title: view.title.text,
    submit: view.submit ? view.submit.text : "",
    close: view.close ? view.close.text : "Cancel",
    parts: view.blocks.map(partOf),
    send: (values) => sendView(view, values),
    dismiss: () => ask("POST", "/slack/close", { view_id: view.id }),
  };
}

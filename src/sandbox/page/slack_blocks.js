// Slack's blocks.
import { make } from "./elements.js";
import { dated, linked, textObject, userName, withEmoji } from "./slack_text.js";

export function buttonStyle(element) {
  return ["primary", "danger"].includes(element.style) ? element.style : "";
}

function deadButton(element) {
  return textObject(element.text, make("span", "button " + buttonStyle(element)));
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

function section(block, drawButton) {
  const shown = make("div", "block");
  if (block.accessory && block.accessory.type === "button") {
    shown.append(make("div", "accessory", drawButton(block.accessory)));
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
  actions: (block, drawButton) => {
    const shown = make("div", "block block-actions");
    for (const element of block.elements || []) {
      shown.append(element.type === "button" ? drawButton(element) : make("span", "button", element.type || "?"));
    }
    return shown;
  },
  rich_text: richBlock,
};

export function drawBlock(block, drawButton = deadButton) {
  const kind = Object.hasOwn(blockKinds, block.type) ? blockKinds[block.type] : null;
  return kind ? kind(block, drawButton) : make("div", "block block-context", "[" + block.type + "]");
}

// `drawButton` makes of a button element what can be pressed; without it there is only its look.
export function drawBody(version, drawButton) {
  const body = make("div", "body");
  if (!version.blocks.length) {
    body.append(textObject({ type: "mrkdwn", text: version.text }, make("div", "block")));
  }
  for (const block of version.blocks) body.append(drawBlock(block, drawButton));
  return body;
}

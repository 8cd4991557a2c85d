// The little of Markdown that messages about access use, as Discord and Mattermost show it. Text becomes text only.
import { make } from "./elements.js";

const inline = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(<?([^)>]+)>?\)|<t:(\d+)(?::\w)?>|\\([\\`*_~|>#[\](){}.!+-])/g;

function drawLine(line) {
  const small = line.startsWith("-# ");
  const shown = make("span", small ? "quiet" : "");
  const text = small ? line.slice(3) : line;
  let at = 0;
  for (const found of text.matchAll(inline)) {
    shown.append(text.slice(at, found.index));
    const [, bold, code, label, address, seconds, escaped] = found;
    if (bold) shown.append(make("strong", "", drawLine(bold)));
    if (code) shown.append(make("code", "", code));
    if (label) {
      const link = make("span", "link", label);
      link.title = address;
      shown.append(link);
    }
    if (seconds) shown.append(new Date(Number(seconds) * 1000).toLocaleString());
    if (escaped) shown.append(escaped);
    at = found.index + found[0].length;
  }
  shown.append(text.slice(at));
  return shown;
}

export function drawMarkdown(text) {
  const shown = make("div", "party-text");
  text.split("```").forEach((part, index) => {
    if (index % 2) {
      shown.append(make("pre", "", part.replace(/^\n|\n$/g, "")));
      return;
    }
    part.replace(/^\n|\n$/g, "").split("\n").forEach((line, number) => shown.append(...(number ? ["\n"] : []), drawLine(line)));
  });
  return shown;
}

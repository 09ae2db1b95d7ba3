// Turns a text and its entities into nodes. Nothing is ever parsed as HTML:
// every character from outside lands in a text node.

import { nowSeconds } from "./clock.js";

const RELATIVE = new Intl.RelativeTimeFormat([], { numeric: "always" });
const SIMPLE = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
};
const FOUND = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'’”]|(?<![\w/])\/[a-z0-9_]{1,32}\b)/gi;

export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Entities of a message may nest; one that would cross its parent's end is cut there.
export function formatted(text, entities, onCommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, sorted, 0, text.length, onCommand);
  return fragment;
}

function fill(parent, text, entities, start, end, onCommand) {
  let at = start;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    if (entity.offset < at || entity.offset >= end) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    plain(parent, text.slice(at, entity.offset), onCommand);
    const node = wrap(entity, text.slice(entity.offset, stop), onCommand);
    if (node.dataset.relative) {
      parent.append(node);
      at = stop;
      continue;
    }
    const inner = node.querySelector(".inner") ?? node;
    const verbatim = ["code", "pre", "text_link", "bot_command"].includes(entity.type);
    fill(inner, text, entities.slice(i + 1), entity.offset, stop, verbatim ? null : onCommand);
    parent.append(node);
    // A quote is a block: the line break behind it ends its last line, and is no empty one.
    at = entity.type.endsWith("blockquote") && text[stop] === "\n" ? stop + 1 : stop;
  }
  plain(parent, text.slice(at, end), onCommand);
}

// Links and commands are found as Telegram finds them, where nothing else marks the text.
function plain(parent, text, onCommand) {
  if (!onCommand) return parent.append(text);
  for (const piece of text.split(FOUND)) {
    if (/^https?:\/\//i.test(piece)) parent.append(link(piece, piece));
    else if (/^\/[a-z0-9_]+$/i.test(piece)) parent.append(command(piece, onCommand));
    else if (piece) parent.append(piece);
  }
}

function link(url, text) {
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer", textContent: text });
}

function command(text, onCommand) {
  return element("button", { type: "button", className: "command", textContent: text, onclick: () => onCommand(text) });
}

function wrap(entity, text, onCommand) {
  if (entity.type in SIMPLE) return element(SIMPLE[entity.type]);
  if (entity.type === "text_link" && /^(https?|mailto|tel):/i.test(entity.url)) return link(entity.url, "");
  if (entity.type === "blockquote") return element("blockquote");
  if (entity.type === "expandable_blockquote") return folding();
  if (entity.type === "spoiler") return spoiler();
  if (entity.type === "date_time") {
    const when = new Date(entity.unix_time * 1000);
    const node = element("time", { dateTime: when.toISOString(), title: when.toLocaleString() });
    return entity.date_time_format === "r" ? counting(node, entity.unix_time) : node;
  }
  return element("span");
}

// "in 30 seconds", in place of the words that stand there for apps that cannot count.
function counting(node, until) {
  node.dataset.relative = until;
  recount(node);
  return node;
}

function recount(node) {
  const left = Math.ceil(node.dataset.relative - nowSeconds());
  const minutes = Math.trunc(left / 60);
  const words = Math.abs(minutes) < 2 ? RELATIVE.format(left, "second") : Math.abs(minutes) < 120
    ? RELATIVE.format(minutes, "minute") : RELATIVE.format(Math.trunc(minutes / 60), "hour");
  if (node.textContent !== words) node.textContent = words;
}

// Once a second, and whenever the clock was moved.
export function recountAll(root) {
  for (const node of root.querySelectorAll("time[data-relative]")) recount(node);
}

function spoiler() {
  const node = element("span", { className: "spoiler", tabIndex: 0, title: "Show" });
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", "Hidden text, press to show");
  const show = () => {
    node.classList.add("shown");
    for (const name of ["role", "aria-label", "tabindex", "title"]) node.removeAttribute(name);
  };
  node.onclick = show;
  node.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(); } };
  return node;
}

// Folded to three lines; the button comes only where something is hidden.
function folding() {
  const inner = element("div", { className: "inner" });
  const toggle = element("button", { type: "button", className: "unfold", textContent: "Show more" });
  const node = element("blockquote", { className: "folding folded" }, inner, toggle);
  toggle.setAttribute("aria-expanded", "false");
  toggle.onclick = () => {
    const folded = node.classList.toggle("folded");
    toggle.textContent = folded ? "Show more" : "Show less";
    toggle.setAttribute("aria-expanded", String(!folded));
  };
  return node;
}

export function settleFolds(root) {
  for (const node of root.querySelectorAll(".folding.folded")) {
    const inner = node.querySelector(".inner");
    node.classList.toggle("short", inner.scrollHeight <= inner.clientHeight + 2);
  }
}

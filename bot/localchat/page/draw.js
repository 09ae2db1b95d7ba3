// Draws the messages of one chat, and keeps what has not changed: a tap's focus,
// a running animation and an unfolded quote survive an edit elsewhere.

import { element, formatted, settleFolds } from "./format.js";

const GROUP_SECONDS = 300; // messages of one sender that belong together
const TIME = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });

export const timeOf = (seconds) => TIME.format(seconds * 1000);
export const dayOf = (seconds) => DAY.format(seconds * 1000);

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

export function drawLog(log, messages, today, acts) {
  const known = new Map([...log.children].map((node) => [node.dataset.key, node]));
  const nodes = [];
  messages.forEach((message, i) => {
    const before = messages[i - 1];
    const newDay = !before || dayOf(before.date) !== dayOf(message.date);
    if (newDay) nodes.push(daySeparator(known, message, today));
    nodes.push(keep(known, message, acts));
    const tail = !sameGroup(message, messages[i + 1]);
    nodes.at(-1).classList.toggle("tail", tail);
  });
  const wanted = new Set(nodes);
  for (const node of [...log.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, i) => { if (log.children[i] !== node) log.insertBefore(node, log.children[i] ?? null); });
  settleFolds(log);
}

function sameGroup(one, other) {
  return Boolean(other) && one.by_bot === other.by_bot && dayOf(one.date) === dayOf(other.date)
    && Math.abs(other.date - one.date) < GROUP_SECONDS;
}

function daySeparator(known, message, today) {
  const words = dayOf(message.date) === dayOf(today) ? "Today" : dayOf(message.date);
  const key = `day ${message.id} ${words}`;
  const node = known.get(key) ?? element("li", { className: "day" }, element("span", { textContent: words }));
  node.dataset.key = key;
  return node;
}

// A message is redrawn only when it changed, and then takes the focus along.
function keep(known, message, acts) {
  const key = String(message.id);
  const print = JSON.stringify(message);
  const old = known.get(key);
  if (old?.print === print) return old;
  const focused = old ? [...old.querySelectorAll("button")].indexOf(document.activeElement) : -1;
  const node = drawMessage(message, acts);
  node.dataset.key = key;
  node.print = print;
  if (old) {
    node.classList.remove("fresh");
    keepPicture(old, node);
    old.replaceWith(node);
    if (focused >= 0) ([...node.querySelectorAll("button")][focused] ?? document.querySelector("#input"))?.focus();
  }
  return node;
}

// The same picture stays as it is, so that a loop does not start anew with each edit of its caption.
function keepPicture(old, node) {
  const [before, after] = [old, node].map((n) => n.querySelector(".media > :is(img, video)"));
  if (before && after && before.src === after.src) after.replaceWith(before);
}

function drawMessage(message, acts) {
  const { content } = message;
  const bubble = element("div", { className: "bubble" });
  if (message.reply_to) bubble.append(element("p", { className: "reply", textContent: message.reply_to }));
  const media = drawMedia(content);
  if (media) bubble.append(media);
  const text = content.text ?? content.caption;
  if (text !== undefined) {
    const marks = content.entities ?? content.caption_entities;
    const body = element("div", { className: "text", dir: "auto" }, formatted(text, marks, acts.say));
    bubble.append(body);
  }
  bubble.append(drawMeta(message));
  const who = element("span", { className: "hidden", textContent: message.by_bot ? "Bot: " : "You: " });
  const node = element("li", { className: `message fresh ${message.by_bot ? "from-bot" : "from-person"}` }, who, bubble);
  if (content.sticker || (media && text === undefined)) node.classList.add("bare");
  if (content.sticker) node.classList.add("sticker");
  if (message.rows.length) node.append(drawButtons(message, acts));
  return node;
}

function drawMeta(message) {
  const meta = element("span", { className: "meta" });
  if (message.reactions.length) {
    const words = element("span", { className: "hidden", textContent: "Reaction: " });
    meta.append(element("span", { className: "reaction" }, words, message.reactions.join(" ")));
  }
  if (message.edited) meta.append(element("span", { textContent: "edited " }));
  const when = new Date(message.date * 1000);
  meta.append(element("time", { dateTime: when.toISOString(), textContent: timeOf(message.date), title: when.toLocaleString() }));
  return meta;
}

function drawMedia(content) {
  if (content.photo) return picture("img", content.photo.at(-1), content.caption);
  if (content.animation) {
    const still = content.animation.mime_type === "image/gif";
    return picture(still ? "img" : "video", content.animation, content.caption);
  }
  if (content.document) return drawFile(content.document);
  if (content.sticker) return element("div", { className: "emoji", textContent: content.sticker.emoji });
  if (content.location) {
    const { latitude, longitude } = content.location;
    return element("div", { className: "place" }, icon("pin"), `${latitude.toFixed(3)}, ${longitude.toFixed(3)}`);
  }
  return null;
}

function picture(tag, file, caption) {
  const node = element(tag, { src: `page/files/${encodeURIComponent(file.file_id)}` });
  if (file.width && file.height) Object.assign(node, { width: file.width, height: file.height });
  if (tag === "img") node.alt = caption ? "Picture, described below" : "Picture";
  else {
    Object.assign(node, { loop: true, muted: true, playsInline: true, tabIndex: 0, ariaLabel: "Animation, press to stop or go on" });
    node.autoplay = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const toggle = () => (node.paused ? node.play() : node.pause());
    node.onclick = toggle;
    node.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(); } };
  }
  return element("div", { className: "media" }, node);
}

function drawFile(file) {
  const size = file.file_size < 1024 * 1024 ? `${Math.ceil(file.file_size / 1024)} KB` : `${(file.file_size / 1024 / 1024).toFixed(1)} MB`;
  const words = element("span", {}, element("strong", { textContent: file.file_name }), element("small", { textContent: size }));
  return element("a", { className: "file", href: `page/files/${encodeURIComponent(file.file_id)}`, download: file.file_name }, icon("file"), words);
}

function drawButtons(message, acts) {
  const rows = message.rows.map((row) => element("div", { className: "row" }, ...row.map((button) => drawButton(message, button, acts))));
  return element("div", { className: "buttons" }, ...rows);
}

function drawButton(message, button, acts) {
  const className = `inline ${button.style ?? ""}`;
  if (button.url && /^https?:/i.test(button.url)) {
    return element("a", { className: `${className} outward`, href: button.url, target: "_blank", rel: "noopener noreferrer", textContent: button.text });
  }
  const node = element("button", { type: "button", className, textContent: button.text });
  if (button.copy_text) node.onclick = () => acts.copy(button.copy_text.text);
  else if (button.callback_data !== undefined) node.onclick = () => acts.tap(node, message, button.callback_data);
  else node.disabled = true;
  return node;
}

// Below the chat: the field, the commands, the reply keyboard, and START or UNBLOCK in their place.

import { element } from "./format.js";

const $ = (selector) => document.querySelector(selector);
const TALLEST = 160; // pixels that the field grows to
let commands = [];
let keyboardShown = true;
let drawnKeyboard = "";
let drawnPerson = null;

export function drawComposer(chat) {
  const { person } = chat;
  if (person.id !== drawnPerson) showCommands(false);
  drawnPerson = person.id;
  commands = chat.commands;
  $("#form").hidden = !person.started || person.blocked;
  $("#start").hidden = person.started || person.blocked;
  $("#unblock").hidden = !person.blocked;
  $("#command-button").hidden = commands.length === 0;
  drawKeyboard(chat);
}

function drawKeyboard(chat) {
  const print = JSON.stringify([chat.person.id, chat.keyboard, chat.hidden_keyboard]);
  const markup = chat.keyboard ?? chat.hidden_keyboard;
  const rows = markup?.keyboard ?? [];
  if (print !== drawnKeyboard) {
    drawnKeyboard = print;
    keyboardShown = Boolean(chat.keyboard);
    $("#keyboard").replaceChildren(...rows.map((row) => element("div", { className: "row" }, ...row.map(replyButton))));
  }
  $("#input").placeholder = chat.keyboard?.input_field_placeholder ?? "Message";
  $("#keys").hidden = rows.length === 0;
  $("#keys").setAttribute("aria-expanded", String(keyboardShown));
  $("#keyboard").hidden = rows.length === 0 || !keyboardShown || $("#form").hidden;
}

function replyButton(button) {
  const node = element("button", { type: "button", className: button.style ?? "", textContent: button.text });
  if (button.request_location) node.dataset.location = "";
  else node.dataset.say = button.text;
  return node;
}

function grow() {
  const input = $("#input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, TALLEST)}px`;
  $("#send").classList.toggle("ready", input.value.trim() !== "");
}

function showCommands(shown, all = false) {
  const typed = all ? "/" : $("#input").value;
  const fitting = shown ? commands.filter((c) => `/${c.command}`.startsWith(typed)) : [];
  $("#commands").hidden = fitting.length === 0;
  $("#command-button").setAttribute("aria-expanded", String(fitting.length > 0));
  $("#commands").replaceChildren(...fitting.map((c) => {
    const button = element("button", { type: "button" }, element("b", { textContent: `/${c.command}` }), element("span", { textContent: c.description }));
    button.setAttribute("role", "menuitem");
    button.dataset.say = `/${c.command}`;
    const item = element("li", {}, button);
    item.setAttribute("role", "none");
    return item;
  }));
}

function walkCommands(event) {
  const items = [...document.querySelectorAll("#commands button")];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && items.length) {
    event.preventDefault();
    showCommands(false);
    $("#input").focus();
  } else if (step && items.length && (at >= 0 || event.target === $("#input") || event.target === $("#command-button"))) {
    event.preventDefault();
    const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length;
    items[next].focus();
  }
}

export function startComposer(acts) {
  const input = $("#input");
  const say = (text) => {
    showCommands(false);
    acts.say(text);
  };
  $("#form").onsubmit = async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return input.focus();
    input.value = "";
    grow();
    say(text);
    input.focus();
  };
  input.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("#form").requestSubmit();
    }
  };
  input.oninput = () => { grow(); showCommands(/^\/[a-z0-9_]*$/.test(input.value)); };
  $("#command-button").onclick = () => showCommands($("#commands").hidden, true);
  $(".composer").addEventListener("keydown", walkCommands);
  $(".composer").addEventListener("click", (event) => {
    const button = event.target.closest("[data-say], [data-location]");
    if (!button) return;
    const within = button.closest("#keyboard, #commands");
    if ("location" in button.dataset) return acts.askPlace();
    say(button.dataset.say);
    if (within) input.focus({ preventScroll: true });
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".composer")) showCommands(false); });
  $("#keys").onclick = () => {
    keyboardShown = !keyboardShown;
    $("#keyboard").hidden = !keyboardShown;
    $("#keys").setAttribute("aria-expanded", String(keyboardShown));
  };
  $("#start").onclick = () => say("/start");
  $("#unblock").onclick = () => acts.block(false);
}

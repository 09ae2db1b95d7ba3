// The page: reads a chat when told that it changed, draws it, and does what hands do.

import { get, post } from "./api.js";
import { nowSeconds, readClock, startClock } from "./clock.js";
import { drawComposer, startComposer } from "./composer.js";
import { drawLog } from "./draw.js";
import { recountAll, settleFolds } from "./format.js";
import { becomeSomeone, currentId, drawPeople, startPeople } from "./people.js";

const $ = (selector) => document.querySelector(selector);
const PAGEFUL = 200; // messages read at once
const NEAR = 120; // pixels from the end that still count as reading the newest
const TYPING = 5000; // milliseconds that “typing…” stays

let newest = PAGEFUL;
let shownPerson = null;
let lastId = 0;
let chat = null;
let following = true; // the reader is at the end, so new messages scroll into view
let toastTimer, typingTimer;

// --- telling ---

function tell(words) {
  if (!words) return;
  clearTimeout(toastTimer);
  $("#toast").textContent = words;
  $("#toast").hidden = false;
  toastTimer = setTimeout(() => { $("#toast").hidden = true; }, 3000 + 40 * words.length);
}

function typing() {
  clearTimeout(typingTimer);
  $("#bot-state").textContent = "typing…";
  typingTimer = setTimeout(() => { $("#bot-state").textContent = "bot"; }, TYPING);
}

function announce(messages) {
  const fresh = messages.filter((m) => m.by_bot && m.id > lastId);
  if (lastId && fresh.length) {
    $("#announce").textContent = fresh.map((m) => m.content.text ?? m.content.caption ?? "A picture").join(". ");
    clearTimeout(typingTimer);
    $("#bot-state").textContent = "bot";
  }
  lastId = Math.max(lastId, ...messages.map((m) => m.id));
}

// --- reading ---

// Runs one at a time; asked again meanwhile, it runs once more afterwards.
function oneAtATime(work) {
  let running = false, again = false;
  return async function run() {
    if (running) { again = true; return; }
    running = true;
    try { await work(); } catch (no) { console.warn(no); } finally { running = false; }
    if (again) { again = false; await run(); }
  };
}

const readState = oneAtATime(async () => {
  const state = await get("page/state");
  if (!state.people.length) return becomeSomeone("You", navigator.language.slice(0, 2));
  await readClock(state.clock);
  recountAll($("#log"));
  $("#bot-name").textContent = state.bot.name;
  document.title = `${state.bot.name} · local chat`;
  if (!state.people.some((p) => p.id === currentId())) location.replace(`#${state.people[0].id}`);
  drawPeople(state.people);
});

const readChat = oneAtATime(async () => {
  const id = currentId();
  if (!id) return;
  const read = await get(`page/people/${id}?newest=${newest}`);
  if (id !== currentId()) return;
  if (id !== shownPerson) {
    shownPerson = id;
    lastId = 0;
    $("#log").replaceChildren();
    following = true;
  }
  chat = read;
  drawChat();
});

function drawChat() {
  const first = $("#log").childElementCount === 0;
  const mine = chat.messages.at(-1)?.by_bot === false && chat.messages.at(-1).id > lastId;
  $("#log").classList.toggle("settled", !first);
  drawLog($("#log"), chat.messages, nowSeconds(), acts);
  $("#earlier").hidden = chat.earlier === 0;
  $("#empty").hidden = chat.messages.length > 0;
  $("#description").textContent = chat.description || "Press START to find out.";
  $("#block").textContent = chat.person.blocked ? "Unblock the bot" : "Block the bot";
  $("#block").disabled = !chat.person.started;
  drawComposer(chat);
  announce(chat.messages);
  if (mine) following = true;
  follow();
}

// --- scrolling ---

function follow() {
  const scroller = $("#scroller");
  if (following) scroller.scrollTop = scroller.scrollHeight;
  $("#newest").hidden = following;
}

function startScrolling() {
  const scroller = $("#scroller");
  scroller.onscroll = () => {
    following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    $("#newest").hidden = following;
  };
  $("#newest").onclick = () => { following = true; follow(); };
  const sizes = new ResizeObserver(() => { if (following) scroller.scrollTop = scroller.scrollHeight; });
  sizes.observe(scroller);
  sizes.observe($("#log"));
  $("#earlier").onclick = async () => {
    const height = scroller.scrollHeight;
    newest += PAGEFUL;
    following = false;
    await readChat();
    scroller.scrollTop += scroller.scrollHeight - height;
  };
  addEventListener("resize", () => settleFolds($("#log")));
}

// --- acting ---

const act = (deed, body) => post(`page/people/${currentId()}/${deed}`, body);

const acts = {
  say: (text) => act("say", { text }).catch((no) => tell(no.message)),
  sticker: (emoji) => act("sticker", { emoji }).catch((no) => tell(no.message)),
  place: (latitude, longitude) => act("location", { latitude, longitude }).catch((no) => tell(no.message)),
  askPlace: () => { $("#attach-panel").showPopover(); $("[data-place]").focus(); },
  block: (blocked) => act("block", { blocked }).catch((no) => tell(no.message)),
  copy: (text) => navigator.clipboard.writeText(text).then(() => tell("Copied."), () => tell("This browser does not let us copy.")),

  async tap(button, message, data) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      const answer = await act("tap", { message_id: message.id, data });
      if (!answer.answered) tell("The bot has not answered this tap.");
      else if (answer.show_alert && answer.text) showAlert(answer.text);
      else tell(answer.text);
    } catch (no) {
      tell(no.message);
      readChat();
    } finally { button.ariaBusy = null; }
  },
};

function showAlert(text) {
  $("#alert-text").textContent = text;
  if (!$("#alert").open) $("#alert").showModal();
}

// --- starting ---

function listen() {
  const events = new EventSource("page/events");
  const everything = () => { $("#offline").hidden = true; readState().then(readChat); };
  events.addEventListener("hello", everything);
  events.addEventListener("people", everything);
  events.addEventListener("profile", everything);
  events.addEventListener("clock", () => { readState(); readChat(); });
  events.addEventListener("chat", ({ data }) => {
    if (Number(data) === currentId()) readChat();
    readState();
  });
  events.addEventListener("typing", ({ data }) => { if (Number(data) === currentId()) typing(); });
  events.onerror = () => { $("#offline").hidden = false; };
}

function start() {
  startScrolling();
  startPeople(tell);
  startClock(tell);
  startComposer(acts);
  $("#block").onclick = () => { $("#more-panel").hidePopover(); acts.block(!chat.person.blocked); };
  for (const button of document.querySelectorAll("[data-sticker]")) {
    button.onclick = () => { $("#attach-panel").hidePopover(); acts.sticker(button.dataset.sticker); };
  }
  for (const button of document.querySelectorAll("[data-place]")) {
    button.onclick = () => { $("#attach-panel").hidePopover(); acts.place(...button.dataset.place.split(",").map(Number)); };
  }
  addEventListener("hashchange", () => { newest = PAGEFUL; readChat(); readState(); });
  setInterval(() => recountAll($("#log")), 1000);
  listen();
}

start();

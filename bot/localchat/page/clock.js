// The clock in the header: shows localchat's time, and moves it.

import { get, post } from "./api.js";

const $ = (selector) => document.querySelector(selector);
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const SHOWN = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
const MINUTE = 60;

let shift = 0; // milliseconds between the machine's clock and localchat's

export const nowSeconds = () => (Date.now() + shift) / 1000;

export async function readClock(clock) {
  const { now, shift_seconds: moved } = clock ?? await get("page/clock");
  shift = new Date(now) - Date.now();
  $("#clock").classList.toggle("moved", Math.abs(moved) >= MINUTE);
  $("#clock-shift").textContent = Math.abs(moved) < MINUTE ? "It shows the real time." : `It is ${distance(moved)} the real time.`;
  $("#clock-reset").hidden = Math.abs(moved) < MINUTE;
  tick();
}

function distance(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [[days, "d"], [hours, "h"], [minutes % 60, "min"]].filter(([n]) => n).slice(0, 2);
  return `${parts.map(([n, unit]) => `${n} ${unit}`).join(" ")} ${seconds > 0 ? "ahead of" : "behind"}`;
}

function tick() {
  const now = new Date(Date.now() + shift);
  const words = SHOWN.format(now).replace(/,? (\d\d:\d\d)$/, ", $1").replace(/^(\w+),/, "$1");
  if ($("#clock-now").textContent !== words) $("#clock-now").textContent = words;
  $("#clock-now").dateTime = now.toISOString();
}

function localInput(date) {
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function startClock(tell) {
  const move = async (body) => {
    try {
      await readClock(await post("page/clock", body));
      $("#clock-panel").hidePopover();
      tell(`It is ${$("#clock-now").textContent} now.`);
    } catch (no) { tell(no.message); }
  };
  for (const button of document.querySelectorAll("[data-by]")) {
    button.onclick = () => move({ by_seconds: Number(button.dataset.by) });
  }
  for (const button of document.querySelectorAll("[data-local]")) {
    button.onclick = () => move({ local: button.dataset.local, zone: ZONE });
  }
  $("#clock-reset").onclick = () => move({ reset: true });
  $("#clock-form").onsubmit = (event) => {
    event.preventDefault();
    move({ local: $("#clock-input").value.replace("T", " "), zone: ZONE });
  };
  $("#clock-panel").addEventListener("beforetoggle", () => {
    const now = new Date(Date.now() + shift);
    $("#clock-input").value = localInput(now);
    $("[data-local='today 18:00']").hidden = now.getHours() >= 18; // it would lead back
  });
  $("#zone-line").textContent = `Times are shown in ${ZONE}.`;
  setInterval(tick, 1000);
}

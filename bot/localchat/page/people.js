// The people one can be: the list, the drawer it becomes on a phone, and the form for someone new.

import { post } from "./api.js";
import { dayOf, timeOf } from "./draw.js";
import { nowSeconds } from "./clock.js";
import { element } from "./format.js";

const $ = (selector) => document.querySelector(selector);
const HUES = 6;
const narrow = matchMedia("(max-width: 759px)");
const seen = new Map(); // person -> newest message when last looked at

export const currentId = () => Number(location.hash.slice(1)) || null;

export function drawPeople(people) {
  const current = people.find((person) => person.id === currentId());
  if (current) seen.set(current.id, current.newest);
  for (const person of people) if (!seen.has(person.id)) seen.set(person.id, person.newest);
  const focused = document.activeElement?.closest?.("#people-list a")?.hash;
  $("#people-list").replaceChildren(...people.map((person) => drawPerson(person, person === current)));
  if (focused) $(`#people-list a[href="${focused}"]`)?.focus();
}

function drawPerson(person, current) {
  const initials = person.name.split(/\s+/).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();
  const fresh = person.from_bot && person.newest > seen.get(person.id);
  const line = person.blocked ? "Has blocked the bot" : person.line || "Has not started the bot";
  const when = person.date === null ? "" : dayOf(person.date) === dayOf(nowSeconds()) ? timeOf(person.date) : dayOf(person.date).split(/[ ,]/)[0].slice(0, 3);
  const link = element("a", { href: `#${person.id}`, className: "person" },
    element("span", { className: `avatar hue-${person.id % HUES}`, textContent: initials, ariaHidden: "true" }),
    element("span", { className: "who" }, element("strong", { textContent: person.name }), element("small", { textContent: line })),
    element("span", { className: "aside" }, element("small", { textContent: when }), fresh ? element("b", { textContent: "new" }) : ""));
  if (current) link.setAttribute("aria-current", "true");
  link.onclick = () => closeDrawer();
  return element("li", {}, link);
}

function openDrawer() {
  document.body.classList.add("drawer");
  $("#scrim").hidden = false;
  $("#open-people").setAttribute("aria-expanded", "true");
  $("main").inert = true;
  ($("#people-list a[aria-current]") ?? $("#new-person")).focus();
}

function closeDrawer() {
  if (!document.body.classList.contains("drawer")) return;
  document.body.classList.remove("drawer");
  $("#scrim").hidden = true;
  $("#open-people").setAttribute("aria-expanded", "false");
  $("main").inert = false;
  $("#open-people").focus();
}

export async function becomeSomeone(name, language) {
  const person = await post("page/people", { name, language_code: language || null });
  location.hash = person.id;
}

export function startPeople(tell) {
  $("#open-people").onclick = openDrawer;
  $("#scrim").onclick = closeDrawer;
  narrow.addEventListener("change", closeDrawer);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeDrawer(); });
  $("#new-person").onclick = () => { $("#person-form").reset(); $("#person-dialog").showModal(); };
  $("#person-cancel").onclick = () => $("#person-dialog").close();
  $("#person-form").onsubmit = () => {
    closeDrawer();
    becomeSomeone($("#person-name").value, $("#person-language").value).catch((no) => tell(no.message));
  };
}

// Prepares the request: what is ready, pictures, a few words, and one file of all. Nothing of it leaves the device.

import { ask, doing, read, remove, write } from "./checker.js";
import * as fields from "./fields.js";
import { all, copied, copy, element, find, lead, on, save } from "./page.js";
import { section } from "./result.js";

const view = find('[data-view="check-prepare"]');
const question = view && find("[data-question]", view);
const preview = view && find(".check-preview", view);
const done = view && find(".check-done", view);

const LARGEST = 60_000_000; // bytes: beyond it a phone may run out of memory

let desk; // the answers, and the ways to the checker
let pictures = []; // each with its path in Python's memory, its name, and its item of proof
let count = 0;
let unsaved = false; // whether a picture would be lost with the page

/** Shows what this case asks for. */
export function show({ verdict, explanation, offers }) {
  if (!offers.includes("prepare")) return;
  const asked = [...verdict.proof.needed, ...verdict.proof.possible];
  for (const item of all("[data-item]", view)) item.hidden = !asked.includes(item.dataset.item);
  fields.fill(question, desk.state.answers.get(question.dataset.question));
  const deadlines = explanation.sections.filter(({ id }) => id === "deadlines");
  find(".check-deadlines", view).replaceChildren(...deadlines.map((each) => section({ ...each, readings: [] })));
  const advice = explanation.sections.filter(({ id }) => id === "proof").flatMap(({ readings }) => readings);
  find(".check-advice", view).replaceChildren(...advice.map(({ text }) => element("p", text)));
  const next = explanation.sections.find(({ id }) => id === "next");
  find(".check-send", view).replaceChildren(section({ ...next, items: next.items.slice(1), readings: [] }));
  const remedies = verdict.grants.remedies ?? [];
  for (const wish of all('[name="check-wish"]', view)) {
    wish.closest(".check-option").hidden = wish.value && !remedies.includes(wish.value);
  }
  find(".check-wish", view).hidden = !remedies.length;
  fillLetter();
  doing(showPreview);
}

/** Forgets the pictures, and all of the request that is no longer kept. */
export function forget() {
  for (const picture of [...pictures]) drop(picture);
  if (!view) return;
  fillLetter();
  preview.open = false;
  done.textContent = "";
}

// ---- pictures

const tick = () => desk.told([question.dataset.question, fields.answer(question)]);

async function add(file, item) {
  if (file.size > LARGEST) return refuse(file, item, view.dataset.large);
  const path = `/tmp/picture-${++count}`;
  await write(path, new Uint8Array(await file.arrayBuffer()));
  const taken = pictures.map(({ name }) => name);
  const cleaned = await ask("clean", { path, item: item.dataset.item, taken });
  if (cleaned.error) {
    await remove(path);
    return refuse(file, item, cleaned.error);
  }
  const bytes = await read(path);
  addRow({ path, item: item.dataset.item, name: cleaned.name, bytes, type: cleaned.type }, item);
  find("input", item).checked = true;
}

function refuse(file, item, reason) {
  const place = find(".check-error", item);
  place.textContent = `${file.name}: ${reason}`;
  place.hidden = false;
}

/** A row for a picture, with ways to save and to remove it. */
function addRow(picture, item) {
  const row = copy(".check-picture");
  picture.row = row;
  picture.address = URL.createObjectURL(new Blob([picture.bytes], { type: picture.type }));
  delete picture.bytes;
  pictures.push(picture);
  unsaved = true;
  find("img", row).src = find("a", row).href = picture.address;
  find("a", row).download = find("span", row).textContent = picture.name;
  for (const unseen of all(".check-unseen", row)) unseen.textContent = `: ${picture.name}`;
  find("button", row).addEventListener("click", () => {
    drop(picture);
    find('[type="file"]', item).focus();
  });
  find("ul", item).append(row);
}

function drop(picture) {
  pictures = pictures.filter((each) => each !== picture);
  picture.row.remove();
  URL.revokeObjectURL(picture.address);
  remove(picture.path);
}

// ---- the request

/** What the checker makes of the request, or nothing: then the page says what is too long in it. */
async function made(what, more) {
  const reply = await ask(what, {
    answers: desk.state.answers,
    letter: desk.state.letter,
    pictures: pictures.map(({ path, name, item }) => ({ path, name, item })),
    address: new URL("../policy/", location).href,
    ...more,
  });
  for (const place of all(".check-letter .check-error", view)) {
    place.hidden = place.dataset.field !== reply.field;
    place.textContent = place.hidden ? "" : reply.error;
  }
  if (!reply.error) return reply;
  lead(find(`#check-${reply.field}`, view));
}

async function pack() {
  const path = "/tmp/case-file";
  const packed = await made("pack", { path });
  if (!packed) return;
  save(await read(path), packed.name, "application/zip");
  done.textContent = done.dataset.packed;
  unsaved = false;
}

async function copyLetter() {
  const letter = await made("letter");
  if (letter) done.textContent = (await copied(letter.text)) ? done.dataset.done : done.dataset.failed;
}

/** What is written into the request is ready with it. */
function tickWritten(ready) {
  const boxes = all("[data-written]:not([hidden]) input", view).filter(({ checked }) => checked !== ready);
  for (const box of boxes) box.checked = ready;
  if (boxes.length) tick();
}

async function showPreview() {
  const letter = preview.open && (await made("letter"));
  find("pre", preview).textContent = letter ? letter.text : "";
}

function fillLetter() {
  const { order = "", description = "", wish = "" } = desk.state.letter;
  for (const [name, text] of Object.entries({ order, description })) {
    const field = find(`#check-${name}`, view);
    if (field.value !== text) field.value = text; // else the cursor would jump
  }
  for (const choice of all('[name="check-wish"]', view)) choice.checked = choice.value === wish;
}

function keepLetter() {
  const typed = new FormData(find(".check-letter", view));
  desk.state.letter = {
    order: typed.get("check-order"),
    description: typed.get("check-description"),
    wish: typed.get("check-wish") ?? "",
  };
  desk.keep();
  done.textContent = "";
}

/** Brings the view to life. */
export function start(given) {
  desk = given;
  if (!view) return;
  question.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return tick();
    const item = target.closest("[data-item]");
    const files = [...target.files];
    target.value = "";
    doing(async () => {
      find(".check-error", item).hidden = true;
      for (const file of files) await add(file, item);
      await tick();
    });
  });
  find(".check-letter", view).addEventListener("input", ({ target }) => {
    keepLetter();
    if (target.name === "check-description") tickWritten(target.value.trim() !== "");
  });
  find(".check-letter", view).addEventListener("change", () => doing(showPreview));
  find(".check-letter", view).addEventListener("submit", (event) => event.preventDefault());
  preview.addEventListener("toggle", () => doing(showPreview));
  addEventListener("beforeunload", (event) => {
    if (unsaved && pictures.length) event.preventDefault(); // the browser asks before they are lost
  });
  on("pack", () => doing(pack));
  on("copy-letter", () => doing(copyLetter));
}

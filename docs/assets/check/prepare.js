// The view that prepares the request: proof, pictures, a letter, and one file of them all. Nothing leaves the device.

import { ask, perform, read, remove, write } from "./checker.js";
import * as fields from "./fields.js";
import { all, copy, copyText, download, element, find, focusOn, on } from "./page.js";
import { address, section } from "./result.js";

const view = find('[data-view="check-prepare"]');
const question = view && find("[data-question]", view);
const preview = view && find(".check-preview", view);
const status = view && find(".check-done", view);

const MAX_PICTURE = 60_000_000; // bytes: more may be too much for a phone's memory

let page; // main.js: {state, persist, submit}
let pictures = []; // each {path, name, item}, where `path` is in Python's file system and `item` a proof item
let count = 0;
let unsaved = false; // whether a picture would be lost if the page closed

/** Shows the proof items and the advice for this case. */
export function show({ verdict, explanation, offers }) {
  if (!offers.includes("prepare")) return;
  const relevant = [...verdict.proof.needed, ...verdict.proof.possible];
  for (const item of all("[data-item]", view)) item.hidden = !relevant.includes(item.dataset.item);
  fields.fill(question, page.state.answers.get(question.dataset.question));
  const deadlines = explanation.sections.filter(({ id }) => id === "deadlines");
  find(".check-deadlines", view).replaceChildren(...deadlines.map(section));
  const advice = explanation.now.filter(({ id }) => id === "proof").flatMap(({ texts }) => texts);
  find(".check-advice", view).replaceChildren(...advice.map(({ text }) => element("p", text)));
  find(".check-send", view).replaceChildren(...explanation.now.flatMap(({ addresses }) => addresses).map(address));
  const remedies = verdict.grants.remedies ?? [];
  for (const wish of all('[name="check-wish"]', view)) {
    wish.closest(".choice").hidden = wish.value && !remedies.includes(wish.value);
  }
  find(".check-wish", view).hidden = !remedies.length;
  fillLetter();
  perform(showPreview);
}

/** Removes the pictures, and fills the letter from the state. */
export function reset() {
  for (const picture of [...pictures]) removePicture(picture);
  if (!view) return;
  fillLetter();
  preview.open = false;
  status.textContent = "";
}

// ---- pictures

const submitProof = () => page.submit([question.dataset.question, fields.answer(question)]);

async function addPicture(file, item) {
  if (file.size > MAX_PICTURE) return refuse(file, item, view.dataset.large);
  const path = `/tmp/picture-${++count}`;
  await write(path, new Uint8Array(await file.arrayBuffer()));
  const taken = pictures.map(({ name }) => name);
  const response = await ask("clean", { path, item: item.dataset.item, taken });
  if (response.error) {
    await remove(path);
    return refuse(file, item, response.error);
  }
  const bytes = await read(path);
  addRow({ path, item: item.dataset.item, name: response.name, bytes, type: response.type }, item);
  find("input", item).checked = true;
}

function refuse(file, item, reason) {
  const place = find(".check-error", item);
  place.textContent = `${file.name}: ${reason}`;
  place.hidden = false;
}

/** Adds a row for a picture, with links to save and to remove it. */
function addRow(picture, item) {
  const row = copy(".check-picture");
  picture.row = row;
  picture.address = URL.createObjectURL(new Blob([picture.bytes], { type: picture.type }));
  delete picture.bytes;
  pictures.push(picture);
  unsaved = true;
  find("img", row).src = find("a", row).href = picture.address;
  find("a", row).download = find("span", row).textContent = picture.name;
  for (const suffix of all(".unseen", row)) suffix.textContent = `: ${picture.name}`;
  find("button", row).addEventListener("click", () => {
    removePicture(picture);
    find('[type="file"]', item).focus();
  });
  find("ul", item).append(row);
}

function removePicture(picture) {
  pictures = pictures.filter((other) => other !== picture);
  picture.row.remove();
  URL.revokeObjectURL(picture.address);
  remove(picture.path);
}

// ---- the request

/** The checker's document of this kind; undefined if a text is too long, which is shown beside its field. */
async function requestDocument(what, more) {
  const response = await ask(what, {
    answers: page.state.answers,
    letter: page.state.letter,
    pictures: pictures.map(({ path, name, item }) => ({ path, name, item })),
    address: new URL("../policy/", location).href,
    ...more,
  });
  for (const place of all(".check-letter .check-error", view)) {
    place.hidden = place.dataset.field !== response.field;
    place.textContent = place.hidden ? "" : response.error;
  }
  if (!response.error) return response;
  focusOn(find(`#check-${response.field}`, view));
}

async function pack() {
  const path = "/tmp/case-file";
  const archive = await requestDocument("pack", { path });
  if (!archive) return;
  download(await read(path), archive.name, "application/zip");
  status.textContent = status.dataset.packed;
  unsaved = false;
}

async function copyLetter() {
  const letter = await requestDocument("letter");
  if (letter) status.textContent = (await copyText(letter.text)) ? status.dataset.done : status.dataset.failed;
}

/** Ticks the proof items that the description provides. */
function tickDescribed(ready) {
  const boxes = all("[data-written]:not([hidden]) input", view).filter(({ checked }) => checked !== ready);
  for (const box of boxes) box.checked = ready;
  if (boxes.length) submitProof();
}

async function showPreview() {
  const letter = preview.open && (await requestDocument("letter"));
  find("pre", preview).textContent = letter ? letter.text : "";
}

function fillLetter() {
  const { order = "", description = "", wish = "" } = page.state.letter;
  for (const [name, text] of Object.entries({ order, description })) {
    const field = find(`#check-${name}`, view);
    if (field.value !== text) field.value = text; // an assignment moves the cursor
  }
  for (const choice of all('[name="check-wish"]', view)) choice.checked = choice.value === wish;
}

function storeLetter() {
  const form = new FormData(find(".check-letter", view));
  page.state.letter = {
    order: form.get("check-order"),
    description: form.get("check-description"),
    wish: form.get("check-wish") ?? "",
  };
  page.persist();
  status.textContent = "";
}

/** Starts the view. `functions` is {state, persist, submit} of main.js. */
export function start(functions) {
  page = functions;
  if (!view) return;
  question.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return submitProof();
    const item = target.closest("[data-item]");
    const files = [...target.files];
    target.value = "";
    perform(async () => {
      find(".check-error", item).hidden = true;
      for (const file of files) await addPicture(file, item);
      await submitProof();
    });
  });
  find(".check-letter", view).addEventListener("input", ({ target }) => {
    storeLetter();
    if (target.name === "check-description") tickDescribed(target.value.trim() !== "");
  });
  find(".check-letter", view).addEventListener("change", () => perform(showPreview));
  find(".check-letter", view).addEventListener("submit", (event) => event.preventDefault());
  preview.addEventListener("toggle", () => perform(showPreview));
  addEventListener("beforeunload", (event) => {
    if (unsaved && pictures.length) event.preventDefault(); // the browser asks first
  });
  on("pack", () => perform(pack));
  on("copy-letter", () => perform(copyLetter));
}

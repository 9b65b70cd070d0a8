// The view that prepares the request: proof, words, and the request as it will be sent. Nothing leaves the device by itself.

import { ask, perform } from "./checker.js";
import * as fields from "./fields.js";
import { all, copy, copyText, download, element, find, focusOn, on } from "./page.js";
import * as store from "./picture_store.js";
import { take } from "./pictures.js";
import { address, paragraph, showDayCard } from "./result.js";
import { pause } from "./taps.js";

const within = (selector) => find(`[data-view="check-prepare"] ${selector}`);
const box = find('.box[data-view="check-prepare"]'); // null if the policy asks for no proof
const question = box && within("[data-question]");
const letter = box && within(".check-letter");
const status = box && within(".check-done");
const fate = box && within("[data-days]");
const { days, stored } = fate?.dataset ?? {};
const unstored = fate?.textContent;

const FIELDS = ["name", "order", "item", "quantity", "description"];
const PAUSE = 300; // milliseconds without typing until the request is written anew

let page; // main.js: {state, persist, submit}
let request; // the checker's last response: the request as it will be sent
let timer = 0; // runs while the request is older than the fields
let refreshed; // a promise of the latest request, which may be on its way
let changes; // a promise of the latest changes, which the request may not have yet
let unsaved = false; // whether a picture would be lost if the page closed
const rows = new Map(); // of each picture its row, its bytes as a File, the number of its case, and whether it is stored

/** Shows the proof items, the wishes and the addresses for this case. */
export function show({ verdict: { proof, grants }, explanation: { headline, send }, offers }) {
  removeOthers();
  if (!box || !offers.includes("prepare")) return;
  const requested = [...proof.needed, ...proof.possible];
  for (const item of all("[data-item]", question)) item.hidden = !requested.includes(item.dataset.item);
  question.hidden = !requested.length;
  find(".check-limits", question).hidden = !all("[data-item]:not([hidden]) .check-pictures", question).length;
  fields.fill(question, page.state.answers.get(question.dataset.question));
  box.dataset.mood = headline.mood;
  showDayCard(find(".leaf", box), headline.card);
  if (headline.time) find(".leaf__label", box).append(" ", element("span", headline.time));
  within(".check-send").replaceChildren(...send.map(address));
  const remedies = grants.remedies ?? [];
  for (const wish of all('[name="check-wish"]')) wish.closest(".choice").hidden = wish.value && !remedies.includes(wish.value);
  within(".check-wish").hidden = !remedies.length;
  fillLetter();
  if (!box.hidden) perform(refresh);
}

/** Removes the pictures, and fills the letter from the state. */
export function reset() {
  if (!box) return;
  for (const picture of [...rows.keys()]) removePicture(picture);
  fillLetter();
  within(".paper").replaceChildren();
  request = undefined;
  status.textContent = "";
}

// ---- pictures

function submitProof() {
  status.textContent = ""; // it speaks of the request before this change
  return change(page.submit([question.dataset.question, fields.answer(question)]));
}

/** Lets what is sent wait for a change of the request; returns its promise, which never rejects. */
function change(promise) {
  changes = Promise.all([changes, promise]);
  return promise;
}

async function addPictures(files, item) {
  find(".check-error", item).hidden = true;
  item.setAttribute("aria-busy", "true");
  item.dataset.state = "adding";
  find(".state span", item).textContent = question.dataset.adding;
  for (const file of files) await addPicture(file, item);
  item.removeAttribute("aria-busy");
  await submitProof();
}

async function addPicture(file, item) {
  const { error, ...taken } = await take(file, item.dataset.item, page.state.pictures);
  if (error) return refuse(file, item, error);
  const row = addRow(taken, item);
  unsaved = true;
  row.isStored = await store.save(row.number, taken.picture, taken.file, days).then(() => true, () => false);
  countStored();
}

/** Counts the pictures that a reload brings back. */
function countStored() {
  page.state.storedPictures = [...rows.values()].filter(({ isStored }) => isStored).length;
}

/** Shows the stored pictures of the case; returns whether some are lost. */
export async function restore() {
  if (!box) return false;
  const { storedPictures: count, case: number } = page.state;
  removeOthers();
  for (const entry of await store.load(number).catch(() => [])) {
    const item = find(`[data-item="${CSS.escape(entry.picture.item)}"]`, question);
    const isHere = page.state.pictures.some(({ name }) => name === entry.picture.name);
    if (item && !isHere && number === page.state.case) addRow(entry, item).isStored = true;
  }
  countStored();
  return page.state.storedPictures < count;
}

/** Removes the rows of other cases; their pictures stay stored. */
function removeOthers() {
  for (const [picture, { number }] of rows) if (number !== page.state.case) removeRow(picture);
}

function refuse(file, item, reason) {
  const place = find(".check-error", item);
  place.textContent = `${file.name}: ${reason}`;
  place.hidden = false;
}

/** Adds a row for a picture, with a button that removes it. */
function addRow({ picture, file }, item) {
  const row = copy(".check-picture");
  const entry = { row, file, number: page.state.case, isStored: false };
  page.state.pictures.push(picture);
  rows.set(picture, entry);
  find("img", row).src = URL.createObjectURL(file);
  find("span", row).textContent = picture.name;
  find(".unseen", row).textContent = `: ${picture.name}`;
  find("button", row).addEventListener("click", () => {
    removePicture(picture);
    pause(); // the button of the next row takes its place
    find('[type="file"]', item).focus();
    submitProof();
  });
  find("ul", item).append(row);
  return entry;
}

/** Removes a picture from the page and from the device. */
function removePicture(picture) {
  store.remove(rows.get(picture).number, picture.name).catch(() => {});
  removeRow(picture);
  countStored();
}

function removeRow(picture) {
  const { row } = rows.get(picture);
  page.state.pictures = page.state.pictures.filter((other) => other !== picture);
  rows.delete(picture);
  URL.revokeObjectURL(find("img", row).src);
  row.remove();
}

// ---- the request

/** The checker's response about the request; undefined if a text is too long, which is shown beside its field. */
async function describe(what, more) {
  const { state } = page;
  const response = await ask(what, { ...state, previous: undefined, address: new URL("../policy/", location).href, ...more });
  for (const place of all(".check-error", letter)) {
    place.hidden = place.dataset.field !== response.field;
    place.textContent = place.hidden ? "" : response.error;
  }
  return response.error ? undefined : response;
}

/** Shows the request as it will be sent, the state of each proof item, and what is missing. */
export function refresh() {
  clearTimeout(timer);
  timer = 0;
  return (refreshed = showRequest());
}

async function showRequest() {
  request = await describe("letter");
  if (!request) return;
  for (const { item, state, text } of request.proof) {
    const entry = find(`[data-item="${CSS.escape(item)}"]`, question);
    if (entry.hasAttribute("aria-busy")) continue; // this response may be older than the pictures
    entry.dataset.state = state;
    const words = find(".state span", entry);
    if (words.textContent !== text) words.textContent = text; // else it may be read out again
  }
  within(".check-ready").textContent = request.ready;
  within(".check-advice").replaceChildren(...request.advice.map((text) => paragraph({ text })));
  within(".paper").replaceChildren(...request.parts.map(part));
  fate.textContent = hasUnstored() ? unstored : stored;
  within(".check-missing").hidden = !request.missing.length;
  find("ul", within(".check-missing")).replaceChildren(...request.missing.map((text) => element("li", text)));
  for (const node of all('[data-view="check-prepare"] .check-zip')) node.hidden = !page.state.pictures.length;
  within('[data-do="share-letter"]').hidden = !navigator.canShare?.(shared());
}

const hasUnstored = () => [...rows.values()].some(({ isStored }) => !isStored);

const part = ({ heading, lines }) => element("p", ...(heading ? [element("b", heading), "\n"] : []), lines.join("\n"));

/** The request if it can be sent; otherwise shows what is wrong. */
async function complete() {
  await changes;
  await (timer || !request ? refresh() : refreshed);
  if (!request) return focusOn(find(".check-error:not([hidden]) ~ :is(input, textarea)", letter));
  if (!request.empty) return request;
  status.textContent = status.dataset.empty;
  return focusOn(find("textarea", letter));
}

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

async function pack() {
  if (!(await complete())) return;
  const pictures = [...page.state.pictures];
  const file = await describe("pack", { pictures });
  if (!file) return;
  // The pictures are on the device's disk: nothing holds all of them in memory.
  const parts = file.pieces.flatMap((piece, number) => [bytes(piece), rows.get(pictures[number])?.file ?? ""]);
  download(parts, file.name, file.type);
  status.textContent = status.dataset.packed;
  unsaved = false;
}

async function copyLetter() {
  if (!(await complete())) return;
  status.textContent = (await copyText(request.text)) ? status.dataset.copied : status.dataset.notCopied;
}

/** The request as another app of the device takes it. */
function shared() {
  const files = [...rows.values()].map(({ file }) => file);
  return { title: request.parts[0].heading, text: request.text, ...(files.length && { files }) };
}

async function share() {
  status.textContent = "";
  if (!(await complete())) return;
  try {
    await navigator.share(shared());
    status.textContent = status.dataset.shared;
    unsaved = false;
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = status.dataset.notShared; // else the customer changed their mind
  }
}

/** Runs a slow action of a button, which shows that it is at work and does not start another one. */
async function busy(button, action) {
  if (button.hasAttribute("aria-busy")) return;
  const label = find(".check-label", button);
  const text = label.textContent;
  button.setAttribute("aria-busy", "true");
  label.textContent = button.dataset.busy;
  await perform(action);
  button.removeAttribute("aria-busy");
  label.textContent = text;
}

// ---- the customer's words

function fillLetter() {
  for (const name of FIELDS) {
    const [field, text] = [find(`#check-${name}`, letter), page.state.letter[name] ?? ""];
    if (field.value !== text) field.value = text; // an assignment moves the cursor
  }
  for (const choice of all('[name="check-wish"]', letter)) choice.checked = choice.value === (page.state.letter.wish ?? "");
}

function storeLetter() {
  const form = new FormData(letter);
  const described = Boolean(page.state.letter.description);
  page.state.letter = Object.fromEntries([...FIELDS, "wish"].map((name) => [name, form.get(`check-${name}`) ?? ""]));
  status.textContent = "";
  if (described === Boolean(page.state.letter.description)) page.persist();
  else submitProof(); // the result says which proof is ready
  clearTimeout(timer);
  timer = setTimeout(perform, PAUSE, refresh);
}

/** Starts the view. `functions` is {state, persist, submit} of main.js. */
export function start(functions) {
  page = functions;
  if (!box) return;
  store.removeExpired().catch(() => {}); // also if this case has none
  question.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return submitProof();
    const files = [...target.files];
    target.value = "";
    change(perform(() => addPictures(files, target.closest("[data-item]"))));
  });
  letter.addEventListener("input", storeLetter);
  letter.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => {
    if (unsaved && hasUnstored()) event.preventDefault(); // the browser asks first
  });
  on("pack", (button) => busy(button, pack));
  on("copy-letter", () => perform(copyLetter));
  on("share-letter", () => perform(share));
}

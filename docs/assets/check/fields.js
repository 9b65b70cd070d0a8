// The fields of a question: what a customer chose or typed, as the checker reads it, and back.

import { all, find } from "./page.js";

const DAY = ["day", "month", "year"];

const choices = (question) => all('[type="radio"], [type="checkbox"]', question);
const texts = (question) => all('[type="text"]', question);
const typed = (question) => texts(question).map(({ value }) => value.trim());

/** The answer that stands in the fields. Empty is an answer too: the checker says if there must be more. */
export function answer(question) {
  const chosen = choices(question).filter(({ checked }) => checked).map(({ value }) => value);
  switch (question.dataset.answer) {
    case "proof": return chosen;
    case "amounts": return typed(question);
    default: return chosen[0] ?? typed(question).join(" "); // a part that is missing shows by its place
  }
}

/** Puts an answer that the checker gave into the fields. */
export function fill(question, given) {
  const answers = [given ?? []].flat();
  for (const choice of choices(question)) choice.checked = answers.includes(choice.value);
  if (question.dataset.answer === "date") {
    const [year, month, day] = /^(\d+)-(\d+)-(\d+)$/.exec(given ?? "")?.slice(1).map(Number) ?? ["", "", ""];
    setDay(question, { day, month, year });
  } else if (question.dataset.answer === "amounts") {
    for (const row of all(".check-amount", question).slice(1)) row.remove();
    texts(question)[0].value = "";
    answers.forEach((amount, index) => (index ? addAmount(question) : texts(question)[0]).value = amount);
  } else if (question.dataset.answer === "amount") {
    texts(question)[0].value = given ?? "";
  }
}

function setDay(question, parts) {
  for (const part of DAY) find(`.check-${part}`, question).value = parts[part];
}

/** Adds a row for one more amount; gives its field. */
export function addAmount(question) {
  const rows = all(".check-amount", question);
  const row = rows.at(-1).cloneNode(true);
  const field = find("input", row);
  field.value = "";
  field.ariaInvalid = null;
  find("button", row).hidden = false;
  rows.at(-1).after(row);
  number(question);
  return field;
}

export function removeAmount(row) {
  const question = row.closest("[data-question]");
  find("input", row.previousElementSibling).focus();
  row.remove();
  number(question);
}

/** Each row says which one it is, and so does what acts on it. */
function number(question) {
  all(".check-amount", question).forEach((row, index) => {
    const [label, field] = [find("label", row), find("input", row)];
    field.id = label.htmlFor = `${field.name}-${index + 1}`;
    label.textContent = label.dataset.text.replace("{number}", index + 1);
    find(".check-unseen:not(label)", row).textContent = `: ${label.textContent}`;
  });
}

/** A date and the choices beside it rule each other out. */
function keepOne({ target }) {
  const question = target.closest('[data-answer="date"]');
  if (!question) return;
  if (target.type === "radio") setDay(question, { day: "", month: "", year: "" });
  else for (const choice of choices(question)) choice.checked = false;
}

/** The calendar of the browser fills in the three parts of a date. */
function offerCalendar(question) {
  const [button, picker] = [find(".check-calendar", question), find(".check-picker", question)];
  button.hidden = !("showPicker" in picker);
  button.addEventListener("click", () => {
    try {
      picker.showPicker();
    } catch {
      button.hidden = true; // this browser has no calendar to show
    }
  });
  picker.addEventListener("input", () => {
    if (!picker.value) return;
    fill(question, picker.value);
    find(".check-year", question).focus();
  });
}

/** Brings the fields of a page to life. */
export function start(root) {
  root.addEventListener("input", keepOne);
  for (const question of all('[data-answer="date"]', root)) offerCalendar(question);
}

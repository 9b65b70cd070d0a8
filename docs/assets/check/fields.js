// The fields of a question: read as a raw answer for the checker, and filled with a stored answer.

import { all, find, today } from "./page.js";

const choices = (question) => all('[type="radio"], [type="checkbox"]', question);
const chosen = (question) => choices(question).filter(({ checked }) => checked).map(({ value }) => value);
const texts = (question) => all('[type="text"]', question);
const typed = (question) => texts(question).map(({ value }) => value.trim());

/** For each answer kind a function that reads its fields, and one that fills those that are not choices. */
const KINDS = {
  "one choice": { read: (question) => chosen(question)[0] ?? "" },
  date: { read: (question) => chosen(question)[0] ?? typed(question).join(" "), fill: fillDate }, // a missing part shows by its place
  amount: { read: (question) => typed(question)[0], fill: fillAmounts },
  amounts: { read: typed, fill: fillAmounts },
  proof: { read: chosen },
};

/** The raw answer in the fields. An empty one is sent too: the checker decides whether it is an error. */
export function answer(question) {
  return KINDS[question.dataset.answer].read(question);
}

/** Fills the fields with a stored answer; undefined empties them. */
export function fill(question, stored) {
  const answers = [stored ?? []].flat();
  for (const choice of choices(question)) choice.checked = answers.includes(choice.value);
  KINDS[question.dataset.answer].fill?.(question, answers);
}

function fillDate(question, [answer]) {
  const [year, month, day] = /^(\d+)-(\d+)-(\d+)$/.exec(answer)?.slice(1).map(Number) ?? ["", "", ""];
  for (const [part, value] of Object.entries({ day, month, year })) find(`.check-${part}`, question).value = value;
}

function fillAmounts(question, amounts) {
  for (const row of all(".check-amount", question).slice(1)) row.remove();
  texts(question)[0].value = "";
  amounts.forEach((amount, index) => (index ? addAmount(question) : texts(question)[0]).value = amount);
}

/** Adds a row for one more amount and returns its field. */
export function addAmount(question) {
  const rows = all(".check-amount", question);
  const row = rows.at(-1).cloneNode(true);
  const field = find("input", row);
  field.value = "";
  field.removeAttribute("aria-invalid");
  find("button", row).hidden = false;
  rows.at(-1).after(row);
  number(question);
  return field;
}

/** Removes a row and moves the focus to the row before it. */
export function removeAmount(row) {
  const question = row.closest("[data-question]");
  find("input", row.previousElementSibling).focus();
  row.remove();
  number(question);
}

/** Numbers the labels of the rows and of their buttons. */
function number(question) {
  all(".check-amount", question).forEach((row, index) => {
    const [label, field] = [find("label", row), find("input", row)];
    field.id = label.htmlFor = `${field.name}-${index + 1}`;
    label.textContent = label.dataset.text.replace("{number}", index + 1);
    find(".unseen:not(label)", row).textContent = `: ${label.textContent}`;
  });
}

/** Clears the choices beside a date that is typed, and the date when one of them is chosen. */
function keepOne({ target }) {
  const question = target.closest('[data-answer="date"]');
  if (!question) return;
  if (target.type === "radio") fillDate(question, []);
  else for (const choice of choices(question)) choice.checked = false;
}

/** Shows the button for the browser's calendar, which fills in the three parts of a date. */
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

/** Fills in the day of a button for a date near today, and has it read out. */
function offerDays(question) {
  for (const button of all("[data-days-ago]", question)) {
    button.addEventListener("click", () => {
      fill(question, today(button.dataset.daysAgo));
      find(".check-filled", question).textContent = typed(question).join(" ");
    });
  }
}

/** Adds the event listeners of all fields. */
export function start(root) {
  root.addEventListener("input", keepOne);
  for (const question of all('[data-answer="date"]', root)) {
    offerCalendar(question);
    offerDays(question);
  }
}

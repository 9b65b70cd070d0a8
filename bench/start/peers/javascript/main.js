// A minimal checker: finds the first matching row of the policy's rules; no errors, reasons or future dates.
const ROWS = "@rows@";
const TITLES = "@titles@";

const answers = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());

function holds({ question, choices, first, last }) {
  const answer = answers[question];
  if (choices) return choices.includes(answer);
  const days = (today - Date.parse(answer)) / 86_400_000; // NaN without a date: no test holds then
  return first <= days && days <= (last ?? Infinity);
}

const { outcome } = ROWS.find(({ tests }) => tests.every(holds));
document.querySelector("output").textContent = TITLES[outcome];

// A checker as small as it can be: it walks through the rows of the policy's rules, and knows nothing of errors,
// reasons or dates to come.
const ROWS = "@rows@";
const TITLES = "@titles@";

const answers = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());

function holds({ question, choices, negated, first, last }) {
  const given = answers[question];
  if (choices) return choices.includes(given) !== negated;
  const days = (today - Date.parse(given)) / 86_400_000; // no number where no date is given: nothing holds then
  return first <= days && days <= (last ?? Infinity);
}

const { outcome } = ROWS.find(({ tests }) => tests.every(holds));
document.querySelector("output").textContent = TITLES[outcome];

// The path through the questions: the place of the present one, and the answers so far.

import { all, copy, element, find } from "./page.js";

const steps = find(".check-progress"); // null if the policy asks nothing before the result

/** The place of the first question, as the page shows it at first. */
export const FIRST = steps && { position: 1, total: all("i", steps).length, text: find("p", steps).textContent };

/** Shows the place of a question. One that is not known yet has its room kept, or its line would push the question down. */
export function showProgress(place, isQuestion) {
  if (!steps) return;
  steps.hidden = !isQuestion;
  steps.style.visibility = place ? "" : "hidden";
  if (!place) return;
  find("p", steps).textContent = place.text;
  const bars = Array.from({ length: place.total }, () => element("i"));
  for (const bar of bars.slice(0, place.position)) bar.className = "done";
  find(".progress", steps).replaceChildren(...bars);
}

/** Shows the answers so far, each with a link to change it. */
export function showAnswers(given) {
  find(".check-answers dl").replaceChildren(
    ...given.map(({ question, name, answer }) => {
      const row = copy(".check-row");
      const [term, description] = row.children;
      term.textContent = name;
      description.textContent = answer;
      find("a", row).href = `#${question}`;
      find(".unseen", row).textContent = `: ${name}`;
      return row;
    }),
  );
}

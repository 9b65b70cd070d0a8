// The errors of answers: a summary with links, and a message beside each question.

import { all, element, find, focusOn, root } from "./page.js";

const summary = find(".check-errors");

/** Shows errors, {question, message}. `showView` shows the view of a name. */
export function show(list, showView) {
  const places = list.map(({ question }) => find(`[data-question="${CSS.escape(question ?? "")}"]`));
  const view = places[0]?.closest("[data-view]").dataset.view;
  if (view) showView(view);
  document.title = root.dataset.errorPrefix + document.title;
  find("ul", summary).replaceChildren(
    ...list.map(({ message }, index) => {
      if (!places[index]) return element("li", message);
      const field = mark(places[index], message);
      const link = element("a", message);
      link.href = `#${view}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        focusOn(field, places[index]);
      });
      return element("li", link);
    }),
  );
  summary.hidden = false;
  focusOn(summary);
}

/** Shows the message beside its question; returns the question's first field. */
function mark(question, message) {
  const place = find(".check-error", question);
  place.textContent = message;
  place.hidden = false;
  for (const field of all('[type="text"]', question)) field.setAttribute("aria-invalid", "true");
  return find("input", question);
}

export function clear() {
  document.title = document.title.replace(root.dataset.errorPrefix, "");
  summary.hidden = true;
  for (const place of all("[data-question] > .check-error")) {
    place.hidden = true;
    place.textContent = "";
  }
  for (const field of all("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

// The view with the amounts of an estimate.

import * as fields from "./fields.js";
import { all, find, focusOn, on } from "./page.js";
import { pause } from "./taps.js";

const form = find(".check-refund"); // null if the policy has no estimate

/** Starts the view. `submit` sends answers as pairs, and returns whether there are no errors. */
export function start(submit) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = all("[data-question]", form).map((part) => [part.dataset.question, fields.answer(part)]);
    if (await submit(...answers)) focusOn(find(".check-estimate"));
  });
  form?.addEventListener("click", ({ target }) => {
    if (!target.matches(".check-remove")) return;
    fields.removeAmount(target.closest(".check-amount"));
    pause(); // the button of the next row takes its place
  });
  on("add-amount", (button) => fields.addAmount(button.closest("[data-question]")).focus());
}

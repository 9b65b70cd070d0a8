// Opens the notes of the policy on wide screens, where they stand in the margin, on paper, and where a link leads to one.

const notes = [...document.querySelectorAll(".note")];
const wide = matchMedia("(min-width: 60em)");

function openAll(open) {
  for (const note of notes) note.open = open;
}

function openTarget() {
  const note = document.getElementById(location.hash.slice(1))?.closest(".note");
  if (note && !note.open) {
    note.open = true;
    note.scrollIntoView();
  }
}

openAll(wide.matches);
openTarget();
wide.addEventListener("change", () => openAll(wide.matches));
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => openAll(true));
addEventListener("afterprint", () => openAll(wide.matches));

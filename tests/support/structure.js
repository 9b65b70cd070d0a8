// What is wrong with the structure of a page's main part, where axe does not look (tests/support/accessibility.py).
() => {
  const faults = [];
  const describe = (node) => walk.describe(node).slice(0, 80);
  const nameOf = (node) => walk.describe(node).split(" ").slice(1).join(" ");
  const seen = (selector) => walk.find(`main ${selector}`, null);
  const doubles = (list) => new Set(list.filter((each, index) => list.indexOf(each) < index));
  const idsIn = (node, attribute) => (node.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean);

  // Headings are an outline: one at the top, no level left out. That of an alert is said by itself, and stands first.
  const headings = seen(":is(h1, h2, h3, h4, h5, h6):not([role=alert] *)");
  const levels = headings.map(({ localName }) => Number(localName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push(`the levels are ${levels}`);
  levels.forEach((level, index) => {
    if (level > 1 + (levels[index - 1] ?? 0)) faults.push(`${describe(headings[index])} leaves out a level`);
  });

  // Choices stand in a group that says its question; what describes something is said with it.
  for (const node of seen(":is([type=radio], [type=checkbox])")) {
    const group = node.closest("fieldset");
    if (node.type === "radio" && !group?.querySelector("legend")?.textContent.trim()) {
      faults.push(`${describe(node)} is in no group with a name`);
    }
    if (!nameOf(node)) faults.push(`#${node.id} has no name`);
  }
  const described = seen("[aria-describedby]").flatMap((node) => idsIn(node, "aria-describedby"));
  for (const id of described) if (!document.getElementById(id)) faults.push(`#${id} is not there to describe`);
  for (const node of seen(":is(.check-error, [id^=help-], [id^=hint-], [id$=-hint], [id$=-help])")) {
    if (!described.includes(node.id)) faults.push(`“${node.innerText.slice(0, 60)}” describes nothing`);
  }

  // An id or a name is of one thing only.
  for (const id of doubles([...document.querySelectorAll("[id]")].map(({ id }) => id))) {
    faults.push(`#${id} is there twice`);
  }
  const goals = Map.groupBy(seen("a[href]"), nameOf);
  for (const [name, links] of goals) {
    if (new Set(links.map(({ href }) => href)).size > 1) faults.push(`different links say “${name}”`);
  }
  for (const selector of ["button, summary", "[type=text]"]) {
    for (const name of doubles(seen(selector).map(nameOf))) faults.push(`several things say “${name}”`);
  }

  // A thumb meets what it has to meet; a choice is met by its whole row.
  const small = (node, least) => {
    const { width, height } = node.getBoundingClientRect();
    if (Math.min(width, height) >= least) return;
    faults.push(`${describe(node)} is ${width.toFixed()} by ${height.toFixed()} px`);
  };
  for (const node of seen(":is(button, .button, [type=text], textarea, .choice)")) small(node, 44);
  for (const node of seen(":is(summary, dd a, p > a:only-child)")) {
    if (node.parentElement.innerText.trim() === node.innerText.trim()) small(node, 24);
  }

  // What comes by itself is said by itself.
  for (const node of seen("[data-notice]")) if (node.role !== "alert") faults.push(`${describe(node)} is not announced`);
  return faults;
};

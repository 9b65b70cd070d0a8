// Prints, as JSON, what scripts and style sheets use that a browser does not have, by MDN's compatibility data. Each file has
// its features, as {"api.Element.ariaInvalid": ["firefox", "firefox_android"]}.
//     node compatibility.mjs '{"chrome": "103", "firefox": "114"}' FILE...
//
// The receiver of a member is seldom known: a name counts only if no interface of the browser has it. A name that the file
// tests for, as in `x.name?.()`, and what stands in @supports do not count; neither do options of calls.
import { readFileSync } from "node:fs";
import { parse } from "acorn";
import { ancestor, base } from "acorn-walk";
import * as css from "css-tree";

const data = JSON.parse(readFileSync(new URL("../node_modules/@mdn/browser-compat-data/data.json", import.meta.url)));
const [oldest, ...files] = process.argv.slice(2);
const PHONES = { chrome: "chrome_android", firefox: "firefox_android", safari: "safari_ios" };
const versions = Object.entries(JSON.parse(oldest)).flatMap(([browser, version]) => {
  const all = [browser, PHONES[browser]].filter(Boolean);
  return all.map((name) => [name, version.split(".").map(Number)]);
});

// ---- the data

const at = (path) => path.reduce((node, name) => (Object.hasOwn(node ?? {}, name) ? node[name] : undefined), data);
const isLater = ([major, minor = 0], [otherMajor, otherMinor = 0]) => major - otherMajor || minor - otherMinor;

/** Whether a version has a feature; a partial one counts, what needs a flag or a prefix does not. */
function hasFeature(statements, version) {
  return [statements ?? []].flat().some(({ version_added, version_removed, flags, prefix, alternative_name }) => {
    if (!/^≤?\d/.test(version_added) || flags || prefix || alternative_name) return false;
    const parts = (text) => text.replace("≤", "").split(".").map(Number);
    return isLater(parts(version_added), version) <= 0 && !(version_removed && isLater(parts(version_removed), version) <= 0);
  });
}

/** The browsers that have none of the features. */
const lacking = (paths) =>
  versions.filter(([name, version]) => paths.every((path) => !hasFeature(at(path).__compat.support[name], version))).map(([name]) => name);

/** The paths of members, of globals and of CSS functions, by their name. */
const members = new Map();
for (const root of [["api"], ["javascript", "builtins"]]) {
  for (const owner of Object.keys(at(root))) {
    for (const [key, node] of Object.entries(at([...root, owner]))) {
      const name = key.replace(/_static$/, "");
      if (node.__compat && key !== "__compat") members.set(name, [...(members.get(name) ?? []), [...root, owner, key]]);
    }
  }
}
const functions = new Map();
(function collect(path) {
  for (const [name, node] of Object.entries(at(path))) {
    if (name === "__compat") continue;
    if (node.__compat) functions.set(name, [...path, name]);
    collect([...path, name]);
  }
})(["css", "types"]);

/** The first of the paths that the data have. */
const known = (...paths) => paths.find((path) => at(path)?.__compat);

// ---- scripts

const GLOBALS = ["self", "window", "globalThis"];
const SELECTING = ["querySelector", "querySelectorAll", "closest", "matches", "find", "all"];
const nameOf = (node) => (node.type === "Identifier" ? node.name : node.type === "MemberExpression" && !node.computed ? node.property.name : undefined);
const isGlobal = (node) => node.type === "MemberExpression" && GLOBALS.includes(node.object.name);

/** The syntax tree. Syntax that came after ES2022 is reported; the parts of ES2022 that browsers got late are read below. */
function parseScript(text, report) {
  const options = { sourceType: "module", allowHashBang: true };
  try {
    parse(text, { ...options, ecmaVersion: 2022 });
  } catch (error) {
    report([["javascript", "syntax"]], ["all"], `: ${error.message}`);
  }
  return parse(text, { ...options, ecmaVersion: "latest" });
}

function readScript(text, report) {
  const tree = parseScript(text, report);
  const [bound, tested, uses] = [new Set(), new Set(GLOBALS), []];
  const test = (node) => node && tested.add(nameOf(node));
  const bind = (node) => node?.type === "Identifier" && bound.add(node.name);
  ancestor(tree, {
    Pattern: bind,
    VariablePattern: bind,
    Function: ({ id }) => bind(id),
    Class: ({ id }) => bind(id),
    ImportDeclaration: ({ specifiers }) => specifiers.forEach(({ local }) => bind(local)),
    IfStatement: (node) => test(node.test),
    ConditionalExpression: (node) => test(node.test),
    LogicalExpression: ({ left, right }) => [left, right].forEach(test),
    UnaryExpression: ({ argument }) => test(argument),
    BinaryExpression: ({ operator, left }) => operator === "in" && tested.add(left.value),
    StaticBlock: () => uses.push([["javascript", "classes", "static", "initialization_blocks"]]),
    Literal: ({ regex }) => {
      if (/\(\?<[=!]/.test(regex?.pattern)) uses.push([["javascript", "regular_expressions", "lookbehind_assertion"]]);
    },
    Identifier: (node) => uses.push(node),
    MemberExpression: (node) => {
      if (node.optional) test(node.object);
      uses.push(node);
    },
    NewExpression: ({ callee }) => uses.push(callee),
    CallExpression: ({ callee, optional, arguments: [first] }) => {
      if (optional) test(callee);
      const texts = first?.type === "TemplateLiteral" ? first.quasis.map(({ value }) => value.raw) : [first?.value];
      if (SELECTING.includes(nameOf(callee))) uses.push(...texts.flatMap((text) => pseudos(String(text))).map((path) => [path]));
      if (nameOf(callee) === "addEventListener" && members.has(`${first?.value}_event`)) uses.push(members.get(`${first.value}_event`));
    },
  }, base);

  for (const use of uses) {
    if (Array.isArray(use)) report(use);
    else if (!tested.has(nameOf(use))) report(pathsOf(use, bound));
  }
}

/** The paths that an identifier or a member may mean. */
function pathsOf(node, bound) {
  const name = nameOf(node);
  if (!name) return [];
  if (node.type === "Identifier" || isGlobal(node)) {
    if (node.type === "Identifier" && bound.has(name)) return [];
    return [known(["api", name], ["javascript", "builtins", name], ["api", "Window", name])].filter(Boolean);
  }
  const owner = node.object.type === "Identifier" && !bound.has(node.object.name) ? node.object.name : isGlobal(node.object) && nameOf(node.object);
  const places = owner ? [["api", owner], ["javascript", "builtins", owner]].flatMap((path) => [[...path, `${name}_static`], [...path, name]]) : [];
  const exact = known(...places);
  return exact ? [exact] : (members.get(name) ?? []);
}

// ---- style sheets

/** The paths of the pseudo-classes and pseudo-elements in a selector of a script. */
const pseudos = (text) => [...text.matchAll(/::?([a-z-]+)/g)].map(([, name]) => ["css", "selectors", name]).filter((path) => known(path));

function readStyles(text, report) {
  const use = (...path) => known(path) && report([path]);
  // Of a list with a selector that a browser does not know, it drops all.
  const usePseudo = (name, inList) => known(["css", "selectors", name]) && report([["css", "selectors", name]], undefined, inList ? " in a list" : "");
  // Rules in rules without `&` are such an error.
  const onParseError = ({ message }) => report([["css", "syntax"]], ["all"], `: ${message}`);
  const tree = css.parse(text, { onParseError });
  let supports = 0;
  css.walk(tree, {
    enter(node) {
      if (node.type === "Atrule" && node.name === "supports") supports++;
      if (supports) return;
      const { name, property } = node;
      const declared = this.declaration?.property;
      if (node.type === "Atrule") use("css", "at-rules", name);
      if (["Rule", "Atrule"].includes(node.type) && this.rule) use("css", "selectors", "nesting");
      if (node.type === "Feature") use("css", "at-rules", "media", name);
      if (node.type === "Declaration") use("css", "properties", property);
      if (node.type === "Identifier" && declared) use("css", "properties", declared, name);
      if (node.type === "Function" && functions.has(name)) report([functions.get(name)]);
      if (node.type === "Dimension" && /^[dls]v([hwib]|min|max)$/.test(node.unit)) use("css", "types", "length", "viewport_percentage_units_dynamic");
      if (node.type.startsWith("Pseudo")) usePseudo(name, this.rule?.prelude.children?.size > 1);
    },
    leave(node) {
      if (node.type === "Atrule" && node.name === "supports") supports--;
    },
  });
}

// ---- files

const found = {};
for (const file of files) {
  const features = (found[file] = {});
  const report = (paths, browsers = paths.length ? lacking(paths) : [], where = "") => {
    if (browsers.length) features[`${paths[0].join(".")}${where}`] = browsers;
  };
  (file.endsWith(".css") ? readStyles : readScript)(readFileSync(file, "utf8"), report);
}
console.log(JSON.stringify(found, null, 1));

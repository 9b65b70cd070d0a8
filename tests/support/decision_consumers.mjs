// Programs that others use, with the exported decisions of many cases: JSON in by stdin, JSON out.
// In: {dmn, rule, cases: [facts]}. Out: by consumer, the outcome of each case, or {rows} if rows disagree.
import { DmnModdle } from "dmn-moddle";
import { evaluate, unaryTest } from "feelin";
import { LogicEngine } from "json-logic-engine";
import jsonLogic from "json-logic-js";
import { text } from "node:stream/consumers";

const { dmn, rule, cases } = JSON.parse(await text(process.stdin));

/** The table of the decision. Throws if the reader warns of anything. */
async function decisionTable(xml) {
  const { rootElement, warnings } = await new DmnModdle().fromXML(xml);
  if (warnings.length) throw new Error(warnings.map(({ message }) => message).join("\n"));
  return rootElement.drgElement.find(({ $type }) => $type === "dmn:Decision").decisionLogic;
}

const unquoted = (feel) => JSON.parse(feel);

function passes(cell, value) {
  const { value: result } = unaryTest(cell, { "?": value });
  return result === true;
}

/** The outcome by the hit policy ANY: all rows that hold have the same one. Each cell is tested once with each value. */
function decider({ input, rule: rows, hitPolicy }) {
  if (hitPolicy !== "ANY") throw new Error(`hit policy ${hitPolicy}`);
  const known = new Map();
  const holds = (cell, value) => {
    const key = JSON.stringify([cell, value]);
    if (!known.has(key)) known.set(key, passes(cell, value));
    return known.get(key);
  };
  // DMN gives each input a value, null at least: else a name such as `product` is that of a function of FEEL.
  const unknown = Object.fromEntries(input.map(({ inputExpression }) => [inputExpression.text, null]));
  return (facts) => {
    const values = input.map(({ inputExpression }) => evaluate(inputExpression.text, { ...unknown, ...facts }).value);
    const invalid = input.some(({ inputValues }, column) => !holds(inputValues.text, values[column]));
    if (invalid) return { invalid };
    const hits = rows.filter(({ inputEntry }) => inputEntry.every(({ text: cell }, column) => holds(cell, values[column])));
    const outcomes = new Set(hits.map(({ outputEntry }) => unquoted(outputEntry[0].text)));
    return outcomes.size > 1 ? { rows: hits.map(({ id }) => id) } : ([...outcomes][0] ?? null);
  };
}

const engine = new LogicEngine();
const consumers = {
  "json-logic-js": (facts) => jsonLogic.apply(rule, facts),
  "json-logic-engine": (facts) => engine.run(rule, facts),
  feelin: decider(await decisionTable(dmn)),
};
const outcomes = Object.entries(consumers).map(([name, decide]) => [name, cases.map(decide)]);
process.stdout.write(JSON.stringify(Object.fromEntries(outcomes)));

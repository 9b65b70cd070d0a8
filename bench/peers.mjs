// The rule engines in node. First {prepare: …} for the outcomes of all cases, then {engine, least} for
// the seconds of one decision.
import jsonLogic from "json-logic-js";
import Engine from "publicodes";
import { secondsOfEach, serve } from "./node.mjs";

const engines = {};

await serve(({ prepare, engine, least }) => {
  if (prepare) {
    const { jsonLogic: rule, publicodes: rules, facts, situations } = prepare;
    const model = new Engine(rules);
    engines["json-logic-js"] = { decide: (each) => jsonLogic.apply(rule, each), inputs: facts };
    engines.publicodes = {
      decide: (each) => model.setSituation(each).evaluate("outcome").nodeValue,
      inputs: situations,
    };
    return Object.fromEntries(Object.entries(engines).map(([name, { decide, inputs }]) => [name, inputs.map(decide)]));
  }
  const { decide, inputs } = engines[engine];
  return secondsOfEach(decide, inputs, least);
});

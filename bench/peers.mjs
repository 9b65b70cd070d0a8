// The rule engines in node. A line {prepare} is answered by the outcomes of all cases, {engine, least} by the seconds of one
// decision.
import jsonLogic from "json-logic-js";
import Engine from "publicodes";
import { secondsOfEach, serve } from "./node.mjs";

const engines = {};

await serve(({ prepare, engine, least }) => {
  if (prepare) {
    const { jsonLogic: rule, publicodes: rules, facts, situations } = prepare;
    const model = new Engine(rules);
    engines["json-logic-js"] = { decide: (facts) => jsonLogic.apply(rule, facts), inputs: facts };
    engines.publicodes = {
      decide: (situation) => model.setSituation(situation).evaluate("outcome").nodeValue,
      inputs: situations,
    };
    return Object.fromEntries(Object.entries(engines).map(([name, { decide, inputs }]) => [name, inputs.map(decide)]));
  }
  const { decide, inputs } = engines[engine];
  return secondsOfEach(decide, inputs, least);
});

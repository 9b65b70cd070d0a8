// What both scripts share: answering lines of JSON with lines of JSON, and timing.
import { createInterface } from "node:readline";

/** Answers each line, one after the other, until there are no more. */
export async function serve(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
  }
}

/** The seconds of one call, on average over all inputs, as many times as fill `least` seconds. */
export function secondsOfEach(call, inputs, least) {
  let calls = 0;
  const start = performance.now();
  while (performance.now() - start < least * 1000) {
    for (const input of inputs) call(input);
    calls += inputs.length;
  }
  return (performance.now() - start) / 1000 / calls;
}

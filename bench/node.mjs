// Shared by both scripts: answering lines of JSON with lines of JSON, and timing.
import { createInterface } from "node:readline";

/** Answers the lines of stdin one by one. */
export async function serve(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
  }
}

/** The average seconds of a call over all inputs, repeated to fill `least` seconds. */
export function secondsOfEach(call, inputs, least) {
  let calls = 0;
  const start = performance.now();
  while (performance.now() - start < least * 1000) {
    for (const input of inputs) call(input);
    calls += inputs.length;
  }
  return (performance.now() - start) / 1000 / calls;
}

// The published checker in Pyodide, started from its sources: node pyodide.mjs SITE RUNTIME CHECKER CODE
// A line {call, requests} is answered by the responses; with `least`, by the seconds of one call.
import { secondsOfEach, serve } from "./node.mjs";

const [site, runtime, checker, code] = process.argv.slice(2);
const { loadPyodide } = await import(`${site}/${runtime}pyodide.mjs`);
const python = await loadPyodide({
  indexURL: `${site}/${runtime}`,
  lockFileURL: `${site}/${checker}pyodide-lock.json`,
  packageBaseUrl: `${site}/${checker}`,
  packages: ["aftersales-checker"],
});
python.runPython(code);
const calls = python.runPython("from checker.web.api import published\napi_calls(published())");

await serve(({ call, requests, least }) => {
  const answer = calls.get(call);
  return least ? secondsOfEach(answer, requests, least) : requests.map((request) => answer(request));
});

// The published checker in Pyodide, as the page's worker starts it: node pyodide.mjs SITE RUNTIME CHECKER DOORS
// Then {door, requests} for the answers, with `least` for the seconds of one.
import { secondsOfEach, serve } from "./node.mjs";

const [site, runtime, checker, doors] = process.argv.slice(2);
const { loadPyodide } = await import(`${site}/${runtime}pyodide.mjs`);
const python = await loadPyodide({
  indexURL: `${site}/${runtime}`,
  lockFileURL: `${site}/${checker}pyodide-lock.json`,
  packageBaseUrl: `${site}/${checker}`,
  packages: ["aftersales-checker"],
});
python.runPython(doors);
const open = python.runPython("from checker.web.api import published\ndoors(published())");

await serve(({ door, requests, least }) => {
  const answer = open.get(door);
  return least ? secondsOfEach(answer, requests, least) : requests.map((request) => answer(request));
});

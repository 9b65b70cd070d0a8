// Starts a bundle the way the page's worker does and prints what Python makes of an expression, as JSON.
//     node start_bundle.mjs RUNTIME CHECKER MODULE EXPRESSION
// Both folders end with a slash.
const [runtime, checker, module, expression] = process.argv.slice(2);
const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
const python = await loadPyodide({
  indexURL: runtime,
  lockFileURL: `${checker}pyodide-lock.json`,
  packageBaseUrl: checker,
  packages: ["aftersales-checker"],
});
console.log(python.runPython(`import json, ${module}\njson.dumps(${expression})`));

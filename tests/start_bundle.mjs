// Starts a bundle the way the page's worker does and prints what Python makes of an expression, as JSON.
//     node start_bundle.mjs SITE RUNTIME CHECKER MODULE EXPRESSION
const [site, runtime, checker, module, expression] = process.argv.slice(2);
const { loadPyodide } = await import(`${site}/${runtime}pyodide.mjs`);
const python = await loadPyodide({
  indexURL: `${site}/${runtime}`,
  lockFileURL: `${site}/${checker}pyodide-lock.json`,
  packageBaseUrl: `${site}/${checker}`,
  packages: ["aftersales-checker"],
});
console.log(python.runPython(`import json, ${module}\njson.dumps(${expression})`));

(async (links, rounds) => {
  // Opens one link after the other and records the page's requests to its worker. Sends them again, round after round, and
  // returns the milliseconds from each request to its response.
  const worker = await self.checkerWorker;
  const { postMessage } = Worker.prototype;
  const requests = [];
  Worker.prototype.postMessage = function (message, ...more) {
    requests.push(message);
    return postMessage.call(this, message, ...more);
  };
  for (const link of links) {
    const response = new Promise((resolve) => document.addEventListener("response", resolve, { capture: true, once: true }));
    location.hash = link;
    await response;
    while (location.hash.includes("=")) await new Promise((resolve) => setTimeout(resolve, 20)); // it is shown once the address is a view's
  }
  Worker.prototype.postMessage = postMessage;

  const times = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, argument } of requests) {
      const id = `${times.length} of the benchmark`;
      const start = performance.now();
      const response = new Promise((resolve) => {
        worker.addEventListener("message", function listen({ data }) {
          if (data.id !== id) return;
          worker.removeEventListener("message", listen);
          resolve();
        });
      });
      worker.postMessage({ id, name, argument });
      await response;
      times.push(performance.now() - start);
    }
  }
  return JSON.stringify(times);
})

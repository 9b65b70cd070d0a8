(async (links, rounds) => {
  // Shows one link after the other and notes what the page asks its worker then. Asks the same again, round after round,
  // and gives how long each way to the worker and back takes, in milliseconds.
  const worker = await self.checkerWorker;
  const { postMessage } = Worker.prototype;
  const messages = [];
  Worker.prototype.postMessage = function (message, ...more) {
    messages.push(message);
    return postMessage.call(this, message, ...more);
  };
  for (const link of links) {
    const said = new Promise((resolve) => document.addEventListener("said", resolve, { capture: true, once: true }));
    location.hash = link;
    await said;
    while (location.hash.includes("=")) await new Promise((resolve) => setTimeout(resolve, 20)); // it is shown then
  }
  Worker.prototype.postMessage = postMessage;

  const took = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, argument } of messages) {
      const id = `${took.length} of the benchmark`;
      const start = performance.now();
      const replied = new Promise((resolve) => {
        worker.addEventListener("message", function listen({ data }) {
          if (data.id !== id) return;
          worker.removeEventListener("message", listen);
          resolve();
        });
      });
      worker.postMessage({ id, name, argument });
      await replied;
      took.push(performance.now() - start);
    }
  }
  return JSON.stringify(took);
})

(async (links) => {
  // Gives the checker one link after the other and measures the way to the worker and back, in milliseconds.
  // The page and its worker are left as they are: only what passes between them is looked at.
  const { postMessage } = Worker.prototype;
  const heard = new WeakSet();
  const took = [];
  let asked, answered;
  Worker.prototype.postMessage = function (...given) {
    if (!heard.has(this)) this.addEventListener("message", ({ timeStamp }) => (answered = timeStamp));
    heard.add(this);
    asked = performance.now();
    return postMessage.apply(this, given);
  };
  for (const link of links) {
    const said = new Promise((resolve) => document.addEventListener("said", resolve, { capture: true, once: true }));
    location.hash = link;
    await said;
    await new Promise((resolve) => setTimeout(resolve, 20)); // until the page has shown the answer
    took.push(answered - asked);
  }
  Worker.prototype.postMessage = postMessage;
  return JSON.stringify(took);
})

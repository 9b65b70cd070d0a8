// The cleaned pictures of cases in IndexedDB, so that a reload brings them back. Rejects where it is blocked or full.

const NAME = `check ${location.pathname}`; // case.js deletes it with the case
const DAY = 86_400_000; // milliseconds

/** The result of a request to the store of pictures, once it is complete. */
function perform(mode, run) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("pictures", { keyPath: ["number", "picture.name"] });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction("pictures", mode);
      const request = run(transaction.objectStore("pictures"));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => {
        database.close();
        reject(transaction.error);
      };
    };
  });
}

const readAll = () => perform("readonly", (store) => store.getAll());

/** Stores a picture of the case with this number, for some days. */
export async function save(number, picture, file, days) {
  const bytes = await file.arrayBuffer(); // not every browser stores files
  await perform("readwrite", (store) => store.put({ number, picture, bytes, type: file.type, until: Date.now() + days * DAY }));
}

/** Deletes the pictures of all cases whose time is over. */
export async function removeExpired() {
  for (const { number, picture, until } of await readAll()) if (until < Date.now()) await remove(number, picture.name);
}

/** The pictures of a case, as {picture, file}. */
export async function load(number) {
  await removeExpired();
  return (await readAll())
    .filter((entry) => entry.number === number)
    .map(({ picture, bytes, type }) => ({ picture, file: new File([bytes], picture.name, { type }) }));
}

export const remove = (number, name) => perform("readwrite", (store) => store.delete([number, name]));

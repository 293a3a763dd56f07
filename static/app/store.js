/* A few values that outlive the page, the same for every tab at any moment: one table of IndexedDB. */

export const remembered = async (key) => (await inTable("readonly", (table) => table.get(key))) ?? null;
export const remember = (key, value) => inTable("readwrite", (table) => table.put(value, key));

let opening = null;

function open() {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open("bureau", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("values");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/** Done when the transaction is, not when it has been asked for. */
async function inTable(mode, ask) {
    opening ??= open();
    const transaction = (await opening).transaction("values", mode);
    return new Promise((resolve, reject) => {
        const request = ask(transaction.objectStore("values"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
    });
}

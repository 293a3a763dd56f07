/* Search in words: "how do I create a webhook" finds create_webhook. */

const fillers = new Set("a an and api can do for from how i in is it my of on one or please the to with".split(" "));

/** Words that people say for the words that operations have. */
const meanings = {
    add: "create", make: "create", new: "create", register: "create", change: "update", edit: "update", modify: "update",
    patch: "update", remove: "delete", show: "get", read: "get", fetch: "get", find: "list", all: "list", login: "log",
    signin: "log", sign: "log", customer: "client", hook: "webhook", quote: "proposal", bill: "invoice", mail: "message",
    email: "message", key: "key", person: "contact", case: "ticket", issue: "ticket", token: "session",
};

/** The words of a text that say something, each in its short form. */
export const wordsOf = (text) => text.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word && !fillers.has(word));

const stem = (word) => word
    .replace(/(?<=[a-z]{2})ies$/, "y").replace(/(?<=ss|x|ch)es$/, "").replace(/(?<=[a-z]{2}[^s])s$/, "");

/** Makes an index of texts of falling weight. */
export function indexOf(...texts) {
    return texts.map((text) => wordsOf(text).map(stem));
}

/** Returns how well an index answers a query; 0 where a word of it is nowhere. */
export function rank(index, query) {
    let sum = 0;
    for (const word of wordsOf(query)) {
        const best = Math.max(...[word, meanings[word]].filter(Boolean).map((said, other) =>
            Math.max(...index.map((words, place) => weight(words, stem(said)) * (index.length - place) - other * .1))));
        if (best <= 0) return 0;
        sum += best;
    }
    // Where two operations match equally, the one with the shorter name is meant.
    return sum / (1 + .02 * index[0].length);
}

function weight(words, said) {
    if (words.includes(said)) return 3;
    return said.length > 2 && words.some((word) => word.startsWith(said)) ? 1 : 0;
}

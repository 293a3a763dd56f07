/* The records of a list, as far as they have been read. */

const pageMax = 200;

const isSame = (a, b) => b !== undefined && JSON.stringify(a) === JSON.stringify(b);

/**
 * `ask({limit, cursor, total})` reads a page; `onChange` is told when there are others. What is beyond that which has
 * been read is read in order, as lists have cursors and no numbers of pages.
 */
export function shelf(ask, onChange) {
    let records = [], total = 0, next = null, turn = 0, goal = 0, reading = null;

    async function read({ limit = 50 } = {}) {
        const own = ++turn;
        const page = await ask({ limit: Math.min(pageMax, Math.max(50, limit)), total: "true" });
        if (own !== turn) return;
        const known = new Map(records.map((one) => [one.id, one]));
        // An unchanged record stays the same object, so that its row stays, too.
        records = page.data.map((one) => (isSame(one, known.get(one.id)) ? known.get(one.id) : one));
        [total, next] = [page.total ?? page.data.length, page.has_more ? page.next_cursor : null];
        reading = null;
        onChange();
    }
    /** Reads on until the record at an index is there, or there are no more. */
    function until(index) {
        goal = index;
        if (records.length > index || next === null) return Promise.resolve();
        reading ??= more().finally(() => (reading = null));
        return reading;
    }
    async function more() {
        const own = turn;
        while (records.length <= goal && next !== null) {
            const page = await ask({ limit: pageMax, cursor: next });
            if (own !== turn) return;
            records = [...records, ...page.data];
            next = page.has_more ? page.next_cursor : null;
            if (next === null) total = records.length;
            onChange();
        }
    }
    return {
        read, until,
        at: (index) => records[index],
        all: () => records,
        /** One record in its new form, at once. */
        put(record) {
            records = records.map((one) => (one.id === record.id ? { ...one, ...record } : one));
            onChange();
        },
        /** Whether one answer has all that has been read, so that it can be read anew under somebody's eyes. */
        get isShort() { return records.length <= pageMax; },
        get length() { return records.length; },
        get total() { return next === null ? records.length : Math.max(total, records.length); },
    };
}

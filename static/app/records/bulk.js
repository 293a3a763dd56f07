import { linkTo } from "../places.js";
import { lasting } from "../../ui/busy.js";
import { dialog } from "../../ui/dialog.js";
import { h, whyNot } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { toast } from "../../ui/toast.js";
import { inSentence, plural, t } from "../../ui/words.js";
import { nameOf, typeOf } from "./meta.js";
import { changeRecord } from "./save.js";

const atOnce = 4;

/**
 * Does one thing to each of some records and tells what became of each: `change(record)` gives what is to be changed,
 * or `run(record)` does it. What is safe is shown at once, and taken back where the server refuses it. Resolves to those
 * that failed.
 */
export async function carryOut(kind, records, { doing, done, change, run, isSafe, put }) {
    const failed = [], queue = [...records];
    let count = 0, isKept = false;
    const progress = lasting(doing, records.length);
    if (isSafe) for (const record of records) put({ ...record, ...change(record) });

    async function one(record) {
        try {
            if (run) await run(record);
            else {
                const found = await changeRecord(kind, { record, body: change(record) });
                if (found.both) throw { detail: t("Someone else has changed it meanwhile.") };
                isKept ||= found.isKept;
                put(found.record);
            }
            count += 1;
        } catch (problem) {
            if (isSafe) put(record);
            failed.push({ record, why: whyNot(problem) });
        }
        progress.step();
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, async () => {
        while (queue.length) await one(queue.shift());
    }));
    progress.end();
    tell(kind, { count, done, failed, isKept });
    return failed.map(({ record }) => record);
}

function tell(kind, { count, done, failed, isKept }) {
    const what = count === 1 ? kind.singular : inSentence(kind.title);
    const sum = t("{count} {things} {done}", { count: number(count), things: what, done });
    if (isKept) return toast(t("{sum}; sent when you are online again", { sum }));
    if (!failed.length) return toast(sum);
    toast(plural(failed.length, "{sum}, {count} failed", "{sum}, {count} failed", { sum }),
        { text: t("What failed"), run: () => list(kind, failed) });
    list(kind, failed);
}

/** Lists those that failed, each by its name. */
function list(kind, failed) {
    const type = typeOf(kind.plural);
    const { close } = dialog({
        title: plural(failed.length, "{count} failed", "{count} failed"),
        content: () => [
            h("ul", { class: "plain" }, failed.map(({ record, why }) => h("li", { dir: "auto" },
                linkTo({ type, id: record.id }, nameOf(kind, record)), h("span", { class: "evidence" }, why)))),
            h("div", { class: "actions end" },
                h("button", { type: "button", class: "primary", onclick: () => close() }, t("Close"))),
        ],
    });
}

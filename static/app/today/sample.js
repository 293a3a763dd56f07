import { get, may } from "../api.js";
import { later } from "../later.js";
import { failure, fill, h } from "../../ui/dom.js";
import { polite, spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** The mark of the sample data. */
export const tag = "sample";
const plenty = 20;
const acts = () => later(() => import("./sampling.js"));

/** Brings in some records to look at, and takes them out again with whatever came with them. */
export function sampleSwitch({ isOffered = true, onChange } = {}) {
    if (!may("leads:write") || !may("sample_data:write")) return null;
    const place = h("div", { class: "sample", ...polite });
    const draw = async () => {
        const { data } = await get(`/v1/leads?tags=${tag}&limit=1&fields=id`);
        if (data.length) return offer(t("Remove sample data"), "remove", t("Removing sample data…"));
        const { total } = await get("/v1/leads?limit=1&fields=id&total=true");
        // An agency with leads enough needs no samples to look at.
        if (total > plenty || !isOffered) return fill(place);
        offer(t("Add sample data"), "add", t("Adding sample data…"));
    };
    function offer(text, act, busy) {
        const run = async () => {
            const bar = h("progress", { max: 1, value: 0, ...spokenAs(busy) });
            const line = h("p", { class: "quiet" }, busy);
            fill(place, line, bar);
            const tell = (done, all) => {
                Object.assign(bar, { max: all, value: done });
                fill(line, t("{what} {done} of {all}", { what: busy, done, all }));
            };
            try {
                await (await acts())[act](tell);
                await draw();
                onChange?.();
            } catch (problem) {
                fill(place, failure(problem, run));
            }
        };
        fill(place, h("button", { type: "button", onclick: run }, text));
    }
    draw().catch(() => {});
    return place;
}

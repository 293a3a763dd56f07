import { call, get, may } from "../api.js";
import { pagesOf } from "../records/pages.js";
import { drawValue } from "../values.js";
import { bar } from "../../ui/bar.js";
import { doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { moment } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Syncs with outside services: what a run would do, runs, pauses, and how far the first reading is. */
export const { list, newRecord, record, editRecord } = pagesOf("syncs", {
    list: { actions: () => h("a", { class: "button", href: "#/sync-conflicts?status=open" }, t("Sync conflicts")) },
    record: { facts: ["backfill", "error"], actions, panels },
});

const place = h("div");

function actions(sync, { reload }) {
    if (!may("syncs:write")) return [];
    const id = encodeURIComponent(sync.id);
    const isPaused = sync.status === "paused";
    return [
        doing(t("Preview"), async () => {
            const answer = await call(`/v1/syncs/${id}/preview`, { method: "POST" });
            show(await answer.json());
        }, { place }),
        !isPaused && doing(t("Run now"), async () => {
            const answer = await call(`/v1/syncs/${id}/run`, { method: "POST", body: {} });
            const run = await answer.json();
            toast(t("The run has begun"), { text: t("Watch it"), href: `#/sync-runs/${run.id}` });
        }, { place }),
        isPaused
            ? doing(t("Resume"), async () => {
                await call(`/v1/syncs/${id}/resume`, { method: "POST", body: {} });
                reload();
            }, { place })
            : doing(t("Pause"), async () => {
                await call(`/v1/syncs/${id}/pause`, { method: "POST" });
                reload();
            }, { place }),
    ];
}

function panels(sync, { follow, reload, signal }) {
    place.replaceChildren();
    const state = h("div");
    const draw = (now) => state.replaceChildren(...progress(now), ...stopped(now, reload));
    draw(sync);
    follow(draw);
    return [state, place, sync.history !== "none" && said(sync, signal)].filter(Boolean);
}

/** Shows the messages to people, and what became of them in the history that the service keeps. */
function said({ id }, signal) {
    return section(t("What is said"), {}, pending(
        () => get(`/v1/syncs/${encodeURIComponent(id)}/history?limit=50`, signal),
        ({ data }) => (data.length ? entries(data) : quiet(t("Nothing yet."))), { signal }));
}

const entries = (data) => table(t("What is said"), [t("When"), t("Record"), t("What"), t("Why")],
    data.map((one) => h("tr", {},
        h("td", {}, moment(one.created_at)), h("td", { dir: "auto" }, one.local_id ?? ""),
        h("td", {}, words(one.state)), h("td", {}, one.code ? words(one.code) : ""))));

function progress({ backfill, error }) {
    const { state, done, total } = backfill ?? {};
    return [
        error && h("div", { class: "notice bad" }, h("p", {}, whyNot(error))),
        state === "running" && section(t("First reading"), {},
            total ? bar(done / total) : null,
            quiet(total ? t("{done} of {total} records", { done: number(done), total: number(total) })
                : t("{done} records", { done: number(done) }))),
    ].filter(Boolean);
}

/** Many deletions at once have stopped it: a person says what becomes of them. */
function stopped({ id, status, error }, reload) {
    if (status !== "paused" || error?.code !== "too_many_deletes" || !may("syncs:write")) return [];
    const resume = (deletes) => async () => {
        await call(`/v1/syncs/${encodeURIComponent(id)}/resume`, { method: "POST", body: { deletes } });
        reload();
    };
    return [h("div", { class: "actions" },
        doing(t("Archive them here, too"), resume("archive"), { place }),
        doing(t("Keep them here"), resume("ignore"), { place }))];
}

function show({ pull, push, conflicts, faults, samples, complete }) {
    const counts = (of) => facts(Object.entries(of).map(([name, count]) => [words(name), number(count)]));
    const values = (of) => Object.entries(of ?? {}).map(([name, value]) => h("div", { dir: "auto" },
        words(name), ": ", drawValue(value)));
    place.replaceChildren(section(t("What a run would do"), {},
        !complete && quiet(t("There are very many records: only some were compared.")),
        h("div", { class: "columns even" },
            section(t("Received"), {}, counts(pull)), section(t("Sent"), {}, counts(push))),
        conflicts > 0 && quiet(t("{count} fields would wait for a person.", { count: number(conflicts) })),
        samples.length > 0 && table(t("Changes"), [t("Where"), t("What"), t("Before"), t("After")],
            samples.map((one) => h("tr", {},
                h("td", {}, one.side === "local" ? t("Here") : t("There")), h("td", {}, words(one.action)),
                h("td", {}, values(one.before)), h("td", {}, values(one.after))))),
        faults.length > 0 && table(t("Records that do not fit"), [t("Record"), t("Field"), t("Why")],
            faults.map((one) => h("tr", {},
                h("td", { dir: "auto" }, one.id), h("td", {}, words(one.field)),
                h("td", { dir: "auto" }, one.detail))))));
}

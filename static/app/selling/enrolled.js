import { keepInAddress } from "../address.js";
import { get, may, withQuery } from "../api.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { named } from "../records/naming.js";
import { live } from "../stream.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { number, words } from "../../ui/format.js";
import { openIn } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { plural, t } from "../../ui/words.js";
import { enrollmentMenu, nextOf, whyOf } from "./enroll.js";

/** Everyone in a sequence: where they are, or why they left. */
export function enrolled({ id, steps }, { signal, query, follow }) {
    let status = query.status ?? "";
    const path = `/v1/sequences/${encodeURIComponent(id)}/enrollments`;
    const page = (cursor) => get(withQuery(path, { status, limit: 25, cursor, total: cursor ? "" : "true" }), signal);
    const place = pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("No one is enrolled."));
        const draw = (one) => row(one, steps.length, place.reload);
        const columns = [t("Contact"), t("Status"), t("Progress"), t("Next"), t("Reason"), ""];
        const list = table(t("Enrolled"), columns, first.data.map(draw), "stacked");
        return [
            quiet(plural(first.total, "{count} person", "{count} people")), list,
            paged(first, page, toTable(list, draw)),
        ];
    }, { signal });
    follow(place.reload);
    const isAtWork = () => isBeyond(place) || openIn(place);
    live("enrollment.*", () => isAtWork() || place.reload(), signal);
    const shown = field(t("Show"), "status", { control: "select", value: status, options: [["", t("Any")],
        ...["active", "paused", "finished", "exited"].map((one) => [one, words(one)])] });
    shown.addEventListener("change", ({ target }) => {
        status = target.value;
        keepInAddress({ tab: "enrolled", status });
        place.reload();
    });
    return h("div", {}, h("div", { class: "narrow-choice" }, shown), place);
}

function row(one, steps, reload) {
    const { lead_id, contact_id, status, position, conversation_id } = one;
    return h("tr", {},
        h("th", { scope: "row" },
            lead_id ? named("leads", lead_id, t("Deleted lead")) : named("contacts", contact_id, t("Deleted contact")),
            conversation_id && may("conversations:read") && h("span", { class: "evidence" },
                linkTo({ type: "conversation", id: conversation_id }, t("View conversation")))),
        h("td", {}, statusBadge(status)),
        h("td", { "data-label": t("Progress") },
            t("{done} of {all}", { done: number(position), all: number(steps) })),
        h("td", { class: "line", "data-label": t("Next") }, nextOf(one)),
        h("td", { class: "line dim", "data-label": t("Reason") }, whyOf(one)),
        h("td", {}, may("sequences:write") && enrollmentMenu(one, reload)));
}

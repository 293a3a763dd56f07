import { get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { operate } from "../records/ask.js";
import { titleOf } from "../records/meta.js";
import { alarm } from "../../ui/alarm.js";
import { h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { pair, t } from "../../ui/words.js";

const pathOf = ({ id }) => `/v1/segments/${encodeURIComponent(id)}/members`;

/** Shows a segment's members; those of a static one are put in and taken out here. */
export function members(segment, { kind, signal, follow, reload }) {
    let now = segment;
    const path = pathOf(segment), mayEdit = kind.mayWrite && segment.static;
    if (!may(`${segment.of}:read`)) {
        return section(t("Members"), {}, quiet(t("You may not see these. An owner or administrator can let you.")));
    }
    const page = (cursor) => get(withQuery(path, { limit: 25, cursor }), signal);
    const place = pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("Nobody is in it yet."));
        const row = (one) => drawMember(one, mayEdit && (() => change({ remove: [one.id] }, t("Taken out"))));
        const list = table(t("Members"), mayEdit ? [t("Name"), ""] : [t("Name")], first.data.map(row), "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    const change = async (body, said) => {
        try {
            now = await operate(path, { version: now.version, body });
        } catch (problem) {
            return alarm(t("Not changed: {why}", { why: whyNot(problem) }));
        }
        toast(said);
        await reload();
    };
    follow((next) => {
        now = next;
        place.reload();
    });
    return section(t("Members"), {},
        mayEdit && h("p", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askMembers(now, reload) }, t("Add members"))),
        place);
}

function drawMember({ id, type, name }, remove) {
    const said = name || t("Without a name");
    return h("tr", {},
        h("th", { scope: "row", dir: "auto" }, linkTo({ type, id }, said)),
        remove && h("td", {}, h("button", { type: "button", class: "small",
            ...spokenAs(pair(t("Take out"), said)), onclick: remove }, t("Take out"))));
}

/** Puts records into a static segment: several at once, each found by its name. */
function askMembers(segment, changed) {
    ask({
        title: t("Add members"), action: t("Add"), told: t("Members added"),
        fields: [{ name: "add", label: titleOf(segment.of), type: "records", refers: segment.of, required: true,
            help: t("Search for one after the other.") }],
        async save({ values }) {
            if (!values.add.length) throw { errors: [{ pointer: "/add", detail: t("Fill this in.") }] };
            await operate(pathOf(segment), { version: segment.version, body: values });
            await changed();
        },
    });
}

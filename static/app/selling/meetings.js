import { call, get, may, tenant, withQuery } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { askEdit, askNew, readRecord } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { alarm } from "../../ui/alarm.js";
import { h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { outside } from "../../ui/link.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { toast } from "../../ui/toast.js";
import { instantIn } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/** The meetings with somebody or about a deal: agreed, moved, held. */
export function meetings(about, { signal, follow }) {
    if (!may("meetings:read")) return null;
    const asks = withQuery("/v1/meetings", { ...about.narrow, sort: "-starts_at", limit: 20 });
    const place = pending(() => get(asks, signal), ({ data }) => (data.length === 0 ? quiet(t("No meetings yet."))
        : h("ul", { class: "papers" }, data.map((one) => drawMeeting(one, place.reload)))), { signal });
    follow(place.reload);
    const add = async () => askNew(await kindOf("meetings"), { given: about.given, onSaved: place.reload });
    return section(t("Meetings"), {}, place, may("meetings:write") && h("div", { class: "actions" },
        h("button", { type: "button", class: "small", onclick: add }, t("New meeting"))));
}

function drawMeeting(one, reload) {
    const { title, starts_at, location, status, cancel_reason, notes } = one;
    return h("li", {},
        h("p", { class: "badges" }, h("strong", { dir: "auto" }, title), statusBadge(status)),
        h("p", { class: "quiet" }, instantIn(starts_at, tenant().time_zone), location && [", ", outside(location)],
            cancel_reason && `; ${cancel_reason}`),
        notes && h("p", { class: "said", dir: "auto" }, notes),
        may("meetings:write") && h("div", { class: "actions" }, changes(one, reload)));
}

function changes(one, reload) {
    const path = `/v1/meetings/${encodeURIComponent(one.id)}`;
    const set = async (body) => {
        await call(path, { method: "PATCH", body, headers: { "If-Match": `"${one.version}"` } });
        await reload();
    };
    const mark = (status, said) => () => set({ status }).then(() => toast(said),
        (problem) => alarm(pair(t("Not saved"), whyNot(problem))));
    const edit = async () => {
        const kind = await kindOf("meetings");
        askEdit(kind, { ...await readRecord(kind, one.id), onSaved: reload });
    };
    const isOpen = one.status === "scheduled";
    return menuButton(t("Change"), () => [
        { text: t("Edit"), run: edit },
        isOpen && { text: t("Mark as held"), run: mark("done", t("Meeting held")) },
        isOpen && { text: t("They did not come"), run: mark("no_show", t("Noted: they did not come")) },
        isOpen && { text: t("Cancel meeting"), run: () => ask({
            title: t("Cancel meeting?"), action: t("Cancel meeting"), said: t("Meeting cancelled"),
            fields: [asked.text("cancel_reason", t("Reason"))], run: (body) => set({ ...body, status: "cancelled" }),
        }) },
    ], { class: "small", ...spokenAs(pair(t("Change"), one.title)) });
}

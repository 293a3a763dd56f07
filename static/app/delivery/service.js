import { call, get, may, withQuery } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { askEdit, askNew, readRecord } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { secondsOf } from "../records/show.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";

/** Shows the promises to a client, and the disturbances of the moment. */
export const service = (client, tools) => h("div", {}, promises(client, tools), incidents(client, tools));

function promises({ tier }, { signal }) {
    if (!may("sla_policies:read")) return null;
    const place = pending(() => get("/v1/sla-policies?limit=100", signal), ({ data }) => {
        const own = data.filter((one) => one.status !== "archived" && (!one.tier || one.tier === tier));
        if (!own.length) return quiet(t("No SLA targets hold for this client."));
        const cell = (label, value) => h("td", { "data-label": label }, value);
        return table(t("SLA targets"), [t("Target"), t("Priority"), t("First response time"), t("Resolution time")],
            own.map((one) => h("tr", {}, h("th", { scope: "row", dir: "auto" }, one.name),
                cell(t("Priority"), one.priority ? words(one.priority) : t("All")),
                cell(t("First response time"), span(one.first_response)),
                cell(t("Resolution time"), span(one.resolution)))), "stacked");
    }, { signal });
    return section(t("SLA targets"), {}, place);
}

const span = (text) => (secondsOf(text ?? "") ? lasting(secondsOf(text)) : "–");

function incidents(client, { signal, follow }) {
    if (!may("service_incidents:read")) return null;
    const load = async () => {
        const { data } = await get(withQuery("/v1/service-incidents", { sort: "-created_at", limit: 100 }), signal);
        return data.filter(({ client_id }) => client_id === null || client_id === client.id);
    };
    const place = pending(load, (found) => (found.length === 0 ? quiet(t("No incidents."))
        : h("ul", { class: "papers" }, found.map((one) => drawIncident(one, place.reload)))), { signal });
    follow(place.reload);
    const add = async () => askNew(await kindOf("service-incidents"),
        { given: { client_id: client.id }, title: t("Report incident"), onSaved: place.reload });
    return section(t("Incidents"), {}, place, may("service_incidents:write") && h("div", { class: "actions" },
        h("button", { type: "button", class: "small", onclick: add }, t("Report incident"))));
}

function drawIncident(one, changed) {
    const { id, version, title, text, status, client_id, created_at, resolution } = one;
    const path = `/v1/service-incidents/${encodeURIComponent(id)}`;
    const resolve = () => ask({
        title: t("Resolve incident"), action: t("Resolve"), said: t("Incident resolved"),
        fields: [asked.long("resolution", t("What was done"), { required: true })],
        run: (body) => call(path, { method: "PATCH", body: { ...body, status: "resolved" },
            headers: { "If-Match": `"${version}"` } }).then(changed),
    });
    const edit = async () => {
        const kind = await kindOf("service-incidents");
        askEdit(kind, { ...await readRecord(kind, id), onSaved: changed });
    };
    return h("li", {},
        h("p", { class: "badges" }, h("strong", { dir: "auto" }, title), statusBadge(status),
            client_id === null && badge(t("All clients"))),
        h("p", { class: "said", dir: "auto" }, text),
        resolution && h("p", { dir: "auto" }, resolution),
        h("p", { class: "quiet" }, ...pieces("Since {when}", { when: ago(created_at) })),
        may("service_incidents:write") && h("div", { class: "actions" }, status === "open"
            && h("button", { type: "button", class: "small", onclick: resolve }, t("Resolve")),
        menuButton(t("Change"), () => [
            { text: t("Edit"), run: edit },
            { text: t("Delete"), run: () => ask({
                title: t("Delete incident?"), action: t("Delete"), isGrave: true, text: t("This cannot be undone."),
                said: t("Incident deleted"), run: () => call(path, { method: "DELETE" }).then(changed),
            }) },
        ], { class: "small", ...spokenAs(pair(t("Change"), title)) })));
}

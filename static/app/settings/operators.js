import { call, get } from "../api.js";
import { ask } from "../controls/controls.js";
import { paged, toTable } from "../paging.js";
import { confirm } from "../../ui/dialog.js";
import { badge, doing, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { field } from "../../ui/field.js";
import { number, words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { shownOnce } from "./keys.js";
import { countries, countryName, currencies, languageName, languageOptions, timeZones } from "./world.js";

const path = (id) => `/v1/admin/tenants/${encodeURIComponent(id)}`;

/** The agencies of the installation, for whoever runs it. */
export function agencies({ id, signal }) {
    if (id) return oneAgency(id, signal);
    const page = (cursor) => get(`/v1/admin/tenants?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
        signal);
    const search = field(t("Search agencies"), "q", { type: "search" });
    const place = pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("No agency is here yet. Create the first one, or let it sign up."));
        const list = table(t("Agencies"), [t("Agency"), t("Status"), t("Country"), t("Since")], first.data.map(row),
            "stacked");
        const narrow = () => {
            const said = search.querySelector("input").value.trim().toLowerCase();
            for (const one of list.tBodies[0].rows) one.hidden = !one.textContent.toLowerCase().includes(said);
        };
        search.oninput = narrow;
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    return [
        h("div", { class: "actions lead" }, h("button", { type: "button", class: "primary", "data-key": "n",
            onclick: () => newAgency(place.reload) }, t("New agency"))),
        quiet(t("You see that an agency is there, and its settings; its leads and messages stay its own.")), search,
        place,
    ];
}

const row = (one) => h("tr", {},
    h("th", { scope: "row" }, h("a", { href: `#/settings/agencies/${encodeURIComponent(one.id)}`, dir: "auto" },
        one.name),
        h("span", { class: "evidence" }, one.slug)),
    h("td", {}, statusBadge(one.status)), h("td", { "data-label": t("Country") }, one.country
        ? countryName(one.country) : "–"),
    h("td", { "data-label": t("Since") }, ago(one.created_at)));

function oneAgency(id, signal) {
    const place = pending(() => get(path(id), signal), (one) => {
        const trouble = h("div"), isActive = one.status === "active";
        document.title = `${one.name} – ${t("Agencies")} – Bureau`;
        const act = (label, verb, told, question) => doing(label, async () => {
            if (question && !await confirm(question)) return;
            await call(`${path(id)}/${verb}`, { method: "POST" });
            toast(told);
            await place.reload();
        }, { place: trouble });
        return [
            h("p", { class: "links" }, h("a", { href: "#/settings/agencies" }, t("Agencies"))),
            h("div", { class: "heading" }, h("h2", { dir: "auto" }, one.name), h("div", { class: "actions" },
                h("button", { type: "button", onclick: () => limits(one, place.reload) }, t("Set limits")),
                isActive ? act(t("Suspend agency"), "suspend", t("The agency is suspended"), {
                    title: t("Suspend {agency}?", { agency: one.name }), action: t("Suspend agency"), isGrave: true,
                    text: t("Nobody of it can sign in, its keys are refused and its agents stop, until you reopen it."),
                }) : act(t("Reopen agency"), "resume", t("The agency is open again")))),
            trouble, h("p", { class: "badges" }, badge(words(one.status), isActive ? "good" : "bad")),
            section(t("Details"), {}, facts([
                [t("Name at sign-in"), one.slug], [t("Country"), one.country && countryName(one.country)], [t("Time zone"), one.time_zone],
                [t("Currency"), one.currency], [t("Language"), one.locale && languageName(one.locale)], [t("Since"), ago(one.created_at)],
                [t("Requests a minute"), one.requests_per_minute ? number(one.requests_per_minute)
                    : t("As configured")],
                [t("Portal address"), one.portal_host],
            ])),
        ];
    }, { signal });
    return place;
}

/** Creates an agency, and shows the link with which its owner chooses a password: once, and to the operator alone. */
function newAgency(onSaved) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const { close } = ask({
        title: t("New agency"), action: t("Create agency"), onSaved,
        values: { time_zone: zone, currency: "EUR", locale: document.documentElement.lang || "en" },
        fields: [
            { name: "name", label: t("Name"), required: true, maxlength: 200 },
            { name: "owner_email", label: t("Owner's email"), inputType: "email", required: true,
                help: t("The person who has this address owns the agency, and chooses a password by a link.") },
            { name: "country", label: t("Country"), type: "choice", options: countries(), none: t("Not chosen") },
            { name: "time_zone", label: t("Time zone"), type: "choice", required: true, options: timeZones(zone) },
            { name: "currency", label: t("Currency"), type: "choice", required: true, options: currencies() },
            { name: "locale", label: t("Language"), type: "choice", required: true, options: languageOptions() },
        ],
        async save({ values }) {
            const made = await (await call("/v1/admin/tenants", { method: "POST", body: values })).json();
            toast(t("{name} is created", { name: made.name }));
            return h("div", {}, h("p", {}, t(
                "Send {email} this link, which works once and for a week. It is not shown again.",
                { email: values.owner_email })), shownOnce(t("Link for the owner"), made.owner_link, close));
        },
    });
}

const limits = (one, onSaved) => ask({
    title: t("Set limits"), values: one, told: t("Limits saved"), onSaved, fields: [
        { name: "requests_per_minute", label: t("Requests a minute"), type: "number", isWhole: true,
            help: t("Of one person or key. Empty: as the installation is configured.") },
    ],
    async save({ values }) {
        await call(`${path(one.id)}/limits`, { method: "PATCH", body: values });
    },
});

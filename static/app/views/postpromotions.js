import { get, may } from "../api.js";
import { ask, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { h, pending, section } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

const pathOf = ({ id }) => `/v1/post-promotions/${encodeURIComponent(id)}`;
const isOver = ({ status }) => ["stopped", "ended", "failed"].includes(status);

/** Posts that are shown for money: they run once somebody says so, and what they bring stands beside the post's own. */
export const { list, newRecord, record, editRecord } = pagesOf("post-promotions", {
    record: {
        actions: (one, { reload }) => [
            may("campaigns:spend") && ["ready", "stopped"].includes(one.status) && one.ad_remote_id
                && h("button", { type: "button", class: "primary", onclick: () => askStart(one, reload) },
                    t("Start")),
            may("campaigns:write") && !isOver(one) && h("button", { type: "button",
                onclick: () => askStop(one, reload) }, t("Stop")),
            may("campaigns:write") && !isOver(one) && one.status !== "ready" && h("button", { type: "button",
                onclick: () => operate(`${pathOf(one)}/refresh`).then(reload) }, t("Ask the service")),
        ],
        panels(one, { signal, follow }) {
            const place = pending(() => get(`${pathOf(one)}/results`, signal), drawResults, { signal });
            follow(() => place.reload());
            return section(t("Results"), {}, place);
        },
    },
});

function askStart(one, reload) {
    ask({
        title: t("Show the post for money?"), action: t("Start"), said: t("The advertisement is being started"),
        text: t("It spends within the budget of its campaign, and ends by itself."),
        run: () => operate(`${pathOf(one)}/start`, { version: one.version }).then(reload),
    });
}

function askStop(one, reload) {
    ask({
        title: t("Stop showing the post for money?"), action: t("Stop"), said: t("The advertisement is being stopped"),
        text: t("The post itself stays."), isGrave: true,
        // It is to stop, whatever the service has told meanwhile.
        run: () => operate(`${pathOf(one)}/stop`).then(reload),
    });
}

const rows = () => [
    ["impressions", t("Impressions")], ["reach", t("Reach")], ["clicks", t("Clicks")], ["likes", t("Likes")],
    ["comments", t("Comments")], ["shares", t("Shares")],
];

function drawResults({ paid, organic }) {
    const told = (value) => (typeof value === "number" ? number(value) : "–");
    return table(t("Results"), ["", figure(t("For money")), figure(t("By itself"))], [
        h("tr", {}, h("th", { scope: "row" }, t("Spent")),
            cell(t("For money"), paid.spend ? money(paid.spend) : "–"), cell(t("By itself"), "–")),
        ...rows().filter(([name]) => paid[name] ?? organic?.[name] ?? null).map(([name, label]) =>
            h("tr", {}, h("th", { scope: "row" }, label), cell(t("For money"), told(paid[name])),
                cell(t("By itself"), told(organic?.[name])))),
    ], "stacked");
}

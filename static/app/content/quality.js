import { call, may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { badge, doing, fill, h, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { moment } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const tones = { error: "bad", warning: "warn", note: "" };

/** Shows the findings about a content item, with its score: looked at anew, or let pass. */
export function quality(item, tools) {
    const place = h("div"), show = (record) => fill(place, report(record, tools));
    show(item);
    tools.follow(show);
    return section(t("Quality"), {}, place);
}

function report({ id, quality: found }, { kind, reload }) {
    const path = `/v1/content-items/${encodeURIComponent(id)}`, notice = h("div");
    const check = async () => {
        await call(`${path}/check`, { method: "POST" });
        await reload();
    };
    return [
        found ? draw(found, { kind, reload, id }) : quiet(t("Nobody has looked at it yet.")),
        kind.mayWrite && doing(found ? t("Check again") : t("Check"), check, { place: notice }), notice,
    ];
}

function draw({ score, findings, checked_at: at }, tools) {
    const said = t("{score} of 100 points, {time}", { score: number(score), time: moment(at) });
    if (findings.length === 0) return quiet(said);
    return [
        quiet(said),
        table(t("Findings"), [t("Finding"), t("What to do"), ""], findings.map((one) => row(one, tools)), "stacked"),
    ];
}

function row(finding, tools) {
    return h("tr", {},
        h("th", { scope: "row" }, badge(words(finding.code), finding.overridden ? "" : tones[finding.severity]),
            " ", h("span", { dir: "auto" }, finding.detail)),
        h("td", { "data-label": t("What to do") }, finding.overridden ? t("It was let pass.") : finding.suggestion),
        h("td", {}, turn(finding, tools)));
}

/** An error is let pass by those alone who may approve. */
function turn({ code, severity, evidence, overridden }, { kind, reload, id }) {
    if (!kind.mayWrite || (severity === "error" && !may("approvals:decide"))) return null;
    const place = `/v1/content-items/${encodeURIComponent(id)}/findings/${encodeURIComponent(code)}/override`;
    if (overridden) {
        const notice = h("div");
        const lookAgain = async () => {
            await call(place, { method: "DELETE" });
            await reload();
        };
        return [doing(t("Check again"), lookAgain, { place: notice }), notice];
    }
    const letPass = () => ask({
        title: t("Let it pass?"), action: t("Let it pass"), said: t("It was let pass."),
        text: t("It costs no points any more, wherever in the piece these words are."),
        fields: [asked.text("reason", t("Reason"), { required: true })],
        async run(body) {
            await operate(place, { body: { ...body, evidence } });
            await reload();
        },
    });
    return h("button", { type: "button", onclick: letPass }, t("Let it pass"));
}

import { keepInAddress } from "../address.js";
import { call, get, may, withQuery } from "../api.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { ask, asked } from "../records/ask.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { named } from "../records/naming.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { confirm } from "../../ui/dialog.js";
import { h, pending, quiet, whyNot } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { number } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pair, plural, t } from "../../ui/words.js";

const of = ({ id }) => `/v1/knowledge-gaps/${encodeURIComponent(id)}`;

/** Questions that no article has answered, and the way from each to one. */
export function gaps({ query, signal }) {
    let status = query.status ?? "open";
    const page = (cursor) => get(withQuery("/v1/knowledge-gaps", {
        status: status === "all" ? "" : status, limit: 50, cursor, total: cursor ? "" : "true",
    }), signal);
    const place = pending(() => page(), (first) => draw(first, page, () => place.reload()), { signal });
    live("knowledge_gap.*,article.*", () => isBeyond(place) || document.querySelector("dialog[open]")
        || place.reload(), signal);
    const show = field(t("Show"), "status", { control: "select", value: status,
        options: [["open", t("Open")], ["closed", t("Closed")], ["all", t("All")]] });
    show.addEventListener("change", ({ target }) => {
        status = target.value;
        keepInAddress({ status });
        place.reload();
    });
    return h("div", {}, h("div", { class: "toolbar slim" }, show), place);
}

function draw(first, page, reload) {
    if (!first.data.length) {
        return empty(t("No gaps"), {
            about: t("A question that agents find no article for is listed here."),
            ways: h("a", { href: "#/articles?as=ask" }, t("Ask the articles")),
        });
    }
    const row = (gap) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, gap.question),
        cell(t("Asked"), number(gap.asked)),
        h("td", { "data-label": t("Last asked") }, ago(gap.last_asked_at)),
        h("td", {}, statusBadge(gap.status),
            gap.article_id && [" ", named("articles", gap.article_id)]),
        h("td", {}, may("knowledge_gaps:write") && buttons(gap, reload)));
    const all = table(t("Knowledge gaps"), [t("Question"), figure(t("Asked")), t("Last asked"),
        t("Status"),
        ""], first.data.map(row), "leads stacked");
    return [quiet(plural(first.total, "{count} question", "{count} questions")), h("div", { class: "scroll" }, all),
        paged(first, page, toTable(all, row))];
}

function buttons(gap, reload) {
    const button = (text, run) => h("button", { type: "button", class: "small", onclick: run,
        ...spokenAs(pair(text, gap.question)) }, text);
    const save = async (body, said) => {
        await call(of(gap), { method: "PATCH", body });
        toast(said);
        await reload();
    };
    const told = (run) => run.catch((problem) => alarm(t("Not done. {why}", { why: whyNot(problem) })));
    if (gap.status === "closed") {
        return h("div", { class: "actions" },
            button(t("Reopen gap"), () => told(save({ status: "open" }, t("Gap reopened")))),
            button(t("Delete"), () => remove(gap, reload)));
    }
    return h("div", { class: "actions" },
        may("articles:write") && button(t("Write article"), async () => askNew(await kindOf("articles"), {
            given: { title: gap.question, wordings: [gap.question] },
            onSaved: (article) => save({ status: "closed", article_id: article.id }, t("Gap closed")),
        })),
        button(t("Choose article"), () => ask({
            title: t("Choose article"), action: t("Close gap"), text: gap.question,
            fields: [asked.record("article_id", t("Article"), "articles", { required: true })],
            run: ({ article_id }) => save({ status: "closed", article_id }, t("Gap closed")),
        })),
        button(t("Close gap"), () => told(save({ status: "closed" }, t("Gap closed")))));
}

async function remove(gap, reload) {
    const isMeant = await confirm({ title: t("Delete gap?"), text: gap.question, action: t("Delete"), isGrave: true });
    if (!isMeant) return;
    await call(of(gap), { method: "DELETE" }).then(() => toast(t("Gap deleted")),
        (problem) => alarm(t("Not deleted. {why}", { why: whyNot(problem) })));
    await reload();
}

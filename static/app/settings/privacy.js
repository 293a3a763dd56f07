import { call, may } from "../api.js";
import { controlForm } from "../controls/controls.js";
import { fill, h, quiet, section } from "../dom.js";
import { number, words } from "../format.js";
import { pair, t } from "../words.js";
import { confirm } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

const whom = () => ({ name: "email", label: t("Email"), inputType: "email", required: true });

/** What is known of a person is handed out, or erased, as the law has it; what was done is told. */
export const privacyRequests = () => [
    may("privacy:export") && section(t("Hand out"), { class: "narrow-form" },
        quiet(t("Everything that is known of a person, as a file. The law gives you a month for it.")), exporter()),
    may("privacy:erase") && section(t("Erase"), { class: "narrow-form" },
        quiet(t("Name, address and words of a person go from every record. What the law wants kept stays.")), eraser()),
    h("p", { class: "links" }, may("audit:read") && h("a", { href: "#/settings/audit-log" },
        t("What was handed out and erased is in the audit log")), h("a", { href: "#/settings/suppressions" },
        t("Suppressions"))),
];

function exporter() {
    const done = h("div");
    return [controlForm({ action: t("Export"), isPrimary: false, fields: [whom()], async save({ values }) {
        const answer = await (await call("/v1/privacy/export", { method: "POST", body: values })).json();
        const blob = new Blob([JSON.stringify(answer, null, 2)], { type: "application/json" });
        const url = URL.createObjectURL(blob);
        h("a", { href: url, download: t("person.json") }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
        toast(t("The file is saved"));
        fill(done, report(t("Handed out for {email}", { email: values.email }), answer));
    } }), done];
}

function eraser() {
    const done = h("div");
    return [controlForm({ action: t("Erase person"), isPrimary: false, fields: [whom()], async save({ values }) {
        const isMeant = await confirm({
            title: t("Erase this person?"), action: t("Erase person"), isGrave: true,
            text: t("{email} is erased everywhere. This cannot be undone.", { email: values.email }),
        });
        if (!isMeant) return;
        const answer = await (await call("/v1/privacy/erase", { method: "POST", body: values })).json();
        toast(t("The person is erased"));
        fill(done, report(t("Erased: {email}", { email: values.email }), answer));
    } }), done];
}

/** How much of each kind was handed out or erased, and what is kept by law. */
function report(title, answer) {
    const all = Object.entries(answer.data ?? answer.erased ?? {})
        .map(([name, each]) => [name, Array.isArray(each) ? each.length : each]).filter(([, count]) => count > 0);
    return h("div", { class: "notice good", role: "status" }, h("p", {}, h("strong", {}, title)),
        all.length > 0 && h("ul", {}, all.map(([name, count]) => h("li", {}, pair(words(name), number(count))))),
        answer.kept?.length > 0 && [h("p", {}, t("Kept, and why:")),
            h("ul", {}, answer.kept.map(({ what, reason }) => h("li", {}, pair(words(what), reason))))],
        !all.length && quiet(t("There was nothing besides the person's own record.")));
}

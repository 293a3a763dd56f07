import { call } from "../api.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { within, words } from "../format.js";
import { openStages } from "../stages.js";
import { t } from "../words.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";

/** Moves a deal, unless somebody has changed it since it was read. */
export async function moveDeal(deal, stage, more = {}) {
    const path = `/v1/deals/${encodeURIComponent(deal.id)}`;
    await call(path, { method: "PATCH", body: { stage, ...more }, headers: { "If-Match": `"${deal.version}"` } });
    toast(t("{name} moved to {stage}", { name: deal.name, stage: within(stage) }));
}

/** Where a deal can go: won is final, and what was lost can be opened again. */
function goals({ stage }) {
    if (stage === "won") return [];
    return (stage === "lost" ? openStages : [...openStages, "won", "lost"]).filter((one) => one !== stage);
}

/** Moves a deal to a stage after asking what the stage has to know; `moved` is told afterwards. */
export async function bring(deal, stage, moved) {
    const go = async (more) => {
        try {
            await moveDeal(deal, stage, more);
        } catch (problem) {
            const why = problem.status === 412 ? t("someone else has changed this deal.") : problem.detail;
            toast(t("Not moved: {why}", { why }));
        }
        await moved();
    };
    if (stage === "lost") return askLost(deal, go);
    const isMeant = stage !== "won" || await confirm({
        title: t("Mark as won?"), text: t("A won deal cannot be moved again."), action: t("Mark as won"),
    });
    if (isMeant) await go();
}

function askLost(deal, go) {
    const { close } = dialog({
        title: t("Mark {name} as lost", { name: deal.name }),
        content: () => form({ action: t("Mark as lost"), async submit({ lost_reason }) {
            const reason = lost_reason.trim();
            if (!reason) throw { errors: [{ pointer: "/lost_reason", detail: t("Enter a reason.") }] };
            close();
            await go({ lost_reason: reason });
        } }, field(t("Lost reason"), "lost_reason", { control: "textarea", rows: 2, required: true, autofocus: true })),
    });
}

/** A menu of the stages that a deal can go to. */
export function mover(deal, moved) {
    if (!goals(deal).length) return null;
    return menuButton([t("Move"), h("span", { class: "unseen" }, ` ${deal.name}`)], () => goals(deal).map((stage) => ({
        text: words(stage), run: () => bring(deal, stage, moved),
    })), { class: "small", "data-key": "m" });
}

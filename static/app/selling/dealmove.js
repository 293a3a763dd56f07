import { kindOf } from "../records/meta.js";
import { changeRecord } from "../records/save.js";
import { openStages } from "../stages.js";
import { alarm } from "../../ui/alarm.js";
import { putCard } from "../../ui/board.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { h, whyNot } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { within, words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/** Moves a deal, unless somebody has moved it since it was read; without a line, once there is one. */
async function moveDeal(deal, stage, more = {}) {
    const found = await changeRecord(await kindOf("deals"), { record: deal, body: { stage, ...more } });
    const told = { name: deal.name, stage: within(stage) };
    if (found.both) alarm(t("Not moved: {why}", { why: t("someone else has changed this deal.") }));
    else toast(found.isKept ? t("Kept until you are online again") : t("{name} moved to {stage}", told));
}

/** Where a deal can go: won is final, and what was lost can be opened again. */
function goals({ stage }) {
    if (stage === "won") return [];
    return (stage === "lost" ? openStages : [...openStages, "won", "lost"]).filter((one) => one !== stage);
}

/** Moves a deal to a stage after asking what the stage has to know; `moved` is told afterwards. */
export async function bring(deal, stage, moved) {
    const go = async (more) => {
        putCard(deal.id, stage);
        try {
            await moveDeal(deal, stage, more);
        } catch (problem) {
            alarm(t("Not moved: {why}", { why: whyNot(problem) }));
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

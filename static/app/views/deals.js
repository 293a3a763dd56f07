import { get, may, withQuery } from "../api.js";
import { nothingOnBoard } from "../records/nothing.js";
import { pagesOf } from "../records/pages.js";
import { dealPapers, paperMaker } from "../selling/dealpapers.js";
import { dealConversations } from "../selling/dealconversations.js";
import { outreachTasks } from "../selling/enroll.js";
import { drawForecast } from "../selling/forecast.js";
import { meetings } from "../selling/meetings.js";
import { negotiation } from "../selling/negotiation.js";
import { askPackage } from "../selling/recommend.js";
import { live } from "../stream.js";
import { board } from "../selling/dealboard.js";
import { dealStep } from "../selling/dealstep.js";
import { mover } from "../selling/dealmove.js";
import { focusCard } from "../../ui/board.js";
import { pending, section } from "../../ui/dom.js";
import { openIn } from "../../ui/state.js";
import { t } from "../../ui/words.js";

const cardsMax = 200;
const early = ["outreach", "needs_assessment", "proposal_created"];

/** Deals: a list, a board of the stages, and what is special about one. */
export const { list, newRecord, record, editRecord } = pagesOf("deals", {
    list: { tabs: [{ name: "board", get text() { return t("Board"); }, draw: drawBoard }] },
    record: {
        facts: ["stage", "has_own_probability", "needs", "lost_reason"],
        without: ["proposals", "contracts", "meetings"],
        lead: dealStep,
        actions: (deal, tools) => [
            deal.stage !== "lost" && paperMaker("proposals", t("New proposal"),
                { lead_id: deal.lead_id, package_id: deal.package_id ?? undefined }, tools,
                early.includes(deal.stage) && "primary"),
            tools.kind.mayWrite && mover(deal, tools.reload),
        ],
        menu: (deal, tools) => [
            may("packages:read") && { text: t("Recommend a package"), run: () => askPackage(deal, tools) },
        ],
        panels: (deal, tools) => [
            dealPapers(deal, tools), negotiation(deal, tools),
            meetings({ narrow: { deal_id: deal.id },
                given: { deal_id: deal.id, contact_id: deal.contact_id ?? undefined } }, tools),
            may("sequences:read") && section(t("Tasks"), {}, outreachTasks({ lead_id: deal.lead_id }, tools)),
            dealConversations(deal, tools),
        ],
    },
});

function drawBoard({ signal }) {
    const load = async () => {
        const found = await get(withQuery("/v1/pipeline", { per_stage: cardsMax }), signal);
        const isEmpty = found.stages.every(({ deals }) => deals === 0);
        return { found, nothing: await nothingOnBoard("deals", { isEmpty, signal }) };
    };
    const place = pending(load, ({ found, nothing }) =>
        nothing ?? [board(found, cardsMax, moved), drawForecast(found)], { signal });
    async function moved(id) {
        await place.reload();
        // The keyboard goes with the card.
        focusCard(place, id);
    }
    const isAtWork = () => openIn(place) || place.querySelector(".carried")
        || document.querySelector("dialog[open], [role=menu]:not([hidden])");
    live("deal.*", () => isAtWork() || place.reload(), signal);
    return place;
}

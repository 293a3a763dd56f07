import { proposeSegments } from "../campaigns/clusters.js";
import { filterControl, standard } from "../content/filter.js";
import { filterInWords } from "../content/filterwords.js";
import { members } from "../content/members.js";
import { questionsOf } from "../content/questions.js";
import { pagesOf } from "../records/pages.js";
import { h, pending, section } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Segments: some of the leads, contacts or clients, and who they are. */
export const { list, newRecord, record, editRecord } = pagesOf("segments", {
    controls: { filter: filterControl },
    list: {
        given: { of: standard },
        actions: () => h("button", { type: "button", onclick: proposeSegments }, t("Propose segments")),
    },
    record: { facts: ["filter"], panels: (segment, tools) => [rule(segment, tools), members(segment, tools)] },
});

/** Shows what the members of a segment have in common; one that is filled by hand has no such rule. */
function rule(segment, { signal, follow }) {
    if (segment.static) return null;
    let now = segment;
    const place = pending(() => questionsOf(now.of), (questions) => filterInWords(now.filter, questions), { signal });
    follow((next) => {
        now = next;
        place.reload();
    });
    return section(t("Filter"), {}, place);
}

import { may } from "../api.js";
import { ask, asked, operate } from "./ask.js";
import { nameOf } from "./meta.js";
import { alarm } from "../../ui/alarm.js";
import { whyNot } from "../../ui/dom.js";
import { toast } from "../../ui/toast.js";
import { pair, t } from "../../ui/words.js";

const at = encodeURIComponent;

/** The kinds of records of which one can be made of two. */
const kinds = {
    leads: {
        merge: (keep, merge) => operate("/v1/leads/merge", { body: { keep, merge } }),
        undo: (id) => operate(`/v1/leads/merges/${at(id)}/undo`),
    },
    contacts: {
        merge: (keep, merge) => operate(`/v1/contacts/${at(keep)}/merge`, { body: { merge } }),
        undo: (id) => operate(`/v1/contacts/merges/${at(id)}/undo`),
    },
    companies: {
        merge: (keep, merge) => operate(`/v1/companies/${at(keep)}/merge`, { body: { merge } }),
        undo: (id) => operate(`/v1/companies/merges/${at(id)}/undo`),
    },
};

export const mayMerge = (plural) => plural in kinds && may(`${plural}:write`);

/** Makes one record of two; the one that is left can be opened, and the merge be taken back. */
export async function merge(plural, keep, other, changed) {
    const { merge_id } = await kinds[plural].merge(keep, [other]);
    const said = plural === "leads" ? t("Leads merged") : t("Records merged");
    toast(said, { text: t("Undo"), run: () => undo(plural, merge_id, changed) });
    await changed();
}

async function undo(plural, id, changed) {
    try {
        await kinds[plural].undo(id);
        toast(t("Merge undone"));
        await changed();
    } catch (problem) {
        alarm(pair(t("Not undone"), whyNot(problem)));
    }
}

/** The way from a record's menu to a merge with another one. */
export const mergeItem = (plural) => (record, { kind, reload }) => mayMerge(plural)
    && { text: t("Merge with another one"), run: () => askMerge(kind, record, reload) };

/** Asks with which record another one is to become one. */
function askMerge(kind, record, changed) {
    ask({
        title: t("Merge {thing}", { thing: kind.singular }), action: t("Merge"),
        text: t("{name} stays and takes over what only the other one has. You can undo this.",
            { name: nameOf(kind, record) }),
        fields: [asked.record("other", t("The other"), kind.plural, { required: true })],
        run: ({ other }) => merge(kind.plural, record.id, other, changed),
    });
}

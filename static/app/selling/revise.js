import { call } from "../api.js";
import { ask } from "../records/ask.js";
import { addressOf, nameOf } from "../records/meta.js";
import { t } from "../../ui/words.js";

/** Makes a new draft with the words of a paper that was sent, which stays as it is; `carried` fields go along. */
export function revise(kind, record, carried) {
    const known = carried.map((name) => [name, record[name]])
        .filter(([, value]) => value !== null && value !== undefined);
    ask({
        title: t("Revise {name}", { name: nameOf(kind, record) }), action: t("Make a new draft"),
        text: t("What was sent stays as it is. You get a draft with the same content, to change and send."),
        said: t("Draft created"),
        async run() {
            const answer = await call(kind.path, { method: "POST", body: Object.fromEntries(known) });
            const { id } = await answer.json();
            location.hash = addressOf(kind, id).slice(1);
        },
    });
}

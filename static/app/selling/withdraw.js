import { ask, asked, operate } from "../records/ask.js";
import { nameOf } from "../records/meta.js";
import { t } from "../../ui/words.js";

const isUnanswered = ({ status }) => status === "sent" || status === "viewed";

/** The entry of a menu that takes back a paper which was sent and is not answered yet; nothing where there is none. */
export const withdrawal = (record, { kind, reload }) => kind.mayWrite && isUnanswered(record)
    && { text: t("Withdraw"), run: () => askWithdraw(record, kind, reload) };

function askWithdraw(record, kind, changed) {
    const { id, version } = record;
    ask({
        title: t("Withdraw {name}?", { name: nameOf(kind, record) }), action: t("Withdraw"), isGrave: true,
        text: t("Its page says that it was withdrawn, and nobody can answer it any more. This cannot be undone."),
        fields: [asked.text("reason", t("Reason"),
            { help: t("For you and your colleagues: the client never sees it.") })],
        said: t("Withdrawn"),
        async run(body) {
            await operate(`${kind.path}/${encodeURIComponent(id)}/withdraw`, { version, body });
            await changed();
        },
    });
}

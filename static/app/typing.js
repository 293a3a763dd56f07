import { whoAmI } from "./api.js";
import { fill, h } from "../ui/dom.js";
import { talking } from "../ui/state.js";
import { t } from "../ui/words.js";

/**
 * Names who types, as colleagues call them: an agent without a name of its own comes under the agency's, and has a
 * part to play.
 */
const nameOf = ({ type, name }) =>
    ({ agent: t("The agent"), api_key: t("An integration"), contact: name || t("A visitor") })[type]
        ?? (name || t("A colleague"));

/** Says who types in a conversation, for as long as each sign holds; a screen reader hears it once. */
export function typingLine(id, signal) {
    const place = h("p", { class: "quiet", ...talking });
    let timer, shown = "", own = null;
    whoAmI().then(({ user }) => { own = user?.id; }).catch(() => {});
    const show = (text) => {
        if (text !== shown) fill(place, text);
        shown = text;
    };
    const end = () => {
        clearTimeout(timer);
        show("");
    };
    signal.addEventListener("abort", end);
    return {
        place, end,
        take({ type, data }) {
            const { author, seconds } = data.data;
            // One's own signs come back, too.
            if (type !== "conversation.typing" || data.subject.id !== id || (own && author.id === own)) return;
            clearTimeout(timer);
            show(t("{name} is typing…", { name: nameOf(author) }));
            timer = setTimeout(end, seconds * 1000);
        },
    };
}

import { get, withQuery } from "../api.js";
import { drawPreview } from "../campaigns/previews.js";
import { operate } from "../records/ask.js";
import { dialog } from "../../ui/dialog.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { t } from "../../ui/words.js";
import { titleOf } from "./entries.js";

/** The most posts that are shown beside each other. */
const most = 12;

const pathOf = (id) => `/v1/social-posts/${encodeURIComponent(id)}`;

/** Shows an entry as each network will: the posts of its piece, or those of the same words, side by side. */
export function showPreviews(one, entries) {
    dialog({ title: t("{thing} on the networks", { thing: titleOf(one) }), wide: true, content: () =>
        pending(() => read(one, entries), draw) });
}

async function read(one, entries) {
    const [accounts, networks, posts] = await Promise.all([
        get("/v1/social-accounts?limit=200&fields=id,name,network"), get("/v1/social-networks?limit=200"),
        postsOf(one, entries),
    ]);
    const byID = new Map(accounts.data.map((account) => [account.id, account]));
    const seen = posts.filter(({ status, account_id: id }) => status !== "cancelled" && byID.has(id)).slice(0, most);
    const checks = await Promise.all(seen.map(({ id }) => operate(`${pathOf(id)}/check`)));
    return { byID, networks: new Map(networks.data.map((rules) => [rules.network, rules])),
        shown: seen.map((post, index) => ({ post, check: checks[index] })) };
}

async function postsOf({ kind, id, title }, entries) {
    const post = kind === "post" ? await get(pathOf(id)) : null, piece = post ? post.content_item_id : id;
    if (piece) return (await get(withQuery("/v1/social-posts", { content_item_id: piece, limit: most }))).data;
    const others = entries.filter((other) => other.kind === "post" && other.id !== id && other.title === title);
    return [post, ...await Promise.all(others.slice(0, most).map((other) => get(pathOf(other.id))))];
}

function draw({ byID, networks, shown }) {
    if (!shown.length) return quiet(t("No post is made of it yet."));
    return h("div", { class: "previews" }, shown.map(({ post, check }) => drawPreview(
        { ...check, account_id: post.account_id, network: byID.get(post.account_id).network }, post,
        (id) => byID.get(id).name, networks)));
}

import { get, may } from "../api.js";
import { composerDraft } from "../campaigns/composer.js";
import { keepDraft } from "../drafts.js";
import { operate } from "../records/ask.js";
import { dialog } from "../../ui/dialog.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { within, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/**
 * Offers what of a piece stands at each network: whole sentences, threads and hashtags that fit, each to be written
 * on.
 */
export const adaptingMenu = (item) => (may("social_posts:write") && may("social_accounts:read") && item.body
    && item.status !== "archived" ? [{ text: t("Make posts of it"), run: () => propose(item) }] : []);

function propose(item) {
    const load = async () => {
        const { data } = await get("/v1/social-accounts?limit=200&fields=id,name,network");
        const networks = [...new Set(data.map(({ network }) => network))];
        if (!networks.length) return { variants: [], accounts: [] };
        const { variants } = await operate(`/v1/content-items/${encodeURIComponent(item.id)}/adapt`,
            { body: { networks } });
        return { variants, accounts: data };
    };
    const { close } = dialog({ title: t("Posts of {title}", { title: item.title }), wide: true, content: () =>
        pending(load, ({ variants, accounts }) => (variants.length
            ? h("div", { class: "previews" }, variants.map((one) => draw(one, item, accounts, () => close())))
            : quiet(t("Add a social account first: posts are made for the networks that you are on.")))) });
}

function draw({ network, format, text, thread = [], warnings = [] }, item, accounts, close) {
    const write = () => {
        keepDraft(composerDraft, {
            account_ids: accounts.filter((one) => one.network === network).map(({ id }) => id),
            text, format, thread, content_item_id: item.id, campaign_id: item.campaign_id, when: "draft",
        });
        close();
        location.hash = "/social-posts/new";
    };
    return h("article", { class: "network-preview", ...spokenAs(words(network)) },
        h("header", {}, h("strong", {}, words(network)), h("span", { class: "soft" }, words(format))),
        [text, ...thread].map((part) => h("div", { class: "part" }, h("p", { class: "words", dir: "auto" }, part))),
        warnings.length > 0 && h("ul", { class: "preview-faults" }, warnings.map((one) =>
            h("li", {}, one.detail ?? within(one.code ?? one)))),
        h("p", { class: "actions" }, h("button", { type: "button", class: "small", onclick: write },
            t("Write this post"))));
}

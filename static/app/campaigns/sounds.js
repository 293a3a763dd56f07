import { get, withQuery } from "../api.js";
import { linkTo } from "../places.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** The sounds and effects that a film may stand with, those first with which films of the account have done best. */
export function postSounds(one, { signal }) {
    if (one.by_hand !== "sound" || one.status === "published") return null;
    const load = () => Promise.all([
        get(`/v1/social-posts/${encodeURIComponent(one.id)}/sounds?limit=200`, signal),
        get(withQuery("/v1/sound-figures", { account_id: one.account_id }), signal),
    ]);
    return section(t("Sounds and effects that it may have"), {}, pending(load, drawSounds, { signal }));
}

function drawSounds([{ data }, { sounds }]) {
    if (!data.length) return quiet(t("None is kept: choose one in the app that you may use."));
    const known = new Map(sounds.map((told) => [told.sound_id, told]));
    const rows = data.map((sound) => ({ sound, told: known.get(sound.id) }))
        .toSorted((one, other) => (other.told?.lift ?? 1) - (one.told?.lift ?? 1));
    return table(t("Sounds and effects that it may have"), [
        t("Sound"), t("Kind"), t("Licence"), figure(t("Posts")), figure(t("Beside the mean")),
    ], rows.map(({ sound, told }) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, linkTo({ type: "sound", id: sound.id }, sound.name)),
        h("td", { "data-label": t("Kind") }, words(sound.kind)),
        h("td", { "data-label": t("Licence"), dir: "auto" }, sound.licence),
        cell(t("Posts"), number(told?.posts ?? 0)),
        cell(t("Beside the mean"), told ? percent(told.lift) : "—"))), "stacked");
}

import { call, get, may } from "../api.js";
import { fill, h, quiet, section } from "../../ui/dom.js";
import { inWords } from "../../ui/form.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { dataURL } from "../../ui/upload.js";
import { t, wrong } from "../../ui/words.js";

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const known = new Map();

/** A picture of a post as it stands at its network, or the name of the file. */
function picture({ file_id: id, alt_text: alt, name }) {
    const place = h("span", { class: "pic" }, name ?? "…");
    if (!may("files:read")) return place;
    if (!known.has(id)) known.set(id, load(id));
    known.get(id).then((url) => url && fill(place, h("img", { src: url, alt: alt || name || t("Picture") })));
    return place;
}

async function load(id) {
    const path = `/v1/files/${encodeURIComponent(id)}`, file = await get(path).catch(() => null);
    if (!file || !pictures.has(file.media_type) || file.size > 8_000_000) return null;
    return dataURL(await (await call(`${path}/content`)).blob(), file.media_type);
}

/** Shows the post as it would stand at each account, side by side. */
export function previews(accounts, networks) {
    const list = h("div", { class: "previews" });
    const element = section(t("On the networks"), { class: "preview-side" }, list);
    const nameOf = (id) => accounts.find((one) => one.id === id)?.name ?? "";
    fill(list, quiet(t("What you write is shown here as each network shows it.")));
    return {
        element,
        show(found, state, chosen) {
            if (!found) {
                fill(list, quiet(chosen.length ? t("What you write is shown here as each network shows it.")
                    : t("Choose an account at least.")));
                return;
            }
            fill(list, found.map((one) => drawPreview(one, state, nameOf, networks)));
        },
    };
}

/** Draws what was found of a post at one account; `state` has its media and first comment. */
export function drawPreview({ account_id: id, network, fits, faults, preview }, state, nameOf, networks) {
    const most = networks.get(network)?.text_max, isOver = most && preview.length > most;
    const takesComment = networks.get(network)?.first_comment;
    return h("article", { class: `network-preview ${network}`, ...spokenAs(`${nameOf(id)}, ${words(network)}`) },
        h("header", {}, h("strong", { dir: "auto" }, nameOf(id)), h("span", { class: "soft" }, words(network))),
        preview.parts.map((part, index) => h("div", { class: "part" },
            h("p", { class: "words", dir: "auto" }, part || " "),
            index === 0 && state.media.length > 0 && h("div", { class: "pics" }, state.media.slice(0, 4).map(picture),
                state.media.length > 4 && h("span", { class: "soft" }, `+${number(state.media.length - 4)}`)))),
        takesComment && state.first_comment && h("p", { class: "comment", dir: "auto" },
            h("span", { class: "soft" }, t("First comment")), " ", state.first_comment),
        h("footer", {}, h("span", { class: isOver ? "over" : "soft" }, t("{length} of {most} characters", {
            length: number(preview.length), most: number(most),
        })), fits ? h("span", { class: "good-text" }, t("It fits.")) : ""),
        faults.length > 0 && h("ul", { class: "preview-faults" },
            faults.map(({ code, detail }) => h("li", {}, wrong(code) ?? inWords(detail)))));
}

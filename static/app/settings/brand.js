import { call } from "../api.js";
import { coloured, contrast, readable } from "../../ui/colour.js";
import { fill, h, quiet, whyNot } from "../../ui/dom.js";
import { labelled } from "../../ui/field.js";
import { grouped } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { onlyRead } from "./agency.js";
import { settingsSection } from "./parts.js";

const standardColour = "#1f4e79";

/** Sets the look of mails, documents and the portal: the colour is told with what can be read on it. */
export function brand({ query, signal, title }) {
    const preview = h("div", { class: "brand-preview", ...grouped(t("Preview of the portal")) });
    const part = (name, fields) => settingsSection(name, { signal, query, fields, body: asBrand,
        shown: (now) => ({ color: standardColour, ...now.brand, portal_host: now.portal_host }) });
    const tell = (colour) => {
        drawPreview(preview, title, colour);
        const ratio = contrast(colour, "#ffffff"), better = readable(colour);
        const said = ratio.toLocaleString(undefined, { maximumFractionDigits: 1 });
        if (ratio >= 4.5) return quiet(t("White text on it is easy to read ({ratio} : 1).", { ratio: said }));
        return h("p", { class: "hint warn-text" }, t(
            "White text on it is hard to read ({ratio} : 1, 4.5 is needed). The portal uses the darker {colour}.",
            { ratio: said, colour: better }));
    };
    // It has its height before the settings are there.
    drawPreview(preview, title, standardColour);
    return [
        onlyRead(),
        part(t("Logo and colour"), () => [
            { name: "logo_file_id", label: t("Logo"), type: "custom", draw: logo,
                help: t("A PNG file, as it is shown on mails and documents.") },
            { name: "color", label: t("Colour"), type: "colour", tell },
        ]),
        preview,
        part(t("Documents and portal"), () => [
            { name: "footer", label: t("Footer"), type: "area", rows: 3,
                help: t("Registration, tax and bank lines below proposals, contracts and invoices.") },
            { name: "portal_host", label: t("Portal address"),
                help: t("A host name of your own, such as portal.agency.example, that points to this server.") },
        ]),
    ];
}

function asBrand({ portal_host: host, ...look }) {
    return { ...(host !== undefined && { portal_host: host }), ...(Object.keys(look).length && { brand: look }) };
}

function drawPreview(place, title, colour) {
    const head = coloured(h("p", { class: "brand-head" }, t("Your portal")), colour);
    const button = coloured(h("span", { class: "brand-button" }, t("Approve")), colour);
    fill(place, head, h("p", {}, t("A client sees your colour like this: on top, and on the main button.")), button);
}

/** A picture that is uploaded at once, and kept with "Save". */
function logo(one, value) {
    let id = value ?? null;
    const picture = h("div", { class: "logo", "data-loading": id && "" }), fault = h("p", { class: "fault" });
    const draw = (...content) => {
        fill(picture, content);
        picture.removeAttribute("data-loading");
    };
    const show = async () => {
        if (!id) return draw(quiet(t("No logo yet.")));
        const blob = await call(`/v1/files/${encodeURIComponent(id)}/content`).then((answer) => answer.blob(),
            () => null);
        if (!blob) return draw(quiet(t("The logo cannot be shown.")));
        const reader = new FileReader();
        const remove = () => {
            id = null;
            show();
        };
        reader.onload = async () => {
            const image = h("img", { src: reader.result, alt: t("The logo") });
            // Its height is known then.
            await image.decode().catch(() => null);
            draw(image, h("button", { type: "button", class: "small", onclick: remove }, t("Remove logo")));
        };
        reader.readAsDataURL(blob);
    };
    const { element } = labelled(one, (attributes) => h("input", { ...attributes, type: "file", accept: "image/png",
        async onchange({ target }) {
            const [file] = target.files;
            if (!file) return;
            fill(fault);
            try {
                id = (await upload(file)).id;
                await show();
            } catch (problem) {
                fill(fault, whyNot(problem));
            }
        } }));
    element.append(picture, fault);
    show();
    return { name: one.name, element, get: () => id, at: () => element };
}

const upload = async (file) => (await call(`/v1/files?name=${encodeURIComponent(file.name)}`, {
    method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" },
})).json();

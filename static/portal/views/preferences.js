import { get, may } from "../../app/api.js";
import { ownName } from "../../app/language.js";
import { choicesOf, likes, likeText, likeValue, statedOf } from "../../app/likes.js";
import { languages } from "../language.js";
import { saved, saving, send } from "../parts.js";
import { announce, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { number, percent, words } from "../../ui/format.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/* Notifications and consent, the data kept about the person, and the emergency stop (a brake in the API). */

const frequencies = () => [
    ["immediate", t("Immediately")], ["daily", t("Daily summary")], ["weekly", t("Weekly summary")],
];

export function preferences({ signal }) {
    const path = "/v1/portal/preferences";
    const load = () => Promise.all([get(path, signal), languages()]);
    const wishes = pending(load, ([{ channels, frequency, locale, notice_channel, notice_channels }, spoken]) => {
        const language = locale?.toLowerCase().split("-")[0], own = spoken.includes(language) ? language : "";
        // Each in its own words, so that whoever cannot read the page finds theirs.
        const choices = [["", t("Same as my browser")], ...spoken.map((code) => [code, ownName(code)])];
        const boxes = Object.entries(channels).map(([name, { marketing }]) => {
            const box = h("input", { type: "checkbox", id: `marketing-${name}`, checked: marketing });
            return { name, box };
        });
        const fields = form(
            {
                action: t("Save"),
                async submit({ frequency, language, ...where }) {
                    const wanted = boxes.map(({ name, box }) => [name, { marketing: box.checked }]);
                    const chosen = language === own ? {} : { locale: language || null };
                    await send(path, { frequency, channels: Object.fromEntries(wanted), ...chosen, ...where }, "PATCH");
                    if (language !== own) {
                        window.dispatchEvent(new Event("languagechosen"));
                        return;
                    }
                    saved(fields);
                },
            },
            field(t("Notification frequency"), "frequency",
                { control: "select", options: frequencies(), value: frequency }),
            // Where they have written to the agency, it may write to them.
            notice_channels.length > 1 && field(t("Notification channel"), "notice_channel", {
                control: "select", options: notice_channels.map((name) => [name, words(name)]), value: notice_channel,
            }),
            field(t("Language"), "language", { control: "select", options: choices, value: own }),
            h("fieldset", {}, h("legend", {}, t("News and offers")), boxes.map(({ name, box }) =>
                h("div", { class: "choice" }, box, h("label", { for: box.id }, words(name))))));
        return fields;
    }, { signal });
    return {
        title: t("Preferences"),
        content: [
            h("h1", {}, t("Preferences")),
            section(t("Notifications"), {}, wishes),
            section(t("What suits you"), {}, suits(signal)),
            section(t("Your data"), {},
                saving(t("Download my data"), "/v1/portal/privacy/export", "about-me.json")),
            section(t("Emergency stop"), { class: "brake" }, brake(signal)),
        ],
    };
}

/** When and how the agency writes of its own accord: what the person says goes before what their answers suggest. */
function suits(signal) {
    const path = "/v1/portal/contact-preferences";
    return pending(() => get(path, signal), (found) => {
        const said = statedOf(found), all = likes().map((like) => drawLike(like, found[like.name], said[like.name]));
        const fields = form(
            {
                action: t("Save"), isPrimary: false,
                async submit() {
                    const body = all.map(({ like, read }) => [like.name, likeValue(like, read())]);
                    await send(path, Object.fromEntries(body), "PATCH");
                    saved(fields);
                },
            }, all.map(({ element }) => element));
        return fields;
    }, { signal });
}

/** Tells what the answers suggest, also beside what was said, and how sure that is; else what is usual. */
function hintOf(like, found) {
    const learned = found.source === "learned" ? found : found.learned;
    if (learned) {
        return plural(learned.observations, "Your answers suggest: {value} ({share} sure, from {count} answer).",
            "Your answers suggest: {value} ({share} sure, from {count} answers).",
            { value: likeText(like, learned.value), share: percent(learned.confidence) });
    }
    return found.source === "default" && found.value.length !== 0
        && t("Too few answers to tell; usual: {value}.", { value: likeText(like, found.value) });
}

function drawLike(like, found, said) {
    const hint = hintOf(like, found);
    if (!like.many) {
        const element = field(like.label, like.name, {
            control: "select", options: [["", t("No preference")], ...choicesOf(like, said)],
            value: String(said ?? ""), hint,
        });
        return { like, element, read: () => element.querySelector("select").value };
    }
    const boxes = like.options.map(([code, text]) => {
        const box = h("input", { type: "checkbox", id: `like-${code}`, checked: said?.includes(code) });
        return { code, box, text };
    });
    const element = h("fieldset", {}, h("legend", {}, like.label), boxes.map(({ box, text }) =>
        h("div", { class: "choice" }, box, h("label", { for: box.id }, text))), hint && quiet(hint));
    return { like, element, read: () => boxes.filter(({ box }) => box.checked).map(({ code }) => code) };
}

function brake(signal) {
    const path = "/v1/portal/brake";
    const state = pending(() => get(path, signal), ({ data }) => {
        if (data.length) {
            return data.map(({ reason, created_at, held }) => h("p", { class: "notice warn" },
                h("strong", {}, t("All sending is stopped."), " "), reason, " ", ago(created_at),
                " ", held > 0 && t("Held back: {count}.", { count: number(held) }), " ",
                t("Only the agency can resume sending.")));
        }
        if (!may("portal:manage")) return quiet(t("Sending is on. Your admins can stop it here."));
        const place = h("div", {});
        const ask = h("button", { type: "button", onclick: () => {
            const sure = form(
                {
                    action: t("Stop sending"), isPrimary: false,
                    async submit({ reason }) {
                        await send(path, reason ? { reason } : {});
                        announce(t("All sending is stopped."));
                        await state.reload();
                    },
                },
                field(t("Reason (shared with the agency)"), "reason", { maxlength: 500 }));
            fill(place, sure);
            sure.querySelector("input").focus();
        } }, t("Stop all sending…"));
        return [
            h("p", {}, t("Stops everything that is sent in your name, immediately and until the agency resumes it.")),
            ask, place,
        ];
    }, { signal });
    return state;
}

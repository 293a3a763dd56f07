import { get, may } from "../../app/api.js";
import { announce, fill, h, pending, quiet, section } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { ago, words } from "../../app/format.js";
import { t } from "../../app/words.js";
import { saving, send } from "../parts.js";

/* What the person wants to be written, how often; what is kept of them; and the brake. */

const frequencies = () => [
    ["immediate", t("At once")], ["daily", t("Once a day, together")], ["weekly", t("Once a week, together")],
];

// Each in its own words, so that whoever cannot read the page finds theirs.
const languages = () => [["", t("As my browser says")], ["en", "English"], ["de", "Deutsch"]];

export function preferences({ signal }) {
    const path = "/v1/portal/preferences";
    const wishes = pending(() => get(path, signal), ({ channels, frequency, locale, notice_channel, notice_channels }) => {
        const own = locale?.toLowerCase().split("-")[0] ?? "";
        const boxes = Object.entries(channels).map(([name, { marketing }]) => {
            const box = h("input", { type: "checkbox", id: `marketing-${name}`, checked: marketing });
            return { name, box };
        });
        return form(
            {
                action: t("Save"),
                async submit({ frequency, language, ...where }, notice) {
                    const wanted = boxes.map(({ name, box }) => [name, { marketing: box.checked }]);
                    const chosen = language === own ? {} : { locale: language || null };
                    await send(path, { frequency, channels: Object.fromEntries(wanted), ...chosen, ...where }, "PATCH");
                    if (language !== own) {
                        window.dispatchEvent(new Event("languagechosen"));
                        return;
                    }
                    fill(notice, h("p", { class: "notice good", role: "status" }, t("Saved.")));
                },
            },
            field(t("When something waits for you, write"), "frequency", { control: "select", options: frequencies(), value: frequency }),
            // Where they have written to the agency, it may write to them.
            notice_channels.length > 1 && field(t("Write it"), "notice_channel", {
                control: "select", options: notice_channels.map((name) => [name, t("By {channel}", { channel: words(name) })]), value: notice_channel,
            }),
            field(t("Language"), "language", { control: "select", options: languages(), value: own }),
            h("fieldset", {}, h("legend", {}, t("News and offers")), boxes.map(({ name, box }) =>
                h("div", { class: "choice" }, box, h("label", { for: box.id }, t("By {channel}", { channel: words(name) }))))));
    }, { signal });
    return {
        title: t("Preferences"),
        content: [
            h("h1", {}, t("Preferences")),
            section(t("What we write to you"), {}, wishes),
            section(t("What is kept about you"), {},
                saving(t("Save it as a file"), "/v1/portal/privacy/export", "about-me.json")),
            section(t("Stop everything"), { class: "brake" }, brake(signal)),
        ],
    };
}

function brake(signal) {
    const path = "/v1/portal/brake";
    const state = pending(() => get(path, signal), ({ data }) => {
        if (data.length) {
            return data.map(({ reason, created_at, held }) => h("p", { class: "notice warn" },
                h("strong", {}, t("Everything is stopped."), " "), reason, " ", ago(created_at),
                " ", held > 0 && t("{count} held.", { count: held }), " ", t("Only the agency lets it go on.")));
        }
        if (!may("portal:manage")) return quiet(t("Nothing is stopped. An admin of yours can stop everything here."));
        const place = h("div", {});
        const ask = h("button", { type: "button", onclick: () => {
            const sure = form(
                {
                    action: t("Stop everything in our name"),
                    async submit({ reason }) {
                        await send(path, reason ? { reason } : {});
                        announce(t("Everything is stopped."));
                        await state.reload();
                    },
                },
                field(t("Why? (for the agency)"), "reason", { maxlength: 500 }));
            fill(place, sure);
            sure.querySelector("input").focus();
        } }, t("Stop everything…"));
        return [
            h("p", {}, t("Nothing more goes out in your name, from that second on, until the agency releases it.")),
            ask, place,
        ];
    }, { signal });
    return state;
}

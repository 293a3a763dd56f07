import { get, may } from "../../app/api.js";
import { announce, fill, h, pending, quiet, section } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { ago, words } from "../../app/format.js";
import { saving, send } from "../parts.js";

/* What the person wants to be written, how often; what is kept of them; and the brake. */

const frequencies = [["immediate", "At once"], ["daily", "Once a day, together"], ["weekly", "Once a week, together"]];

export function preferences({ signal }) {
    const path = "/v1/portal/preferences";
    const wishes = pending(() => get(path, signal), ({ channels, frequency }) => {
        const boxes = Object.entries(channels).map(([name, { marketing }]) => {
            const box = h("input", { type: "checkbox", id: `marketing-${name}`, checked: marketing });
            return { name, box };
        });
        return form(
            {
                action: "Save",
                async submit({ frequency }, notice) {
                    const wanted = boxes.map(({ name, box }) => [name, { marketing: box.checked }]);
                    await send(path, { frequency, channels: Object.fromEntries(wanted) }, "PATCH");
                    fill(notice, h("p", { class: "notice good", role: "status" }, "Saved."));
                },
            },
            field("When something waits for you, write", "frequency", { control: "select", options: frequencies, value: frequency }),
            h("fieldset", {}, h("legend", {}, "News and offers"), boxes.map(({ name, box }) =>
                h("div", { class: "choice" }, box, h("label", { for: box.id }, `By ${words(name).toLowerCase()}`)))));
    }, { signal });
    return {
        title: "Preferences",
        content: [
            h("h1", {}, "Preferences"),
            section("What we write to you", {}, wishes),
            section("What is kept about you", {},
                saving("Save it as a file", "/v1/portal/privacy/export", "about-me.json")),
            section("Stop everything", { class: "brake" }, brake(signal)),
        ],
    };
}

function brake(signal) {
    const path = "/v1/portal/brake";
    const state = pending(() => get(path, signal), ({ data }) => {
        if (data.length) {
            return data.map(({ reason, created_at, held }) => h("p", { class: "notice warn" },
                h("strong", {}, "Everything is stopped. "), reason, " ", ago(created_at),
                held > 0 && ` ${held} held.`, " Only the agency lets it go on."));
        }
        if (!may("portal:manage")) return quiet("Nothing is stopped. An admin of yours can stop everything here.");
        const place = h("div", {});
        const ask = h("button", { type: "button", onclick: () => {
            const sure = form(
                {
                    action: "Stop everything in our name",
                    async submit({ reason }) {
                        await send(path, reason ? { reason } : {});
                        announce("Everything is stopped.");
                        await state.reload();
                    },
                },
                field("Why? (for the agency)", "reason", { maxlength: 500 }));
            fill(place, sure);
            sure.querySelector("input").focus();
        } }, "Stop everything…");
        return [
            h("p", {}, "Nothing more goes out in your name, from that second on, until the agency releases it."),
            ask, place,
        ];
    }, { signal });
    return state;
}

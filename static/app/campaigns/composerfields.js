import { make } from "../controls/controls.js";
import { badge, fill, h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { number, words } from "../../ui/format.js";
import { polite, spokenAs } from "../../ui/state.js";
import { tone } from "../../ui/status.js";
import { pair, t } from "../../ui/words.js";
import { whenField } from "./composerwhen.js";
import { askForMedium, partOf } from "./media.js";

/* The fields of the composer; each changes the state that the composer keeps, and says where its faults stand. */

const inputOf = (element) => element.querySelector("input, textarea, select");
const faultOf = (element) => element.querySelector(":scope > .fault, :scope > .field > .fault");
const times = new Set(["scheduled_at", "queue", "at"]);

/**
 * The fields over a state: {elements, follow(), counts(previews), placeOf(pointer)}. `follow` shows what fits the
 * accounts and the format that are chosen.
 */
export function fieldsOf(tools) {
    const { state, chosen, networks, changed } = tools;
    const typed = (name, input) => input.addEventListener("input", () => {
        state[name] = input.value;
        changed();
    });
    const accounts = accountsField(tools), when = whenField(tools);
    const text = field(t("Text"), "text", { control: "textarea", rows: 7, value: state.text, maxlength: 70_000 });
    const counters = h("p", { class: "counters", ...polite });
    inputOf(text).after(counters);
    const format = h("div"), thread = h("div", { class: "thread-parts" });
    const comment = field(t("First comment"), "first_comment", { control: "textarea", rows: 2,
        value: state.first_comment, hint: t("It is written below the post as soon as that is published.") });
    const link = field(t("Link"), "link", { type: "url", value: state.link ?? "",
        hint: t("It is shown below the words, unless it is among them.") });
    const media = mediaField(tools), options = h("div");
    const campaign = make({ name: "campaign_id", label: t("Campaign"), type: "record", refers: "campaigns",
        onPick: () => setTimeout(readCampaign) }, state.campaign_id);
    const repeat = make({ name: "allow_repeat", label: t("The account may say the same again within 30 days"),
        type: "yes" }, state.allow_repeat);
    const readCampaign = () => {
        state.campaign_id = campaign.get();
        changed();
    };
    campaign.element.addEventListener("change", () => setTimeout(readCampaign));
    repeat.element.addEventListener("change", () => {
        state.allow_repeat = repeat.get();
        changed();
    });
    for (const [name, element] of [["text", text], ["first_comment", comment], ["link", link]]) {
        typed(name, inputOf(element));
    }
    const rules = () => chosen().map(({ network }) => networks.get(network)).filter(Boolean);

    function drawFormat() {
        const known = [...new Set(rules().flatMap(({ formats }) => formats))];
        const offered = known.length ? known : ["post"];
        if (!offered.includes(state.format)) state.format = offered[0];
        const now = inputOf(format);
        if (now && [...now.options].map(({ value }) => value).join() === offered.join()) return;
        const element = field(t("Format"), "format", { control: "select", value: state.format,
            options: offered.map((one) => [one, words(one)]) });
        inputOf(element).addEventListener("change", ({ target }) => {
            state.format = target.value;
            changed();
        });
        fill(format, element);
        format.hidden = offered.length < 2;
    }
    function drawThread() {
        thread.hidden = state.format !== "thread";
        const shown = thread.querySelectorAll("textarea").length;
        const isDrawn = thread.children.length > 0 && shown === state.thread.length;
        if (!thread.hidden && !isDrawn) fill(thread, state.thread.map(drawPart), adder);
    }
    function drawPart(said, index) {
        const name = t("Part {number}", { number: index + 2 });
        const element = field(name, `thread-${index}`, { control: "textarea", rows: 3, value: said });
        element.dataset.part = index;
        inputOf(element).addEventListener("input", ({ target }) => {
            state.thread[index] = target.value;
            changed();
        });
        inputOf(element).after(h("button", { type: "button", class: "small remove",
            ...spokenAs(t("Remove {name}", { name })), onclick() {
                state.thread.splice(index, 1);
                changed();
                adder.focus();
            } }, t("Remove")));
        return element;
    }
    const adder = h("button", { type: "button", class: "small", onclick() {
        state.thread.push("");
        changed();
        [...thread.querySelectorAll("textarea")].at(-1)?.focus();
    } }, t("Add part"));

    function drawOptions() {
        const needed = new Set(rules().flatMap(({ required_options: names }) => names ?? []));
        options.hidden = !needed.has("privacy_level");
        if (options.hidden || options.children.length) return;
        const levels = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"];
        const element = field(t("Who may see it"), "privacy_level", { control: "select",
            value: state.options.privacy_level ?? "",
            options: [["", "–"], ...levels.map((one) => [one, words(one.toLowerCase())])] });
        inputOf(element).addEventListener("change", ({ target }) => {
            state.options = target.value ? { privacy_level: target.value } : {};
            changed();
        });
        fill(options, element);
    }
    function follow() {
        accounts.follow();
        drawFormat();
        drawThread();
        drawOptions();
        comment.hidden = !state.first_comment && !rules().some(({ first_comment: takes }) => takes);
        when.follow();
    }
    function counts(found) {
        fill(counters, (found ?? []).map(({ network, preview: { length } }, index) => {
            const most = networks.get(network)?.text_max, isOver = most && length > most;
            return h("span", { class: isOver ? "over" : "" }, index > 0 && " · ", t("{network}: {length} of {most}", {
                network: words(network), length: number(length), most: number(most),
            }));
        }));
    }
    /** The element in which a fault is said, and the control that it is about. */
    function placeOf(pointer) {
        const [name, index] = pointer.split("/").slice(1);
        const part = name === "thread" && thread.querySelector(`[data-part="${CSS.escape(index ?? "0")}"]`);
        const element = part || (times.has(name) && when.place()) || {
            text, format: inputOf(format)?.closest(".field"), first_comment: comment, link, media: media.element,
            options: options.firstElementChild, account_ids: accounts.element,
        }[name] || text;
        return { place: [...element.children].find((one) => one.matches(".fault")) ?? faultOf(element),
            input: inputOf(element) };
    }
    const more = h("details", { class: "fold", open: Boolean(state.campaign_id || state.link || state.allow_repeat) },
        h("summary", {}, t("More fields")), link, campaign.element, repeat.element);
    return {
        elements: [accounts.element, text, format, thread, media.element, comment, options, when.element, more],
        follow, counts, placeOf,
    };
}

function accountsField({ state, accounts, changed }) {
    const boxes = accounts.map(({ id, name, network, status }) => {
        const input = h("input", { type: "checkbox", value: id, onchange() {
            state.account_ids = boxes.map(({ box }) => box).filter((box) => box.checked).map(({ value }) => value);
            changed();
        } });
        return { box: input, element: h("label", { class: "tick" }, input, h("span", { dir: "auto" }, name),
            h("span", { class: "soft" }, words(network)),
            status !== "connected" && badge(words(status), status === "needs_reconnect" ? "warn" : tone(status))) };
    });
    const element = h("fieldset", { class: "ticks accounts", "data-name": "account_ids" },
        h("legend", {}, t("Accounts")), boxes.map((one) => one.element), h("p", { class: "fault" }));
    return { element, follow() {
        for (const { box } of boxes) box.checked = state.account_ids.includes(box.value);
    } };
}

/** Pictures and films, each with what it shows. */
function mediaField({ state, changed }) {
    const list = h("ul", { class: "plain media-list" });
    const draw = () => fill(list, state.media.map((one, index) => h("li", {},
        h("span", { dir: "auto" }, one.name ?? t("File {number}", { number: index + 1 })),
        h("span", { class: "soft", dir: "auto" }, one.alt_text || t("Nothing says what it shows")),
        partOf(one) && h("span", { class: "soft" }, partOf(one)),
        h("button", { type: "button", class: "small", ...spokenAs(pair(t("Remove"), one.name ?? String(index + 1))),
            onclick() {
                state.media = state.media.filter((other) => other !== one);
                draw();
                changed();
            } }, t("Remove")))));
    const add = () => askForMedium((medium, name) => {
        state.media = [...state.media, { ...medium, name }];
        draw();
        changed();
    });
    draw();
    return { element: h("fieldset", { class: "media-field", "data-name": "media" },
        h("legend", {}, t("Pictures and films")), list,
        h("button", { type: "button", class: "small", onclick: add }, t("Add picture or film")),
        h("p", { class: "fault" })) };
}

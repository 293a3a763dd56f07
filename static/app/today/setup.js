import { call, get } from "../api.js";
import { doing, h, pending, quiet, section } from "../../ui/dom.js";
import { spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { sampleSwitch } from "./sample.js";

const agencyField = (name) => `#/settings/agency?field=${name}`;

/** The steps: what each asks, why, and the very place where it is done. */
const steps = () => ({
    time_zone: [t("Set the agency's time zone"), t("Schedules and working hours follow it."), agencyField("time_zone")],
    country: [t("Set the agency's country"),
        t("Phone numbers without a country code are read as numbers of this country."), agencyField("country")],
    team: [t("Invite a colleague"), t("Only you can sign in so far."), "#/settings/people/new"],
    mail: [t("Connect an email service"), t("Email cannot be sent until one is connected."),
        "#/settings/integrations/new?field=email_sending"],
    postal_address: [t("Add the agency's postal address"),
        t("The law requires it in every email; none is sent without it."), agencyField("postal_address")],
    sender: [t("Set the sender of emails"), t("Recipients see this name and reply to this address."),
        agencyField("sender")],
    unsubscribed: [t("Import your old unsubscribe list"),
        t("People who unsubscribed elsewhere must not be written to from here."), "#/import?into=suppressions&field=file"],
    leads: [t("Import your leads"), t("Agents have nothing to work on until there are leads."), "#/import?field=file"],
    outcomes: [t("Record which leads were won and lost"),
        t("With 50 won and 50 lost leads, scores are learned from your own outcomes."), "#/leads"],
});

/** Shows what the agency still lacks, until it is done or dismissed; after that only sample data that is there. */
export function setup(signal) {
    const place = pending(() => get("/v1/setup", signal), ({ data }) => draw(data, place.reload), { signal });
    return place;
}

function draw(data, reload) {
    const open = data.filter(({ done }) => !done), sample = sampleSwitch({ isOffered: open.length > 0 });
    if (!open.length) return sample;
    const count = { done: data.length - open.length, all: data.length };
    return section(t("Set-up"), { class: "setup-list" },
        quiet(t("{done} of {all} done", count)),
        h("progress", { max: count.all, value: count.done, ...spokenAs(t("Set-up")) }),
        h("ul", { class: "setup" }, open.map((step) => line(step, reload))),
        h("p", { class: "links" }, h("a", { href: "#/start" }, t("Do it step by step"))), sample);
}

function line({ key, title, reason, dismissible }, reload) {
    const [text, why, href] = steps()[key] ?? [title, reason, "#/settings"];
    const trouble = h("div");
    return h("li", {}, h("a", { href }, text), h("p", {}, why), dismissible && doing(t("Dismiss"), async () => {
        await call(`/v1/setup/${encodeURIComponent(key)}/dismiss`, { method: "POST" });
        toast(t("Step dismissed"));
        await reload();
    }, { place: trouble, class: "small", ...spokenAs(t("Dismiss: {step}", { step: text })) }), trouble);
}

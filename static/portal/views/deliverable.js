import { may } from "../../app/api.js";
import { announce, doing, facts, h, quiet, section } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { ago } from "../../app/format.js";
import { files, recordPage, said, send, state } from "../parts.js";

/* Something that was made for the client, who says yes to it, or what is to be changed. */

export function deliverable({ id, signal }) {
    const path = `/v1/portal/deliverables/${encodeURIComponent(id)}`;
    return recordPage("Deliverable", path, ["/projects", "Projects"], {
        signal, name: ({ name }) => name,
        draw: (one, reload) => [
            section("How it stands", {}, facts([
                ["Status", state(one.status)], ["Version", one.revision],
                ["Decided", one.decided_at && ago(one.decided_at)],
                ["What is to be changed", one.change_request && said(one.change_request)],
            ]), said(one.description)),
            one.status === "with_client" && decide(path, one, reload),
            section("What it is", {}, said(one.text), files(one.files, path),
                !one.text && !one.files.length && quiet("See the description.")),
            one.versions.length > 1 && section("Earlier versions", {},
                h("ul", { class: "plain" }, one.versions.slice(0, -1).toReversed().map((version) => drawVersion(path, version)))),
        ],
    });
}

function decide(path, { name, version }, reload) {
    if (!may("portal:approve")) return quiet("It waits for somebody who may approve.");
    const place = h("div", {});
    const act = async (verb, body, done) => {
        await send(`${path}/${verb}`, body);
        announce(done);
        await reload();
    };
    const approve = doing("Approve", () => act("approve", null, `${name} is approved.`), { place, class: "primary" });
    const change = form(
        { action: "Request changes", submit: ({ text }) => act("request-changes", { text }, "The agency has your words.") },
        field("What is to be changed?", "text", { control: "textarea", rows: 4, required: true }));
    return section("Your decision", { "data-version": version },
        place, h("p", { class: "actions" }, approve), h("h3", {}, "Or is something not right yet?"), change);
}

const drawVersion = (path, { number, submitted_at, decision, change_request, files: ids }) => h("li", {},
    h("p", {}, h("strong", {}, `Version ${number}`), " ", ago(submitted_at), " ", decision && state(decision)),
    said(change_request), files(ids, path));

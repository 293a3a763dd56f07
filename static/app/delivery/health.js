import { get } from "../api.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { unheard } from "../../ui/state.js";
import { tone } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";

/** Asks once what is known about a client, for all that shows parts of it. */
export const profileOf = (id, signal) => get(`/v1/clients/${encodeURIComponent(id)}/profile`, signal);

const tones = { good: "good", watch: "warn", at_risk: "bad" };
const states = () => ({ good: t("Doing well"), watch: t("Keep an eye on"), at_risk: t("At risk") });

/** Shows a client's health, and its reasons. */
export function healthCard(client, { signal, follow }) {
    const place = pending(() => profileOf(client.id, signal), ({ health }) => drawHealth(health), { signal });
    follow(place.reload);
    return section(t("Health"), {}, place);
}

function drawHealth({ state, score, factors, at }) {
    if (!state) return quiet(t("Not judged yet. The client management agent looks at every client once a day."));
    const losses = factors.filter(({ contribution }) => contribution < 0)
        .sort((one, other) => one.contribution - other.contribution);
    const isFine = losses.length === 0;
    return [
        h("p", { class: "verdict" },
            score !== null
                && [h("strong", { class: "big" }, number(score)), h("span", { class: "quiet" }, t("of 100"))],
            badge(states()[state] ?? words(state), tones[state] ?? tone(state))),
        isFine ? quiet(t("Nothing speaks against it: no overdue work, invoices or urgent tickets."))
            : h("ul", { class: "reasons-why" }, losses.map(loss)),
        at && quiet(...pieces("Judged {when}", { when: ago(at) })),
    ];
}

const loss = ({ evidence, contribution }) => h("li", { class: "down" },
    h("span", { class: "sign", ...unheard }, "↓"),
    h("span", {}, t("{what} ({points} points)", { what: evidence, points: number(Math.round(contribution)) })));

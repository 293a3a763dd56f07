import { call, get } from "../api.js";
import { badge, doing, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { size } from "../../ui/upload.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { checkList } from "./checks.js";

const path = "/v1/admin/backups";
const tones = { made: "good", failed: "bad", running: "warn", waiting: "warn" };
const isUnderWay = ({ status }) => status === "waiting" || status === "running";

/** The backups that there are, one more when it is wanted, and how they are put back. */
export function backups({ signal }) {
    return pending(() => get("/v1/admin/health", signal), (health) => (health.backups.made_by === "bureau"
        ? ownBackups(health, signal) : serversBackups(health)), { signal });
}

/** Where the database is a server's, its tools make them, and this page says so. */
const serversBackups = ({ checks }) => [
    section(t("State"), {}, backupCheck(checks)),
    section(t("How backups work here"), {},
        h("p", {}, t("The database is on a PostgreSQL server, which has its own tools: no backup is made from here.")),
        command(t("Make a backup now"), "pg_dump --format=custom --file=bureau.dump DATABASE"),
        command(t("Restore: stop the server, then into an empty database"),
            "pg_restore --dbname=DATABASE bureau.dump"),
        keepTheKey()),
];

function ownBackups(health, signal) {
    const trouble = h("div"), state = h("div", {}, stateOf(health));
    let asked = null;
    const ended = async ({ status }) => {
        asked = null;
        if (status === "made") toast(t("The backup is made and checked"));
        fill(state, stateOf(await get("/v1/admin/health", signal)));
    };
    const list = pending(() => get(`${path}?limit=50`, signal), ({ data }) => {
        const now = data.find(({ id }) => id === asked) ?? data.find(isUnderWay);
        if (now && isUnderWay(now)) {
            asked = now.id;
            setTimeout(() => !signal.aborted && list.isConnected && list.reload(), 700);
        } else if (now) {
            ended(now);
        }
        if (!data.length) return quiet(t("There is no backup yet. The first is made tonight, or now."));
        return table(t("Backups"), [t("Made"), t("Status"), { text: t("Size"), class: "number" },
            t("File on the server")], data.map(row), "stacked");
    }, { signal });
    return [
        h("div", { class: "actions lead" }, doing(t("Back up now"), async () => {
            asked = (await (await call(path, { method: "POST" })).json()).id;
            await list.reload();
        }, { place: trouble, class: "primary", "data-key": "n" })),
        trouble, list,
        section(t("State"), {}, state),
        section(t("How backups work here"), {},
            h("p", {}, t("Every night the server copies its database, checks the copy, and removes the oldest one.")),
            h("p", {},
                t("They are read on the server itself, because anyone who can read a backup can read every agency.")),
            command(t("Check a backup thoroughly"), "bureau verify FILE"),
            command(t("Restore: stop the server, then into an empty folder"),
                "bureau restore --from FILE --data FOLDER"),
            keepTheKey()),
    ];
}

const backupCheck = (checks) => checkList(checks.filter(({ name }) => name === "backups"));

const stateOf = ({ backups: how, checks }) => [backupCheck(checks), facts([
    [t("Every night at"), how.enabled ? how.at : t("Off")], [t("Kept"), number(how.keep)],
    [t("Folder on the server"), h("code", {}, how.folder)],
    [t("Room that they take"), how.bytes > 0 && size(how.bytes)],
])];

const row = (one) => h("tr", {},
    h("th", { scope: "row" }, ago(one.made_at ?? one.created_at)),
    h("td", { "data-label": t("Status") }, badge(words(one.status), tones[one.status]),
        one.status === "running" && [" ", percent(one.progress ?? 0), " ",
            h("progress", { value: one.progress ?? 0, max: 1, ...spokenAs(t("Progress of the backup")) })],
        one.error && h("p", { class: "fault" }, one.error)),
    h("td", { "data-label": t("Size"), class: "number" }, one.bytes ? size(one.bytes) : "–"),
    h("td", { "data-label": t("File on the server"), class: "line" }, one.path ? h("code", {}, one.path) : "–"));

const keepTheKey = () =>
    quiet(t("Keep a copy of the master key apart from the backups: without it they cannot be read."));

const command = (label, line) => h("div", {}, h("h3", {}, label), h("pre", { class: "excerpt", tabindex: 0 }, line));

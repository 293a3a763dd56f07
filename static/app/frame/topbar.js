import { call, get, may, whoIsMe } from "../api.js";
import { lentSandbox } from "../borrowed.js";
import { later } from "../later.js";
import { forgetOutgoing, waitingChanges } from "../outgoing.js";
import { placeOf } from "../places.js";
import { leave } from "../session.js";
import { live } from "../stream.js";
import { bell } from "../../ui/bell.js";
import { fill, h } from "../../ui/dom.js";
import { initials } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs, unfolding, unheard } from "../../ui/state.js";
import { plural, t } from "../../ui/words.js";
import { makable } from "./entries.js";
import { openSearch, showKeys } from "./keys.js";
import { unfold } from "./sidebar.js";
import { askToStop } from "./stop.js";

const top = document.getElementById("top");

const sign = (icon, text) => [
    h("span", { class: `icon ${icon}`, ...unheard }), h("span", { class: "label" }, text),
];

/** The bar that stands over every view; `signal` ends with the session. */
export function drawTopbar(signal) {
    const avatar = h("span", { class: "avatar", ...unheard });
    const account = menuButton(avatar, () => [
        { text: t("Profile"), href: "#/settings/profile" },
        may("notifications:read") && { text: t("My notifications"), href: "#/settings/my-notifications" },
        { text: t("Keyboard shortcuts"), run: showKeys },
        { text: t("API reference"), href: "/docs" },
        { text: t("Sign out"), run: signOut },
    ], spokenAs(t("Account")));
    const nameAccount = () => {
        const { user } = whoIsMe();
        fill(avatar, initials(user?.name ?? ""));
        if (user) avatar.closest("button").title = `${user.name}, ${user.email}`;
    };
    nameAccount();
    const client = whoIsMe()?.client;
    window.addEventListener("namechosen", nameAccount, { signal });
    fill(top,
        h("button", { type: "button", class: "menu-button", ...unfolding(false, "side"),
            onclick: unfold }, sign("menu-lines", t("Menu"))),
        h("button", { type: "button", class: "searcher", ...spokenAs(t("Search everything")), onclick: openSearch },
            h("span", { class: "icon search", ...unheard }),
            h("span", { class: "label", ...unheard }, t("Search")),
            h("kbd", unheard, t("Ctrl K"))),
        h("div", { class: "top-actions" },
            makable().length > 0 && menuButton(sign("plus", t("New")), makable),
            may("notifications:read") && notifications(signal),
            may("brakes:write") && h("button", { type: "button", class: "stopper", onclick: askToStop },
                sign("stop-hand", t("Emergency stop"))),
            account),
        client && h("p", { class: "acting-for", dir: "auto" }, t("Only {client}", { client: client.name })),
        sandboxStrip(signal));
}

function sandboxStrip(signal) {
    if (!whoIsMe().sandbox && !lentSandbox()) return null;
    const strip = h("p", { class: "sandbox-strip" }, "\u00a0");
    later(() => import("./sandbox.js")).then(({ fillSandboxStrip }) => fillSandboxStrip(strip, signal));
    return strip;
}

/** The bell, kept up to date. */
function notifications(signal) {
    const path = "/v1/notifications";
    const entry = ({ id, title, subject, read_at, created_at }) =>
        ({ id, title, href: subject && placeOf(subject), isRead: Boolean(read_at), at: created_at });
    const { element, recount } = bell({
        signal, all: "#/notifications",
        unread: () => get(`${path}?unread=true&limit=1&fields=id&total=true`, signal)
            .then(({ total }) => total, () => undefined),
        newest: async () => (await get(`${path}?limit=8`, signal)).data.map(entry),
        read: (id) => call(`${path}/${encodeURIComponent(id)}/read`, { method: "POST" }),
        readAll: () => call(`${path}/read-all`, { method: "POST" }),
    });
    live("notification.*,handover.*,approval.*,alert.*", recount, signal);
    return element;
}

export const clearTopbar = () => fill(top);

export async function signOut() {
    const waiting = waitingChanges().length;
    const [{ confirm }, { dropAllDrafts }] = await Promise.all(
        [later(() => import("../../ui/dialog.js")), import("../drafts.js")]);
    const isMeant = waiting === 0 || await confirm({
        title: t("Sign out?"), action: t("Sign out"), isGrave: true,
        text: plural(waiting, "{count} change has not been sent yet and would be lost.",
            "{count} changes have not been sent yet and would be lost."),
    });
    if (!isMeant) return;
    // Signed out here even if the server cannot be told: its session ends by itself.
    await call("/v1/auth/logout", { method: "POST" }).catch(() => {});
    dropAllDrafts();
    await forgetOutgoing();
    await leave();
}

import { get, may, whoIsMe } from "./api.js";
import { t } from "../ui/words.js";

/* The people and teams of the agency, asked once while somebody is signed in. */

let asked = {};

for (const change of ["signedin", "signedout"]) window.addEventListener(change, () => (asked = {}));

function once(name, permission, path, keep = () => true) {
    asked[name] ??= may(permission)
        ? get(path).then(({ data }) => data.filter(keep)).catch(() => (delete asked[name], [])) : Promise.resolve([]);
    return asked[name];
}

/** Colleagues who can work on something: [{id, name, email}], oneself first. */
export const colleagues = () => once(
    "users", "users:read", "/v1/users?limit=200&fields=id,name,email,status,role",
    ({ role, status }) => role !== "client" && status === "active")
    .then((all) => all.toSorted((one, other) => Number(isMe(other)) - Number(isMe(one))));

export const teams = () => once("teams", "teams:read", "/v1/teams?limit=200&fields=id,name");

export const isMe = ({ id }) => id === whoIsMe()?.user?.id;

/** Returns a colleague's name; without the permission to read users nobody knows. */
export async function colleague(id) {
    const found = (await colleagues()).find((one) => one.id === id);
    return found?.name ?? (id === whoIsMe()?.user?.id ? whoIsMe().user.name : t("A colleague"));
}

export async function teamName(id) {
    return (await teams()).find((one) => one.id === id)?.name ?? t("A team");
}

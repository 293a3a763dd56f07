import { tenant, whoAmI, whoIsMe } from "./api.js";
import { lentSandbox } from "./borrowed.js";
import { later } from "./later.js";
import { isSignedIn, onExpired, openSession } from "./session.js";

/* The page's owner and its look: both are asked while the other modules are still on their way. */

/** "light" or "dark"; "": as the system has it. */
export const look = () => localStorage.getItem("look") ?? "";

export function chooseLook(name) {
    localStorage.setItem("look", name);
    showLook();
}

const showLook = () => (document.documentElement.dataset.look = look());
showLook();

onExpired(async (signal) => {
    const { user } = whoIsMe() ?? {};
    if (!user) return undefined;
    const { signInAgain } = await later(() => import("./again.js"));
    return signInAgain({ email: user.email, tenant: tenant().slug, signal });
});

/**
 * {asked} once the session is read: a promise of who is signed in, if anybody is. Who is in a sandbox is not asked yet:
 * where that has ended, the page has to be there to go on.
 */
export const opened = openSession().then(() => {
    const asked = isSignedIn() && !lentSandbox() ? whoAmI() : null;
    // Those who wait for it are told why it fails.
    asked?.catch(() => {});
    return { asked };
});

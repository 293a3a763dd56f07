import { tenant, whoAmI, whoIsMe } from "./api.js";
import { lentSandbox } from "./borrowed.js";
import { expectLanguage } from "./frame/language.js";
import { later } from "./later.js";
import "./look.js";
import { isSignedIn, onExpired, openSession } from "./session.js";

/* Whose the page is, which takes few of its modules: it is asked while the others are still on their way. */

onExpired(async (signal) => {
    const { user } = whoIsMe() ?? {};
    if (!user) return undefined;
    const { signInAgain } = await later(() => import("./again.js"));
    return signInAgain({ email: user.email, tenant: tenant().slug, signal });
});

/**
 * The session once it has been read: {asked}, a promise of who is signed in, if anybody is. Who is in a sandbox is not
 * asked yet: where that has ended, the page has to be there to go on.
 */
export const opened = openSession().then(() => {
    if (!isSignedIn() || lentSandbox()) return { asked: null };
    const asked = whoAmI();
    // Whoever waits for it is told why it fails.
    asked.catch(() => {});
    return { asked };
});

// Other views wait for the whole of the words.
if (/^(#\/?)?$/.test(location.hash)) expectLanguage();

import { withQuery } from "../app/api.js";
import { send } from "../app/http.js";
import { languagesIn } from "../app/language.js";
import { brand } from "./brand.js";

/** The portal's own words; the server names their catalogues, and has what the agency says instead. */
export const { languages, speakTo } = languagesIn(new URL("words", import.meta.url).pathname, {
    own: {
        owner: () => brand().slug,
        languages: () => brand().languages,
        async words(language) {
            try {
                return await (await send(withQuery("/v1/portal/wordings", { slug: brand().slug, language }))).json();
            } catch {
                return {}; // As the product says it: better than nothing.
            }
        },
    },
});

import { languagesIn } from "../app/language.js";

/** The portal's own words; the server names their catalogues. */
export const { languages, speakTo } = languagesIn("/portal/words");

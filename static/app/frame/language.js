import { languagesIn } from "../language.js";

/** The console's own words. */
export const { languages, speakTo } = languagesIn("/app/words");

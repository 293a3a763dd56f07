import { t } from "../app/words.js";

/** What is known of leads and companies, who says so, and whom Bureau asks. */
export default {
    views: {
        "/enrichment": () => import("../app/views/enrichment.js").then(({ enrichment }) => enrichment),
    },
    record: {
        lead: () => import("../app/selling/whosays.js").then(({ leadPart }) => ({ default: leadPart })),
        company: () => import("../app/selling/whosays.js").then(({ companyPart }) => ({ default: companyPart })),
    },
};

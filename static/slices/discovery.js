/** Discovery: what is known of leads and companies, who says so, and whom Bureau asks. */
export default {
    kinds: { "lead-forms": null, "lead-form-responses": null },
    places: { lead_form: "/lead-forms", lead_form_response: "/lead-form-responses" },
    views: {
        "/enrichment": () => import("../app/views/enrichment.js").then(({ enrichment }) => enrichment),
    },
    record: {
        lead: () => import("../app/selling/whosays.js").then(({ leadPart }) => ({ default: leadPart })),
        company: () => import("../app/selling/whosays.js").then(({ companyPart }) => ({ default: companyPart })),
    },
};

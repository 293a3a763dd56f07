import { call, get, may, withQuery } from "../api.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { ask, asked } from "./ask.js";

/** Leads from a spreadsheet and into one, where Google Sheets is connected. */
export const sheetsMenu = (query) => (may("integrations:read") && (may("leads:import") || may("leads:export"))
    ? menuButton(t("Spreadsheet"), () => [
        may("leads:import") && { text: t("Import from a spreadsheet"), run: () => withSheets(askImport) },
        may("leads:export") && { text: t("Export to a spreadsheet"),
            run: () => withSheets((sheets) => askExport(sheets, query)) },
    ].filter(Boolean)) : null);

async function withSheets(run) {
    const { data } = await get("/v1/integrations?provider=google_sheets&status=active&limit=20");
    if (data.length) return run(data);
    toast(t("Connect Google Sheets first."), { text: t("Integrations"), href: "#/settings/integrations" });
}

const choice = () => asked.record("integration_id", t("Service"), "integrations", { required: true });

function askImport(sheets) {
    ask({
        title: t("Import from a spreadsheet"), action: t("Import"),
        values: { integration_id: sheets[0].id, range: `${t("Leads")}!A:Z`, dedupe: "skip" },
        fields: [
            choice(),
            asked.text("range", t("Cells"), { required: true, help: t("The first row names the columns.") }),
            asked.choice("dedupe", t("If a record already exists"), ["skip", "update", "create"], { required: true }),
        ],
        async run(body) {
            const made = await (await call("/v1/leads/import-from-sheet", { method: "POST", body })).json();
            location.hash = withQuery(`/import/${made.id}`, { into: "leads" });
        },
    });
}

function askExport(sheets, query) {
    ask({
        title: t("Export to a spreadsheet"), action: t("Export"), said: t("Leads are in the spreadsheet"),
        values: { integration_id: sheets[0].id, tab: t("Leads") },
        fields: [
            choice(),
            asked.text("tab", t("Tab"), { required: true, help: t("Made where there is none.") }),
        ],
        run: (body) => call(withQuery("/v1/leads/export-to-sheet", query()), { method: "POST", body }),
    });
}

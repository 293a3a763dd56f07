internal import Integrations
internal import JSON
internal import Nouns
internal import Records
internal import Transfer

/// The part of a spreadsheet that is to become leads.
struct SheetImport: Declared {
    var integrationID = IntegrationID.unset
    var range = ""
    var dedupe = Import.Dedupe.skip
    var country: String?
    var mapping: JSONObject = [:]
    var clientID: ClientID?

    static let schema = Schema<SheetImport>(
        "SheetImport",
        [
            .id("integration_id", \.integrationID, .required, .about("The integration with Google Sheets.")),
            .text(
                "range", \.range, max: 300, .required, .example("Leads!A:Z"),
                .about("The cells, of which the first row has the names of the columns.")),
            .choice(
                "dedupe", \.dedupe, .standard("skip"),
                .about("The treatment of leads that exist already: skip, update or create.")),
            .country("country", \.country, .about("The country of telephone numbers in rows without one.")),
            .document("mapping", \.mapping, .about("A column's field, or null to leave it out.")),
            .id("client_id", \.clientID, .about("The client on whose behalf the leads are.")),
        ])
}

/// Where a list of leads is to be written.
struct SheetExport: Declared {
    var integrationID = IntegrationID.unset
    var tab = "Leads"

    static let schema = Schema<SheetExport>(
        "SheetExport",
        [
            .id("integration_id", \.integrationID, .required, .about("The integration with Google Sheets.")),
            .text(
                "tab", \.tab, max: 100, .standard("Leads"), .example("Leads"),
                .about(
                    "The tab, which is made where there is none. Its first column has the leads' identifiers."
                )),
        ])
}

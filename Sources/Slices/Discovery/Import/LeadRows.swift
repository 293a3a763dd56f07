package import Database
package import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Tenancy
package import Transfer

/// Brings a file of leads in.
package struct ImportJob: FileImportJob {
    package static let kind = "discovery.import"

    package init() {}

    package func rows(of record: Import, header: [String]?, in reader: Reader) throws -> LeadRows {
        let explicit: HeaderMapping.Explicit
        do throws(HeaderMapping.Explicit.Invalid) {
            explicit = try HeaderMapping.Explicit(.object(record.explicitMapping))
        } catch {
            throw FileFault(.noKnownColumn, error.detail)
        }
        return LeadRows(header, explicit, try defaults(of: record, in: reader), clientID: record.clientID)
    }

    /// Returns the defaults for reading an import, from the import's country and the agency's own settings.
    private func defaults(of record: Import, in reader: Reader) throws -> RowNormaliser.Defaults {
        let tenant = try reader.agency.tenant()
        let kinds = try reader.customFields.all(of: .lead).mapValues(\.type.cell)
        return RowNormaliser.Defaults(
            country: (record.country ?? tenant.country).flatMap { Country($0) },
            currency: Currency(tenant.currency) ?? .dollar, customKinds: kinds)
    }
}

/// Rows as leads.
package struct LeadRows: RowImport {
    package struct Item: ImportedRow {
        package let row: Int
        /// Filled fields only; an update overwrites with these.
        var values: JSONObject
        /// The lead as it would be made; its own identity is given to it when it is stored.
        var draft: Lead
        /// Whether the row comes from one of our own exports.
        let isOwn: Bool
        let key: DedupeKey?
        /// The key of the company that the lead would be tied to.
        let companyKey: String?
        package let faults: [RowFault]
        package let warnings: [RowFault]
        package let cells: [String]

        init(_ lead: ImportedLead, clientID: ClientID?, cells: () -> [String]) {
            row = lead.row
            values = lead.values
            key = lead.dedupeKey
            (draft, isOwn, faults) = (lead.lead, lead.isOwn, lead.faults)
            draft.clientID = draft.clientID ?? clientID
            draft.identityKey = key?.place
            companyKey = draft.email == nil && draft.phone == nil ? nil : draft.companyKey
            let slip = draft.email.flatMap { RowFault(slipIn: $0, of: "email", row: lead.row) }
            warnings = lead.notices + [slip].compactMap(\.self)
            self.cells = faults.isEmpty && warnings.isEmpty ? [] : cells()
        }
    }

    package let mapping: JSONObject
    package var noun: String { Lead.noun }
    private let normaliser: RowNormaliser
    private let clientID: ClientID?

    init(
        _ header: [String]?, _ explicit: HeaderMapping.Explicit, _ defaults: RowNormaliser.Defaults,
        clientID: ClientID?
    ) {
        self.clientID = clientID
        guard let header else {
            normaliser = RowNormaliser(jsonLines: explicit, defaults)
            mapping = [:]
            return
        }
        let columns = HeaderMapping(header, explicit: explicit)
        normaliser = RowNormaliser(columns, defaults)
        mapping = columns.report.object ?? [:]
    }

    package func item(_ row: CSVRow) -> Item {
        Item(normaliser.lead(row), clientID: clientID) { row.texts }
    }

    package func item(_ object: JSONObject, row: Int, excerpt: String) -> Item {
        Item(normaliser.lead(object, row: row), clientID: clientID) { [excerpt] }
    }

    package func unreadable(_ fault: RowFault, cells: [String]) -> Item {
        let lead = ImportedLead(row: fault.row, values: [:], faults: [fault], notices: [])
        return Item(lead, clientID: clientID) { cells }
    }
}

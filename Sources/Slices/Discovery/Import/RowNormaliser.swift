package import JSON
package import Records
package import Transfer

/// A row of a file as a lead: the body that creating it through the API would have.
package struct ImportedLead: Sendable {
    /// Counts data rows from 1.
    package let row: Int
    /// Whether the row comes from one of our own exports.
    package var isOwn = false
    /// The lead that the row would create.
    package var lead = Lead()
    /// Filled fields only; for an update, what is absent keeps its old value.
    package let values: JSONObject
    /// The faults: where there are any, the row is not to be written.
    package let faults: [RowFault]
    /// The values that were set aside rather than refused: the row is good, and its notes hold the text.
    package let notices: [RowFault]

    /// `nil` when nothing tells this lead from others.
    package var dedupeKey: DedupeKey? {
        let key = DedupeKey(
            email: values["email"]?.text, website: values["website"]?.text,
            contactName: values["contact_name"]?.text,
            company: values["company"]?.text)
        return key.isEmpty ? nil : key
    }
}

/// Turns rows into leads. Every policy is written down in docs/import.md.
package struct RowNormaliser: Sendable {
    /// The type of a custom field that was declared before.
    package typealias CustomKind = CustomCell

    package struct Defaults: Sendable {
        /// The country of telephone numbers without a country code, for rows without a country.
        package var country: Country?
        /// The currency of amounts that name none.
        package var currency: Currency
        package var customKinds: [String: CustomKind]

        package init(
            country: Country? = nil, currency: Currency = .dollar, customKinds: [String: CustomKind] = [:]
        ) {
            (self.country, self.currency, self.customKinds) = (country, currency, customKinds)
        }
    }

    /// The mark that a refusal leaves on a lead.
    package static let doNotContactTag = "do_not_contact"

    private let columns: [HeaderMapping.Column]
    private let isVerbatim: Bool
    private let explicit: HeaderMapping.Explicit
    private let defaults: Defaults

    /// Makes a normaliser of the rows of a CSV file.
    package init(_ mapping: HeaderMapping, _ defaults: Defaults) {
        columns = mapping.columns
        isVerbatim = mapping.isOwnExport
        explicit = .none
        self.defaults = defaults
    }

    /// Makes a normaliser of JSON lines, whose names are the API's unless the mapping says otherwise.
    package init(jsonLines explicit: HeaderMapping.Explicit, _ defaults: Defaults) {
        columns = []
        isVerbatim = false
        self.explicit = explicit
        self.defaults = defaults
    }

    package func lead(_ row: CSVRow) -> ImportedLead {
        guard row.count == columns.count else {
            let detail = "The row has \(row.count) cells, the header has \(columns.count)."
            let fault = RowFault(row: row.number, code: .columnCount, detail: detail)
            return ImportedLead(row: row.number, values: JSONObject(), faults: [fault], notices: [])
        }
        var draft = LeadDraft(row: row.number, isVerbatim: isVerbatim, defaults: defaults)
        for (index, column) in columns.enumerated() {
            guard let target = column.target, row.byteCount(index) > 0 else { continue }
            draft.take(row.text(index), target, column)
        }
        return draft.finished()
    }

    package func lead(_ object: JSONObject, row: Int) -> ImportedLead {
        // Our own export says who it is; its values are not touched.
        let isOwn = ["id", "version", "created_at"].allSatisfy { object[$0] != nil }
        var draft = LeadDraft(row: row, isVerbatim: isOwn, defaults: defaults)
        for (name, value) in object.members {
            if let target = explicit.targets[name] {
                if let target { draft.take(value, target, named: name) }
            } else if name == "custom" || name == "external_ids" {
                draft.takeMembers(value, of: name)
            } else if let target = ImportTarget(name) {
                draft.take(value, target, named: name)
            } else if !LeadField.readOnly.contains(name) {
                draft.fault(name, .unknownField, "The field '\(name)' is not known.")
            }
        }
        return draft.finished()
    }
}

package import JSON
internal import Records
internal import Transfer

/// The columns of a file, with the fields of a lead that they fill.
package struct HeaderMapping: Sendable {
    package struct Column: Hashable, Sendable {
        package let header: String
        /// `nil`: the column is left out.
        package let target: ImportTarget?
        /// The currency and scale that the header states for the amounts below it: `Revenue (kEUR)`.
        let currency: Currency?
        let scale: Int64
    }

    package let columns: [Column]
    /// The file is an export of ours: its cells are taken to the letter, nothing is repaired or guessed.
    package let isOwnExport: Bool

    /// The `mapping` of an API call, checked before any file is looked at. `null` leaves a column out; a header that
    /// the file lacks does no harm.
    package struct Explicit: Hashable, Sendable {
        package struct Invalid: Error, Hashable, Sendable {
            /// The header whose target is unknown; `nil` when the mapping is no object.
            package let header: String?
            package let detail: String
        }

        private(set) var targets: [String: ImportTarget?] = [:]

        package static let none = Explicit()
        private init() {}

        package init(_ json: JSON) throws(Invalid) {
            guard let object = json.object else {
                throw Invalid(
                    header: nil, detail: "mapping must be a JSON object, such as {\"column\": \"field\"}.")
            }
            for (header, value) in object.members {
                if value.isNull {
                    targets[header] = .some(nil)
                    continue
                }
                guard let name = value.text else {
                    throw Invalid(
                        header: header, detail: "The target of a column must be a field's name, or null.")
                }
                guard let target = ImportTarget(name) else {
                    throw Invalid(header: header, detail: "'\(name)' is not a field that an import can fill.")
                }
                targets[header] = target
            }
        }
    }

    package init(_ headers: [String], explicit: Explicit = .none) {
        isOwnExport = Self.isOwnExport(headers)
        let given = headers.map { Self.given($0, explicit) }
        // A field that was given a column explicitly is not also filled from a guessed one.
        let taken = Set(given.compactMap { $0?.flatMap(\.self) })
        let isOwn = isOwnExport
        columns = zip(headers, given).map { header, given in
            let hints = AmountHints(header)
            let target: ImportTarget?
            if let given {
                target = given
            } else {
                let guess = isOwn ? ImportTarget(header) : HeaderSynonyms.target(of: header)
                target = guess.flatMap { Self.mayGuess($0, taken) ? $0 : nil }
            }
            return Column(header: header, target: target, currency: hints.currency, scale: hints.scale)
        }
    }

    /// No column is of any use.
    package var isEmpty: Bool { !columns.contains { $0.target != nil } }
    package var holdsCompany: Bool { columns.contains { $0.target == .field(.company) } }

    /// Header → field or null, in the file's order; for the import's report.
    package var report: JSON {
        var object = JSONObject()
        for column in columns where object[column.header] == nil {
            object.append(column.header, JSON(column.target?.fieldName))
        }
        return .object(object)
    }

    private static func given(_ header: String, _ explicit: Explicit) -> ImportTarget?? {
        if let target = explicit.targets[header] { return target }
        let key = TextFolding.fold(TextCleaning.line(header))
        return explicit.targets.first { TextFolding.fold(TextCleaning.line($0.key)) == key }?.value
    }

    private static func mayGuess(_ target: ImportTarget, _ taken: Set<ImportTarget>) -> Bool {
        switch target {
        case .field(.notes), .field(.tags), .field(.painPoints): true
        case .firstName, .lastName: !taken.contains(.field(.contactName))
        case .city, .state: !taken.contains(.field(.location))
        default: !taken.contains(target)
        }
    }

    private static func isOwnExport(_ headers: [String]) -> Bool {
        let names = Set(headers)
        return names.isSuperset(of: ["id", "version", "company", "created_at"])
            && headers.allSatisfy { LeadField.readOnly.contains($0) || ImportTarget($0) != nil }
    }
}

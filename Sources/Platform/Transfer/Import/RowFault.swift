/// A fault of one row of an import, or something worth knowing about it.
package struct RowFault: Hashable, Sendable {
    /// The codes of a create's faults, and those that only a file can have.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        package static let required = Code(rawValue: "required")
        package static let wrongType = Code(rawValue: "wrong_type")
        package static let tooLong = Code(rawValue: "too_long")
        package static let outOfRange = Code(rawValue: "out_of_range")
        package static let invalidChoice = Code(rawValue: "invalid_choice")
        package static let invalidEmail = Code(rawValue: "invalid_email")
        package static let invalidCountry = Code(rawValue: "invalid_country")
        package static let invalidPhone = Code(rawValue: "invalid_phone")
        package static let invalidWebsite = Code(rawValue: "invalid_website")
        package static let invalidDate = Code(rawValue: "invalid_date")
        package static let unknownField = Code(rawValue: "unknown_field")
        package static let unknownReference = Code(rawValue: "unknown_reference")
        package static let columnCount = Code(rawValue: "column_count")
        package static let rowTooLong = Code(rawValue: "row_too_long")
        package static let possibleDuplicate = Code(rawValue: "possible_duplicate")
        package static let possibleSlip = Code(rawValue: "possible_slip")
        package static let unterminatedQuote = Code(rawValue: "unterminated_quote")
        package static let malformedJSON = Code(rawValue: "malformed_json")
    }

    /// Counts data rows from 1.
    package let row: Int
    /// A field's name in the API; `nil` when it is the row itself.
    package let field: String?
    package let code: Code
    package let detail: String

    package init(row: Int, field: String? = nil, code: Code, detail: String) {
        (self.row, self.field, self.code, self.detail) = (row, field, code, detail)
    }
}

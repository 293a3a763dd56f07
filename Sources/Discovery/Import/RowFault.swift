/// What is wrong with one row of an import, or worth knowing about it.
package struct RowFault: Hashable, Sendable {
    /// The codes of a create's faults, and those that only a file can have.
    package enum Code: String, Sendable {
        case required
        case wrongType = "wrong_type"
        case tooLong = "too_long"
        case outOfRange = "out_of_range"
        case invalidChoice = "invalid_choice"
        case invalidEmail = "invalid_email"
        case invalidCountry = "invalid_country"
        case invalidPhone = "invalid_phone"
        case invalidWebsite = "invalid_website"
        case unknownField = "unknown_field"
        case columnCount = "column_count"
        case rowTooLong = "row_too_long"
        case unterminatedQuote = "unterminated_quote"
        case malformedJSON = "malformed_json"
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

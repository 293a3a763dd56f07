internal import Records

extension RowFault {
    /// An address whose domain is a slip away from a well-known one comes in as it is written, with a warning.
    package init?(slipIn email: String, of field: String, row: Int) {
        guard let meant = EmailAddress(email)?.suggestion else { return nil }
        self.init(row: row, field: field, code: .possibleSlip, detail: "Is \(meant) meant?")
    }
}

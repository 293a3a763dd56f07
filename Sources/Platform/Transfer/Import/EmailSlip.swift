internal import Records

extension RowFault {
    /// Warns of an address whose domain is a typing error away from a well-known one; the address is imported as it is
    /// written.
    package init?(slipIn email: String, of field: String, row: Int) {
        guard let meant = EmailAddress(email)?.suggestion else { return nil }
        self.init(row: row, field: field, code: .possibleSlip, detail: "Is \(meant) meant?")
    }
}

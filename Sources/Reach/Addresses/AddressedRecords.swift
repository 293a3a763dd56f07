package import Database

/// A resource whose records have a mail address that is checked when it comes in or changes: the columns `email` and
/// `email_status`. Modules offer theirs.
package struct AddressedRecords: Sendable {
    /// The type of its records as events name it.
    package let noun: String
    package let table: String

    package init(noun: String, table: String) { (self.noun, self.table) = (noun, table) }
}

/// Somebody who waits for what is found out about addresses. Modules offer theirs.
package protocol AddressListener: Sendable {
    /// In the transaction that keeps it: `isGood` where mail to the addresses may arrive after all.
    func changed(_ addresses: [String], isGood: Bool, in tx: Transaction) throws
}

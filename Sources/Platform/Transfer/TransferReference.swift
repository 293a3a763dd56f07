package import Database
internal import JSON
package import Nouns
package import Records
internal import Tenancy

/// The way in which a file from elsewhere names another record where a field holds an identifier: by an address, or a
/// name.
package struct TransferReference: Sendable {
    /// `contact_id`.
    package let field: String
    /// The columns that a file has instead: `contact_email`. Exports have them beside the field.
    package let columns: [String]
    /// A record that is not there is left out, not a fault.
    package var isLenient = false
    package let exists: @Sendable (any Queryable, _ id: String) throws -> Bool
    /// The identifier of what the columns, of which those that are filled are given, mean.
    package let find: @Sendable (Transaction, [String: String]) throws -> UntypedID?
    /// Makes it where there is none, for a record that is about to be stored.
    package var make: (@Sendable (Transaction, [String: String], Actor) throws -> UntypedID?)?
    /// Returns for each identifier what its columns hold.
    package let keys: @Sendable (any Queryable, _ ids: [String]) throws -> [String: [String?]]

    package init<Noun>(
        _ field: String, by columns: [String],
        exists: @escaping @Sendable (any Queryable, _ id: String) throws -> Bool,
        find: @escaping @Sendable (Transaction, [String: String]) throws -> ID<Noun>?,
        keys: @escaping @Sendable (any Queryable, _ ids: [String]) throws -> [String: [String?]]
    ) {
        (self.field, self.columns) = (field, columns)
        (self.exists, self.keys) = (exists, keys)
        self.find = { try find($0, $1)?.untyped }
    }

    /// One whose lack is no fault of a row.
    package var lenient: TransferReference {
        var reference = self
        reference.isLenient = true
        return reference
    }
}

extension TransferReference {
    /// One of the agency's own people, by address or name.
    package static func user(_ field: String, by column: String) -> TransferReference {
        TransferReference(
            field, by: [column],
            exists: { reader, id in try UserID(id).flatMap { try User.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> UserID? in
                guard let text = given[column] else { return nil }
                let condition: SQL =
                    if let email = EmailAddress(text) { "email = \(email.key)" } else { "name = \(text)" }
                return try User.resource.first(where: condition, suffix: "ORDER BY row LIMIT 1", in: tx)?.id
            },
            keys: { reader, ids in try User.resource.texts(\.email, of: ids, in: reader) })
    }
}

extension Resource {
    /// One text of each of some records, by their identifiers.
    package func texts(
        _ text: (R) -> String?, of ids: [String], in reader: some Queryable
    ) throws -> [String: [String?]] {
        try values(of: ids, in: reader) { [text($0)] }
    }
}

internal import Database
package import Nouns
package import Telemetry

/// The properties that every record has beside its own. A record keeps one, and is read through it: `lead.id` is
/// `lead.head.id`.
package struct Head<R: Identified>: Sendable {
    package var id = ID<R>.unset
    /// The row's number in its table, by which full text refers to it; 0 until it is stored.
    package var row: Int64 = 0
    /// Rises by one with every change; the ETag.
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)

    package init() {}

    /// Reads a row that begins with `row` and `id`, and whose column `last` is `updated_at`, behind `version` and
    /// `created_at`.
    init(_ row: Row, last: Int) {
        id = ID(row: row, column: 1)
        self.row = row.int64(0)
        version = row.int(last - 2)
        createdAt = row.instant(last - 1)
        updatedAt = row.instant(last)
    }
}

extension Record {
    package var id: ID<Identity> {
        get { head.id }
        set { head.id = newValue }
    }
    package var row: Int64 {
        get { head.row }
        set { head.row = newValue }
    }
    package var version: Int {
        get { head.version }
        set { head.version = newValue }
    }
    package var createdAt: Instant {
        get { head.createdAt }
        set { head.createdAt = newValue }
    }
    package var updatedAt: Instant {
        get { head.updatedAt }
        set { head.updatedAt = newValue }
    }
}

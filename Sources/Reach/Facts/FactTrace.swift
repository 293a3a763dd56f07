package import Database
package import Jobs
package import Telemetry

/// The trace that a source wrote some fields of a record, as a module knows it from its own tables. Such
/// values are facts without rows: what was imported or synced costs nothing more for having an origin.
package struct WrittenTrace: Sendable {
    package let source: FactSource
    /// The fields; `nil`: those that the record had at that time.
    package let fields: Set<String>?
    package let at: Instant

    package init(_ source: FactSource, fields: Set<String>?, at: Instant) {
        (self.source, self.fields, self.at) = (source, fields, at)
    }
}

/// A place where a module knows who wrote a record: imports know their files, syncs their other side. Modules offer
/// these (`ModuleOffer((any FactTrace).self)`).
package protocol FactTrace: Sendable {
    /// Returns what was written to a record, newest first, at most a few dozen.
    func traces(of subject: Subject, in reader: any Queryable) throws -> [WrittenTrace]
}

internal import Agents
internal import ChangeSets
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records

/// Some of the agency's leads, contacts or clients: those that a filter finds, or those that somebody put in. One row
/// of `segments`; `segment_members` has who is in it, and is kept as records change.
package struct Segment: ManagedRecord {
    package enum Kind: String, Choice { case leads, contacts, clients }

    package var head = Head<Nouns.Segment>()
    package var name = ""
    package var kind = Kind.leads
    package var isStatic = false
    /// The filter as it was sent; `null` for a static one.
    package var filter = JSON.null

    package init() {}

    package static let resource = Resource<Segment>(
        "segments", named: "Segment",
        console: ConsoleForm(
            columns: ["of", "static", "updated_at"], form: ["name", "of", "static", "filter"],
            filters: ["of", "static"]),
        [
            .text(
                "name", \.name, max: 200, .required, .filterable, .sortable, .searchable,
                .example("Shops in Germany"), .about("The name that colleagues choose the segment by.")),
            .choice(
                "of", \.kind, .standard("leads"), .writeOnce, .filterable, .label("Of"),
                .about("The records that the segment is made of.")),
            .boolean(
                "static", \.isStatic, .standard(false), .writeOnce, .filterable,
                .about("Whether its members are put in by hand, instead of found by a filter.")),
            .document(
                "filter", \.filter, schema: SegmentFilter.schema, .example(SegmentFilter.example),
                .about("The condition that its members meet; null for a static one.")),
        ])

    /// The most segments that an agency may have: each is asked about every record that changes.
    private static let countMax: Int64 = 500

    package func prepare(replacing old: Segment?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if isStatic {
            if !filter.isNull {
                faults.add("/filter", "conflict", "A static segment has no filter: leave it out.")
            }
        } else {
            _ = try SegmentFilter(filter, of: kind, tx.runtime.records, in: tx, &faults)
        }
        try faults.throwIfAny()
        if old == nil, try tx.segments.count() >= Self.countMax {
            throw Problem(
                .conflict,
                "The agency has \(Self.countMax) segments, the most there may be: delete one that is not used."
            )
        }
    }

    package func saved(replacing old: Segment?, by actor: Actor, in tx: Transaction) throws {
        if old?.filter != filter, !isStatic { try tx.segments.begin(filling: self) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if try tx.segments.isUsed(id) {
            throw Problem(.conflict, "Content is meant for the segment: give it another one first.")
        }
        try tx.segments.forget(self)
    }
}

extension Segment.Kind {
    /// The type of its records as subjects of events.
    var noun: String { String(rawValue.dropLast()) }
    /// The column that names the person who acts, in whose name activities are kept.
    var personColumn: String { self == .contacts ? "id" : "contact_id" }
    /// The field by which people know a record.
    var nameField: String { self == .leads ? "company" : "name" }

    /// Returns the kind of segment that records of a type may be in.
    init?(noun: String) {
        guard let kind = Self.allCases.first(where: { $0.noun == noun }) else { return nil }
        self = kind
    }
}

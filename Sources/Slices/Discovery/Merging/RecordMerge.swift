internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Transfer

/// A merge of contacts, or of companies, as it can be taken back: it holds what each of them was before. The rows that
/// named another record then are noted beside it (`tx.references`).
struct RecordMerge: Record {
    var head = Head<RecordMerge>()
    /// The kept record.
    var contactID: ContactID?
    var companyID: ID<Company>?
    var keptBefore: JSONObject = [:]
    var mergedBefore: JSON = []
    /// The things that the merge has made beside, by the id of the record that was merged away.
    var made: JSONObject = [:]
    var undoneAt: Instant?

    static let idPrefix = "rmerge", noun = "record_merge"
    static let resource = Resource<RecordMerge>(
        "record_merges", named: "RecordMerge",
        rule: .first(of: [
            .parent("contact_id", of: "contacts"), .parent("company_id", of: "companies"),
        ]),
        [
            .id("contact_id", \.contactID), .id("company_id", \.companyID),
            .document("kept_before", \.keptBefore),
            .document("merged_before", \.mergedBefore, schema: ["type": "array"]),
            .document("made", \.made),
            .instant("undone_at", \.undoneAt),
        ])

    var documents: [JSON] { mergedBefore.array ?? [] }
}

/// A kind of record of which a person may make one of several.
protocol Mergeable: Matchable {
    /// Fields that are filled from the records taken in, where the kept one has nothing.
    static var filled: Set<String> { get }
    /// Whether sources say what its fields hold.
    static var hasFacts: Bool { get }
    static func kept(in merge: RecordMerge) -> ID<Identity>?
    func keep(in merge: inout RecordMerge)
    var clientID: ClientID? { get }
    var externalIDs: JSONObject { get set }
    /// Takes over of another what is stricter there than here.
    mutating func restrict(as other: Self)
    /// Takes back what was stricter there alone.
    mutating func relax(to before: Self, without others: [Self])
    /// Takes over what is another's; `move` does that for all that names the other. Returns what was made beside.
    func take(
        _ gone: Self, by actor: Actor, in tx: Transaction, move: () throws -> Void
    ) throws -> JSONObject
    /// Takes back what was made beside; the other is there again.
    func giveBack(_ gone: Self, _ made: JSONObject, by actor: Actor, in tx: Transaction) throws
}

extension Mergeable {
    static var hasFacts: Bool { false }
    func restrict(as other: Self) {}
    func relax(to before: Self, without others: [Self]) {}
    func take(
        _ gone: Self, by actor: Actor, in tx: Transaction, move: () throws -> Void
    ) throws -> JSONObject {
        try move()
        return [:]
    }
    func giveBack(_ gone: Self, _ made: JSONObject, by actor: Actor, in tx: Transaction) throws {}
}

extension Company: Mergeable {
    static let filled: Set<String> = [
        "website", "industry", "employee_count", "annual_revenue", "location", "country", "notes",
        "client_id",
    ]
    static var hasFacts: Bool { true }
    static func kept(in merge: RecordMerge) -> ID<Company>? { merge.companyID }
    func keep(in merge: inout RecordMerge) { merge.companyID = id }
}

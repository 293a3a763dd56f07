internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A record of the agency and the service's record that belongs to it: a row of `sync_links`.
struct SyncLink: StoredRow {
    enum State: String, Choice {
        case linked
        /// The service was asked to make its record, and it is not known yet whether it did.
        case creating
        /// A person has taken back what made the pair: it stays apart.
        case undone
        /// One of the two is no more.
        case ended
    }

    /// The identifiers of the agency's record and of the service's.
    var here: String
    var there: String?
    var state = State.linked
    var base = AgreedFields()
    /// The fingerprint of the service's record as it was last seen.
    var seen: String?
    /// The version of the agency's record when the two were last compared.
    var localVersion = 0
    /// It is to be looked at in any case: something was left to do.
    var isDirty = false
    /// The fields that were sent to the service, until it is known what became of that.
    var sent: AgreedFields?
    /// The service has deleted its record, and nothing followed from that yet.
    var isDeleted = false

    static let columns = Columns(of: Self.self)

    init(local: String, remote: String?) { (here, there) = (local, remote) }

    init(_ row: inout ColumnReader) throws {
        (here, there) = (row.text("local_id"), row.optionalText("remote_id"))
        state = State(rawValue: row.text("state")) ?? .linked
        let (base, others) = (try row.optionalJSON("base"), try row.optionalJSON("base_remote"))
        self.base = AgreedFields(local: base?.object ?? [:], others: others?.object ?? [:])
        (seen, localVersion) = (row.optionalText("seen"), row.int("local_version"))
        isDirty = row.bool("is_dirty")
        sent = try row.optionalJSON("sent").map { stored in
            AgreedFields(local: stored["local"]?.object ?? [:], others: stored["others"]?.object ?? [:])
        }
        isDeleted = row.bool("is_deleted")
    }

    /// Whether the service is to have such a record, and was never asked to make it: bad data holds it back.
    var isToBeMade: Bool { there == nil && state == .linked }
    var isAlive: Bool { state == .linked || state == .creating }
}

/// The fingerprint of a record (FNV-1a): whether anything in it has changed.
struct RecordMark {
    private var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        value = (value ^ 0xFF) &* 0x100_0000_01b3
    }

    var text: String { String(value, radix: 36) }
}

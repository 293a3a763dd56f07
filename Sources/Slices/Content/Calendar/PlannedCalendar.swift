internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The plans of some days beside the slots of rules, with what of them is in each other's way and what is missing.
struct PlannedCalendar: Sendable {
    struct Conflict: Sendable {
        enum Code: String, CaseIterable, Sendable {
            case sameTime = "same_time"
            case sameText = "same_text"
        }

        let code: Code
        let ids: [String]
    }

    struct Gap: Sendable {
        let account: String
        let date: CivilDate
    }

    /// In the order of their days and moments.
    let entries: [PlannedEntry]
    let conflicts: [Conflict]
    let gaps: [Gap]
    private let zone: TimeZoneRules

    /// A gap is only told for so many days.
    private static let gapDaysMax = 400

    init(
        _ range: CalendarRange, _ dependencies: CalendarDependencies, zone: TimeZoneRules,
        in reader: some Queryable
    ) throws {
        self.zone = zone
        let posts = try dependencies.posts(reader, range)
        let found =
            try posts + reader.content.planned(in: range) + dependencies.emails(reader, range)
            + dependencies.milestones(reader, range)
        var shown: [PlannedEntry] = []
        shown.reserveCapacity(found.count)
        for entry in found where reader.limit.shows(entry.client) && range.shows(entry) {
            shown.append(entry)
            if let at = entry.at { shown[shown.count - 1].date = zone.local(of: at).date }
        }
        // Each source is in order, and most calendars have one.
        let isInOrder = zip(shown, shown.dropFirst()).allSatisfy { !$1.comes(before: $0) }
        entries = isInOrder ? shown : shown.sorted { $0.comes(before: $1) }
        conflicts = Self.conflicts(of: entries)
        let queues = try dependencies.queues(reader).filter { queue in
            reader.limit.shows(queue.client) && range.client.map { $0 == queue.client } ?? true
                && range.network.map { $0 == queue.network } ?? true
        }
        gaps =
            range.campaign == nil
            ? Self.gaps(of: queues, beside: posts, range, zone: zone, now: reader.now) : []
    }

    private struct Moment: Hashable {
        let lane: String
        let at: Instant
    }

    /// The places of entries that have the same key as an earlier one, by the place of that.
    private struct Repeats<Key: Hashable> {
        private var first: [Key: Int] = [:]
        private(set) var places: [Int: [Int]] = [:]

        init(capacity: Int) { first.reserveCapacity(capacity) }

        mutating func add(_ key: Key, at place: Int) {
            if let first = first[key] {
                places[first, default: [first]].append(place)
            } else {
                first[key] = place
            }
        }
    }

    /// Returns what is in each other's way, in the order of the first of each.
    private static func conflicts(of entries: [PlannedEntry]) -> [Conflict] {
        var moments = Repeats<Moment>(capacity: entries.count)
        // By a hash of 64 bits, with this process's own seed: a text for each took a tenth of a month's time.
        var words = Repeats<Int>(capacity: entries.count), said: [UInt8] = []
        for (place, entry) in entries.enumerated() where entry.isOpen {
            guard let lane = entry.lane else { continue }
            if let at = entry.at { moments.add(Moment(lane: lane, at: at), at: place) }
            guard let text = entry.text else { continue }
            text.putSameWords(into: &said)
            guard !said.isEmpty else { continue }
            var hasher = Hasher()
            hasher.combine(lane)
            said.withUnsafeBytes { hasher.combine(bytes: $0) }
            words.add(hasher.finalize(), at: place)
        }
        return Set(moments.places.keys).union(words.places.keys).sorted().flatMap { first in
            [(Conflict.Code.sameTime, moments.places[first]), (.sameText, words.places[first])]
                .compactMap { code, places in
                    places.map { Conflict(code: code, ids: $0.map { entries[$0].id }) }
                }
        }
    }

    /// The days on which a slot that is still to come has no post.
    private static func gaps(
        of queues: [PlannedQueue], beside posts: [PlannedEntry], _ range: CalendarRange, zone: TimeZoneRules,
        now: Instant
    ) -> [Gap] {
        guard !queues.isEmpty else { return [] }
        let taken = Set(
            posts.filter(\.isOpen).compactMap { post in
                post.at.map { Moment(lane: post.lane ?? "", at: $0) }
            })
        var gaps: [Gap] = []
        let days = min(range.last.daysSinceEpoch - range.first.daysSinceEpoch, gapDaysMax)
        for offset in 0...max(0, days) {
            let day = range.first.adding(days: offset)
            for queue in queues {
                let own = queue.zone.flatMap { TimeZoneRules(named: $0) } ?? zone
                let isMissing = queue.slots.contains { slot in
                    guard slot.weekday == day.weekday else { return false }
                    let at = own.firstInstant(
                        atOrAfter: LocalTime(date: day, secondsOfDay: slot.minuteOfDay * 60))
                    return at > now && !taken.contains(Moment(lane: queue.account, at: at))
                }
                if isMissing { gaps.append(Gap(account: queue.account, date: day)) }
            }
        }
        return gaps
    }
}

extension CalendarRange {
    fileprivate func shows(_ entry: PlannedEntry) -> Bool {
        if let client, entry.client != client { return false }
        if let campaign, entry.campaign != campaign { return false }
        if let network, entry.network != network { return false }
        return true
    }
}

extension RowLimit? {
    /// Whether the caller may see what belongs to a client, or to none.
    fileprivate func shows(_ client: ClientID?) -> Bool {
        guard let self else { return true }
        return client.map(self.clients.contains) ?? false
    }
}

extension String {
    /// Puts the words in lower case, with one space between: what readers take for the same.
    fileprivate func putSameWords(into bytes: inout [UInt8]) {
        if putPlainWords(into: &bytes) { return }
        bytes = Array(lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").utf8)
    }

    /// Puts the words of a text in ASCII; returns `false` for any other text. A month has thousands of posts, and to
    /// read them letter by letter took two fifths of its time.
    private func putPlainWords(into bytes: inout [UInt8]) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        for byte in utf8 {
            guard byte < 0x80 else { return false }
            if byte == 0x20 || (0x09...0x0d).contains(byte) {
                if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
            } else {
                bytes.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte)
            }
        }
        if bytes.last == 0x20 { bytes.removeLast() }
        return true
    }
}

extension PlannedEntry {
    /// By day, then by moment: what has none comes first.
    fileprivate func comes(before other: PlannedEntry) -> Bool {
        if date != other.date { return (date?.daysSinceEpoch ?? .min) < (other.date?.daysSinceEpoch ?? .min) }
        let (own, others) = (at?.microseconds ?? .min, other.at?.microseconds ?? .min)
        if own != others { return own < others }
        return (kind.rawValue, id) < (other.kind.rawValue, other.id)
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("kind", kind.rawValue)
        writer.member("id", id)
        writer.member("date", date?.iso)
        writer.member("at", at?.description)
        writer.member("title", title)
        writer.member("status", status)
        writer.member("client_id", client?.text)
        writer.member("campaign_id", campaign?.text)
        writer.member("network", network)
        writer.member("account_id", kind == .post ? lane : nil)
        writer.member("version", JSON(version))
        writer.member("moves", .bool(moves))
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }
}

extension PlannedCalendar.Conflict {
    var json: JSON { ["code": .string(code.rawValue), "ids": JSON(ids)] }

    static let schema = JSON.schema(
        [
            "code": [
                "enum": JSON(Code.allCases.map(\.rawValue)),
                "description": "Whether they are at the same moment, or say the same.",
            ],
            "ids": [
                "type": "array", "items": ["type": "string"],
                "description": "The entries that are in each other's way.",
            ],
        ], required: ["code", "ids"])
}

extension PlannedCalendar.Gap {
    var json: JSON { ["account_id": .string(account), "date": .string(date.iso)] }

    static let schema = JSON.schema(
        [
            "account_id": ["type": "string", "description": "The account whose queue has a free slot."],
            "date": ["type": "string", "format": "date", "description": "The day of the slot."],
        ], required: ["account_id", "date"])
}

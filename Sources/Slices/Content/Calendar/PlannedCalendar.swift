internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wire

/// The plans of some days beside the slots of rules, with what of them is in each other's way and what is missing.
struct PlannedCalendar: Sendable {
    struct Conflict: Sendable {
        enum Code: String, CaseIterable, Sendable {
            case sameTime = "same_time"
            case sameText = "same_text"
        }

        let code: Code
        let ids: [UntypedID]
    }

    struct Gap: Sendable {
        let account: SocialAccountID
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
        var found = Self.first(try dependencies.posts(reader, range))
        let queues = try dependencies.queues(reader).filter { queue in
            range.campaign == nil && reader.limit.shows(queue.client)
                && range.client.map { $0 == queue.client } ?? true
                && range.network.map { $0 == queue.network } ?? true
        }
        gaps = Self.gaps(of: queues, beside: found, range, zone: zone, now: reader.now)
        found += try reader.content.planned(in: range)
        found += try dependencies.emails(reader, range)
        found += try dependencies.milestones(reader, range)
        found += try dependencies.spaces(reader, range)
        if reader.limit != nil || range.isFiltered {
            found.removeAll { !reader.limit.shows($0.client) || !range.shows($0) }
        }
        // Each source is in order, and most calendars have one.
        if !Self.settleDates(of: &found, zone) { found.sort { $0.comes(before: $1) } }
        entries = found
        conflicts = Self.conflicts(of: found)
    }

    /// Cuts posts, of which those to come and those that stand are read apart, to as many as are shown of one kind.
    private static func first(_ posts: [PlannedEntry]) -> [PlannedEntry] {
        guard posts.count > CalendarRange.entriesMax else { return posts }
        func key(_ post: PlannedEntry) -> (Int64, String) {
            (post.at?.microseconds ?? .min, post.id.description)
        }
        return Array(posts.sorted { key($0) < key($1) }.prefix(CalendarRange.entriesMax))
    }

    /// Gives the entries that have a moment its date; returns whether they are in order. Reads only what it compares:
    /// to copy an entry costs as much as the rest of it.
    private static func settleDates(of entries: inout [PlannedEntry], _ zone: TimeZoneRules) -> Bool {
        var days = DaysOfMoments(zone), isInOrder = true, last: (day: Int, at: Int64) = (.min, .min)
        for place in entries.indices {
            let at = entries[place].at
            if let at { entries[place].date = days.date(of: at) }
            guard isInOrder else { continue }
            let key = (day: entries[place].date?.daysSinceEpoch ?? .min, at: at?.microseconds ?? .min)
            if place > 0 {
                isInOrder = key > last || key == last && !entries[place].comes(before: entries[place - 1])
            }
            last = key
        }
        return isInOrder
    }

    /// Finds the dates of moments, which are quickest found in order.
    private struct DaysOfMoments {
        private let zone: TimeZoneRules
        private var date: CivilDate?, moments = Instant(microseconds: 0)..<Instant(microseconds: 0)

        init(_ zone: TimeZoneRules) { self.zone = zone }

        mutating func date(of moment: Instant) -> CivilDate {
            if let date, moments.contains(moment) { return date }
            let found = zone.local(of: moment).date
            let begin = zone.firstInstant(atOrAfter: LocalTime(found, hour: 0))
            date = found
            moments = begin..<max(begin, zone.firstInstant(atOrAfter: LocalTime(found.adding(days: 1), hour: 0)))
            return found
        }
    }

    private struct Moment: Hashable {
        let lane: UntypedID
        let at: Instant
    }

    /// The places of entries that have the same key as an earlier one, by the place of that.
    private struct Repeats<Key: Hashable> {
        private var first: [Key: Int] = [:]
        private(set) var places: [Int: [Int]] = [:]

        init(capacity: Int = 0) { first.reserveCapacity(capacity) }

        mutating func add(_ key: Key, at place: Int) {
            // One look for nearly all, which are the first with their key.
            guard let before = first.updateValue(place, forKey: key) else { return }
            first[key] = before
            places[before, default: [before]].append(place)
        }
    }

    /// Returns what is in each other's way, in the order of the first of each. The entries are in order.
    private static func conflicts(of entries: [PlannedEntry]) -> [Conflict] {
        let moments = sameMoments(in: entries)
        // By a hash of 64 bits, with this process's own seed: a text for each took a tenth of a month's time.
        var words = Repeats<Int>(capacity: entries.count), said: [UInt8] = []
        for place in entries.indices where entries[place].isOpen {
            guard let lane = entries[place].lane, let text = entries[place].text else { continue }
            let count = text.putSameWords(into: &said)
            guard count > 0 else { continue }
            var hasher = Hasher()
            hasher.combine(lane)
            said[..<count].withUnsafeBytes { hasher.combine(bytes: $0) }
            words.add(hasher.finalize(), at: place)
        }
        return Set(moments.places.keys).union(words.places.keys).sorted().flatMap { first in
            [(Conflict.Code.sameTime, moments.places[first]), (.sameText, words.places[first])]
                .compactMap { code, places in
                    places.map { Conflict(code: code, ids: $0.map { entries[$0].id }) }
                }
        }
    }

    /// Finds the entries that stand in one lane at one moment. Those of a moment are side by side, and most are alone.
    private static func sameMoments(in entries: [PlannedEntry]) -> Repeats<Moment> {
        var moments = Repeats<Moment>(), begin = entries.startIndex
        while begin < entries.endIndex {
            var end = begin + 1
            guard let at = entries[begin].at else {
                begin = end
                continue
            }
            while end < entries.endIndex, entries[end].at == at { end += 1 }
            if end - begin > 1 {
                for place in begin..<end where entries[place].isOpen {
                    guard let lane = entries[place].lane else { continue }
                    moments.add(Moment(lane: lane, at: at), at: place)
                }
            }
            begin = end
        }
        return moments
    }

    /// The days on which a slot that is still to come has no post.
    private static func gaps(
        of queues: [PlannedQueue], beside posts: [PlannedEntry], _ range: CalendarRange, zone: TimeZoneRules,
        now: Instant
    ) -> [Gap] {
        guard !queues.isEmpty else { return [] }
        var taken: Set<Moment> = []
        for place in posts.indices where posts[place].isOpen {
            guard let lane = posts[place].lane, let at = posts[place].at else { continue }
            taken.insert(Moment(lane: lane, at: at))
        }
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
                    return at > now && !taken.contains(Moment(lane: queue.account.untyped, at: at))
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
    /// Returns whether the caller may see what belongs to a client, or to none.
    fileprivate func shows(_ client: ClientID?) -> Bool {
        guard let self else { return true }
        return client.map(self.clients.contains) ?? false
    }
}

extension String {
    /// Puts the words in lower case, with one space between, at the begin of `bytes`: what readers take for the same.
    /// Returns how many bytes they are.
    fileprivate func putSameWords(into bytes: inout [UInt8]) -> Int {
        if let count = putPlainWords(into: &bytes) { return count }
        bytes = Array(lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").utf8)
        return bytes.count
    }

    /// Puts the words of a text in ASCII; returns `nil` for any other text. A month has thousands of posts, and to read
    /// them letter by letter took two fifths of its time.
    private func putPlainWords(into bytes: inout [UInt8]) -> Int? {
        if bytes.count < utf8.count { bytes = [UInt8](repeating: 0, count: utf8.count) }
        return bytes.withUnsafeMutableBufferPointer { bytes in
            utf8.withContiguousStorageIfAvailable { letters -> Int? in
                var count = 0, isBehindSpace = true
                for byte in letters {
                    guard byte < 0x80 else { return nil }
                    if byte == 0x20 || (0x09...0x0d).contains(byte) {
                        if isBehindSpace { continue }
                        bytes[count] = 0x20
                        isBehindSpace = true
                    } else {
                        bytes[count] = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
                        isBehindSpace = false
                    }
                    count += 1
                }
                return isBehindSpace ? max(0, count - 1) : count
            } ?? nil
        }
    }
}

extension PlannedEntry {
    /// By day, then by moment: what has none comes first.
    fileprivate func comes(before other: PlannedEntry) -> Bool {
        if date != other.date { return (date?.daysSinceEpoch ?? .min) < (other.date?.daysSinceEpoch ?? .min) }
        let (own, others) = (at?.microseconds ?? .min, other.at?.microseconds ?? .min)
        if own != others { return own < others }
        return (kind.rawValue, id.description) < (other.kind.rawValue, other.id.description)
    }

    /// Writes the entry; `day` is its date as JSON. Each value by itself: by what all values of fields have in
    /// common it took twice as long.
    func write(to output: OutputBuffer, day: String) {
        output.append("{\"kind\":\"")
        output.appendString(kind.rawValue)
        output.append("\",\"id\":")
        output.append(id)
        output.append(",\"date\":")
        output.appendString(day)
        output.append(",\"at\":")
        if let at { output.appendInstant(at) } else { output.appendNull() }
        output.append(",\"title\":")
        output.appendJSONString(title)
        output.append(",\"status\":")
        output.appendJSONString(status)
        output.append(",\"client_id\":")
        output.append(client?.untyped)
        output.append(",\"campaign_id\":")
        output.append(campaign?.untyped)
        output.append(",\"network\":")
        if let network { output.appendJSONString(network) } else { output.appendNull() }
        output.append(",\"account_id\":")
        output.append(kind == .post ? lane : nil)
        output.append(",\"version\":")
        if let version { output.appendInteger(Int64(version)) } else { output.appendNull() }
        output.append(moves ? ",\"moves\":true}" : ",\"moves\":false}")
    }
}

extension OutputBuffer {
    /// Appends an identifier in quotes, or null.
    fileprivate func append(_ id: UntypedID?) {
        guard let id else { return appendNull() }
        append("\"")
        id.withUTF8 { unsafe append($0) }
        append("\"")
    }
}

extension PlannedCalendar.Conflict {
    var json: JSON { ["code": .string(code.rawValue), "ids": JSON(ids.map(\.description))] }

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
    var json: JSON { ["account_id": JSON(account), "date": .string(date.iso)] }

    static let schema = JSON.schema(
        [
            "account_id": ["type": "string", "description": "The account whose queue has a free slot."],
            "date": ["type": "string", "format": "date", "description": "The day of the slot."],
        ], required: ["account_id", "date"])
}

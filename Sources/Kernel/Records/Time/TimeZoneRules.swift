internal import Synchronization
package import Telemetry

/// The rules of one zone of the tz database: what clocks on its walls show at an instant, and which
/// instants a wall clock's time means. Read from the machine's compiled files (RFC 8536), each once.
package struct TimeZoneRules: Sendable {
    package let name: String
    private let table: TransitionTable

    /// The rules of a zone such as `Europe/Berlin`; `nil` when the machine knows no such zone.
    package init?(named name: String) {
        guard let table = ZoneFiles.shared.table(name) else { return nil }
        (self.name, self.table) = (name, table)
    }

    /// Reads the bytes of a compiled file; `nil` when they are none.
    package init?(name: String, file: [UInt8]) {
        guard let table = TransitionTable(file: file) else { return nil }
        (self.name, self.table) = (name, table)
    }

    package static let utc = TimeZoneRules(name: "UTC", table: TransitionTable())

    private init(name: String, table: TransitionTable) { (self.name, self.table) = (name, table) }

    /// Returns whether `init(named:)` succeeds. Names that are paths, or whose meaning depends on the machine
    /// (`localtime`), are no zones.
    package static func isKnown(_ name: String) -> Bool { TimeZoneRules(named: name) != nil }

    /// Seconds east of UTC.
    package func offset(at instant: Instant) -> Int { table.offset(at: instant.seconds) }

    /// Returns the time that a clock on the wall shows, without the fraction of the second.
    package func local(of instant: Instant) -> LocalTime {
        LocalTime(secondsSinceEpoch: instant.seconds + Int64(offset(at: instant)))
    }

    /// The instants at which clocks show `local`, earliest first: one, as a rule; none inside a gap
    /// (clocks went forward over it); two in a fold (clocks went back and pass it again).
    package func instants(of local: LocalTime) -> [Instant] {
        let wall = local.secondsSinceEpoch
        return offsets(around: wall)
            .map { wall - Int64($0) }
            .filter { table.offset(at: $0) == Int(wall - $0) }
            .sorted()
            .map(Instant.init(seconds:))
    }

    /// The first instant at which clocks show `local`; inside a gap, the instant at which the gap ends.
    package func firstInstant(atOrAfter local: LocalTime) -> Instant {
        if let first = instants(of: local).first { return first }
        let wall = local.secondsSinceEpoch
        var time = wall - Self.reach
        while let change = table.nextTransition(after: time) {
            if change + Int64(table.offset(at: change)) > wall { return Instant(seconds: change) }
            time = change
        }
        preconditionFailure("a gap lies before a transition")
    }

    /// The next instant at which the offset changes; `nil` where it never will again.
    package func nextTransition(after instant: Instant) -> Instant? {
        table.nextTransition(after: instant.seconds).map(Instant.init(seconds:))
    }

    /// Wider than any offset, and than any jump (Samoa left out a whole day).
    private static let reach: Int64 = 50 * 3600

    private func offsets(around wall: Int64) -> [Int] {
        var time = wall - Self.reach
        var found = [table.offset(at: time)]
        while let change = table.nextTransition(after: time), change <= wall + Self.reach {
            let offset = table.offset(at: change)
            if !found.contains(offset) { found.append(offset) }
            time = change
        }
        return found
    }
}

/// The time that a clock on the wall shows: a day and the seconds gone of it (0–86,399, whatever the length of the
/// day).
package struct LocalTime: Hashable, Comparable, Sendable {
    package var date: CivilDate
    package var secondsOfDay: Int

    package init(date: CivilDate, secondsOfDay: Int) {
        precondition((0..<86_400).contains(secondsOfDay))
        (self.date, self.secondsOfDay) = (date, secondsOfDay)
    }

    package init(_ date: CivilDate, hour: Int, minute: Int = 0, second: Int = 0) {
        self.init(date: date, secondsOfDay: hour * 3600 + minute * 60 + second)
    }

    package var hour: Int { secondsOfDay / 3600 }
    package var minute: Int { secondsOfDay / 60 % 60 }
    package var second: Int { secondsOfDay % 60 }

    package static func < (a: LocalTime, b: LocalTime) -> Bool { a.secondsSinceEpoch < b.secondsSinceEpoch }

    /// As if the wall hung at UTC.
    fileprivate var secondsSinceEpoch: Int64 { Int64(date.daysSinceEpoch) * 86_400 + Int64(secondsOfDay) }

    fileprivate init(secondsSinceEpoch seconds: Int64) {
        let days = seconds.dividedDown(by: 86_400)
        date = CivilDate(daysSinceEpoch: Int(days))
        secondsOfDay = Int(seconds - days * 86_400)
    }
}

/// The zones read so far. Only names with a file are kept, so their number is bounded.
private final class ZoneFiles: Sendable {
    static let shared = ZoneFiles(folder: "/usr/share/zoneinfo")

    private let folder: String
    private let known = Mutex<[String: TransitionTable]>([:])

    init(folder: String) { self.folder = folder }

    func table(_ name: String) -> TransitionTable? {
        if let table = known.withLock({ $0[name] }) { return table }
        guard Self.isName(name), let bytes = readSmallFile("\(folder)/\(name)", limit: 1 << 18),
            let table = TransitionTable(file: bytes)
        else { return nil }
        known.withLock { $0[name] = table }
        return table
    }

    /// Letters, digits, `_`, `+`, `-` in parts between slashes: nothing that leaves the folder.
    static func isName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), !["localtime", "posixrules", "Factory"].contains(name)
        else {
            return false
        }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // `right/` counts leap seconds, `posix/` repeats the rest.
        if let first = parts.first, ["right", "posix"].contains(String(Substring(first))) { return false }
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}

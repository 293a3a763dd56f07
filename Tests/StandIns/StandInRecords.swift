import Foundation
package import JSON
import Synchronization

/// The records of a service that is stood in for. Each change is a second after the one before, so that tests tell them
/// apart; what was removed is kept as such.
package final class StandInRecords: Sendable {
    package struct Record: Sendable {
        package let id: String
        package var fields: JSONObject
        /// Seconds since 1970.
        package var changed: Int64
        package let created: Int64
        package var isGone = false
    }

    private struct State {
        var records: [String: Record] = [:]
        var order: [String] = []
        var clock = StandInTime.now - 86_400
        var number: Int
    }

    private let state: Mutex<State>
    private let name: @Sendable (Int) -> String

    /// `name`: the identifier of the record of a number, from `first` on.
    package init(from first: Int = 501, _ name: @escaping @Sendable (Int) -> String = { "\($0)" }) {
        state = Mutex(State(number: first))
        self.name = name
    }

    @discardableResult
    package func add(_ fields: JSONObject) -> Record {
        state.withLock { state in
            state.clock += 1
            let id = name(state.number)
            state.number += 1
            let record = Record(id: id, fields: fields, changed: state.clock, created: state.clock)
            state.records[id] = record
            state.order.append(id)
            return record
        }
    }

    /// `nil` where there is no such record.
    @discardableResult
    package func change(_ id: String, _ fields: JSONObject) -> Record? {
        state.withLock { state in
            guard var record = state.records[id], !record.isGone else { return nil }
            state.clock += 1
            record.fields = JSON.object(record.fields).adding(fields).object ?? [:]
            record.changed = state.clock
            state.records[id] = record
            return record
        }
    }

    @discardableResult
    package func remove(_ id: String) -> Bool {
        state.withLock { state in
            guard var record = state.records[id], !record.isGone else { return false }
            state.clock += 1
            (record.isGone, record.changed) = (true, state.clock)
            state.records[id] = record
            return true
        }
    }

    package subscript(id: String) -> Record? {
        state.withLock { $0.records[id] }.flatMap { $0.isGone ? nil : $0 }
    }

    /// All of them in the order in which they were made.
    package var all: [Record] {
        state.withLock { state in state.order.compactMap { state.records[$0] } }.filter { !$0.isGone }
    }

    package var removed: [Record] { state.withLock { Array($0.records.values) }.filter(\.isGone) }

    /// Returns the records that have changed from a second on, the oldest change first.
    package func changed(since second: Int64?) -> [Record] {
        all.filter { $0.changed >= second ?? 0 }.sorted {
            ($0.changed, $0.created) < ($1.changed, $1.created)
        }
    }
}

extension StandInRecords.Record {
    /// Its times as most services write them: `2026-01-15T10:00:00.000Z`.
    package var changedAt: String { StandInTime.text(changed) }
    package var createdAt: String { StandInTime.text(created) }
}

/// Moments as services write them.
package enum StandInTime {
    /// The second of the machine's clock.
    package static var now: Int64 { Int64(Date.now.timeIntervalSince1970) }

    package static func text(_ second: Int64, milliseconds: Bool = true) -> String {
        Date(timeIntervalSince1970: Double(second))
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: milliseconds))
    }

    /// Returns a time with a zone that has no colon: `2026-01-15T10:00:00.000+0000`.
    package static func plain(_ second: Int64) -> String { text(second).replacing("Z", with: "+0000") }

    package static func second(_ text: String) -> Int64? {
        for fractional in [true, false] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
            if let date = try? Date(text, strategy: style) { return Int64(date.timeIntervalSince1970) }
        }
        return nil
    }
}

/// A request with its parts read.
struct StandInCall {
    let method: String
    let segments: [String]
    let query: [String: String]
    let body: JSON

    init(_ request: ReceivedRequest) {
        method = request.method
        segments = request.path.split(separator: "/").map { String($0).removingPercentEncoding ?? "" }
        let pairs = request.target.drop { $0 != "?" }.dropFirst().split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).removingPercentEncoding ?? "" }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        query = Dictionary(pairs) { first, _ in first }
        body = request.body.isEmpty ? .null : (try? JSONParser.parse(request.body)) ?? .null
    }

    var path: String { "/" + segments.joined(separator: "/") }
}

extension StandInAnswer {
    static func json(_ status: Int, _ body: JSON, headers: [(String, String)] = []) -> StandInAnswer {
        StandInAnswer(
            status, body.serialized, headers: [("Content-Type", "application/json;charset=utf-8")] + headers)
    }
}

extension Array {
    /// A part of it from a place on, and the place after it, where there is more.
    func page(from start: Int, size: Int) -> (items: [Element], next: Int?) {
        let end = Swift.min(start + size, count)
        guard start < end else { return ([], nil) }
        return (Array(self[start..<end]), end < count ? end : nil)
    }
}

import CGathering
import CSQLite
import Foundation
import RecordedFiles
import Synchronization
import TestRandomness
import Testing

@testable import Database

/// The file system that writes a commit's frames together, above one that records what gets into the files. One test at
/// a time: what is recorded is the process's.
@Suite(.serialized) struct GatheredLogTests {
    @Test func `a commit's frames are one write, and a long commit's a few`() throws {
        let files = LogFiles(), writer = try files.writer()
        try writer.succeed("INSERT INTO t (n, body) VALUES (1, '')")
        for (rows, writes) in [(1, 1), (20, 1), (200, 7)] {
            recorded_files_forget()
            let before = try writer.text("PRAGMA page_count")
            try writer.succeed(LogWorkload.rows(rows))
            let log = recordedEvents().filter { $0.isLog && $0.kind == .write }
            #expect(log.count == writes, "\(rows) rows from \(before) pages: \(log.map(\.bytes.count))")
            #expect(log.allSatisfy { $0.bytes.count % LogFiles.frameSize == 0 })
        }
    }

    /// Each write to the log fails once, with nothing and with half of it in the file, and whoever runs the statements
    /// goes on as if nothing had been.
    @Test(arguments: 0..<3)
    func `a write that fails is its statement's or commit's fault, and nothing of it is seen`(
        seed: UInt64
    ) throws {
        var faults = 0
        for place in 0..<24 {
            let files = LogFiles(), writer = try files.writer(), reader = try files.reader()
            recorded_files_fail(
                Int32(place), place.isMultiple(of: 2) ? SQLITE_FULL : SQLITE_IOERR | 3 << 8,
                place.isMultiple(of: 3) ? 1 : 0)
            var workload = try LogWorkload(writer, seed: seed)
            for number in 0..<15 {
                try workload.step()
                let (seen, expected) = try (reader.contents(), workload.shadow.contents())
                #expect(seen == expected, "seed \(seed), write \(place), transaction \(number)")
            }
            faults += workload.faults
            let after = try files.copy()
            #expect(try after.contents() == workload.shadow.contents(), "seed \(seed), write \(place)")
            #expect(try after.text("PRAGMA integrity_check") == "ok", "seed \(seed), write \(place)")
        }
        #expect(faults > 10)
    }

    /// Returns files in which unsynced bytes are there or not, write by write and sector by sector.
    @Test(arguments: 0..<6)
    func `whenever the power fails, what was synced is there, and nothing of half a commit`(
        seed: UInt64
    ) throws {
        let files = LogFiles(),
            writer = try files.writer(synchronous: seed.isMultiple(of: 2) ? "FULL" : "NORMAL")
        var workload = try LogWorkload(writer, seed: seed)
        try writer.succeed("PRAGMA wal_checkpoint(TRUNCATE)")
        let start = try files.images()
        recorded_files_forget()
        var commits = [(contents: try workload.shadow.contents(), end: 0)]
        for _ in 0..<15 {
            try workload.step()
            commits.append((try workload.shadow.contents(), Int(recorded_files_count())))
        }
        #expect(workload.faults == 0)
        let events = recordedEvents()
        var random = SeededGenerator(seed)
        for _ in 0..<20 {
            let end = Int.random(in: 0...events.count, using: &random)
            let losesPower = Bool.random(using: &random)
            let after = try files.copy(start.after(events[..<end], losesPower: losesPower, using: &random))
            let synced = losesPower ? events[..<end].lastIndex { $0.isLog && $0.kind == .sync } ?? 0 : end
            let kept = commits.lastIndex { $0.end <= synced } ?? 0
            let begun = min(commits.count - 1, (commits.lastIndex { $0.end <= end } ?? 0) + 1)
            let contents = try after.contents()
            #expect(
                commits[kept...begun].contains { $0.contents == contents },
                "seed \(seed), after \(end) of \(events.count), power lost: \(losesPower)")
            #expect(try after.text("PRAGMA integrity_check") == "ok", "seed \(seed), after \(end)")
        }
    }

    @Test func `who reads beside sees whole commits only`() throws {
        let files = LogFiles(), writer = try files.writer()
        try writer.succeed(LogWorkload.rows(100))
        try writer.succeed("UPDATE t SET n = 0")
        let isDone = Mutex(false), path = files.path
        let reads = Mutex(0), odd = Mutex<[String]>([]), ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            defer { ended.signal() }
            guard let reader = try? LogConnection(path) else {
                return odd.withLock { $0.append("no reader") }
            }
            while !isDone.withLock({ $0 }) {
                let sum = (try? reader.text("SELECT sum(n) FROM t")) ?? "an error"
                reads.withLock { $0 += 1 }
                if sum != "0" { odd.withLock { $0.append(sum) } }
            }
        }
        var number = 0
        while number < 200 || reads.withLock({ $0 }) < 100 && odd.withLock(\.isEmpty) {
            number += 1
            try writer.succeed("BEGIN IMMEDIATE")
            try writer.succeed("UPDATE t SET n = n + \(number) WHERE id % 2 = \(number % 2)")
            try writer.succeed("UPDATE t SET n = n - \(number) WHERE id % 2 <> \(number % 2)")
            try writer.succeed("COMMIT")
            if number.isMultiple(of: 50) { _ = writer.run("PRAGMA wal_checkpoint(PASSIVE)") }
        }
        isDone.withLock { $0 = true }
        ended.wait()
        #expect(odd.withLock { $0 } == [])
    }
}

/// Random transactions, run on a connection and, as far as they succeed, on one in memory beside it.
private struct LogWorkload {
    let writer: LogConnection, shadow: LogConnection
    private(set) var faults = 0
    private var random: SeededGenerator

    init(_ writer: LogConnection, seed: UInt64) throws {
        (self.writer, random) = (writer, SeededGenerator(seed))
        shadow = try LogConnection(":memory:")
        try shadow.succeed(LogFiles.table)
    }

    /// Rows of about a page each.
    static func rows(_ count: Int, _ text: String = "x") -> String {
        """
        INSERT INTO t (n, body) WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < \(count))
        SELECT i, printf('%.*c', 3000 + i % 7, '\(text)') FROM c
        """
    }

    /// A transaction, or a checkpoint.
    mutating func step() throws {
        if Int.random(in: 0..<6, using: &random) == 0 {
            let mode = ["PASSIVE", "RESTART", "TRUNCATE"].randomElement(using: &random)!
            if writer.run("PRAGMA wal_checkpoint(\(mode))") != SQLITE_OK { faults += 1 }
            return
        }
        try both("BEGIN IMMEDIATE")
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let isSavepoint = Int.random(in: 0..<4, using: &random) == 0
            if isSavepoint { try both("SAVEPOINT s") }
            try both(statement())
            if isSavepoint {
                if Bool.random(using: &random) { try both("ROLLBACK TO s") }
                try both("RELEASE s")
            }
        }
        try both(Int.random(in: 0..<5, using: &random) == 0 ? "ROLLBACK" : "COMMIT")
        if !writer.isAutocommit { _ = writer.run("ROLLBACK") }
        if !shadow.isAutocommit { try shadow.succeed("ROLLBACK") }
    }

    private mutating func statement() -> String {
        let (place, count) = (Int.random(in: 0..<200, using: &random), Int.random(in: 1...40, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return Self.rows(count * 3, "b")
        case 1: return Self.rows(1, "c")
        case 2: return "UPDATE t SET n = n + 1 WHERE id BETWEEN \(place) AND \(place + count)"
        case 3: return "UPDATE t SET body = printf('%.*c', \(count * 90), 'd') WHERE id % 17 = \(place % 17)"
        default: return "DELETE FROM t WHERE id BETWEEN \(place) AND \(place + count)"
        }
    }

    /// A statement that fails is not run in memory; a transaction that SQLite has undone by itself is undone there.
    private mutating func both(_ text: String) throws {
        if shadow.isAutocommit, text != "BEGIN IMMEDIATE" { return }
        let code = writer.run(text)
        if code == SQLITE_OK {
            try shadow.succeed(text)
        } else {
            faults += 1
        }
        if code != SQLITE_OK, writer.isAutocommit, !shadow.isAutocommit { try shadow.succeed("ROLLBACK") }
    }
}

/// A database's two files, in a folder that goes with them.
private final class LogFiles {
    static let frameSize = 24 + 4096
    static let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, body TEXT)"
    private let folder = TemporaryFolder()
    private var copies = 0
    var path: String { folder.path + "/a.db" }

    init() {
        recorded_files_forget()
        try? FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    }

    /// With a cache so small that long transactions spill into the log before they are committed.
    func writer(synchronous: String = "NORMAL") throws -> LogConnection {
        try SQLiteLibrary.configure()  // Whoever looks for a file system first would begin it without.
        #expect(recorded_files_register("recorded") == SQLITE_OK)
        #expect(bureau_gathering_register("gathered-recorded", "recorded") == SQLITE_OK)
        let connection = try LogConnection(path, through: "gathered-recorded")
        for text in [
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = \(synchronous)",
            "PRAGMA wal_autocheckpoint = 0",
            "PRAGMA journal_size_limit = 400000", "PRAGMA cache_size = 40", Self.table,
        ] {
            try connection.succeed(text)
        }
        return connection
    }

    func reader() throws -> LogConnection { try LogConnection(path) }

    /// Returns the files that a killed process would leave behind now.
    func images() throws -> LogImages {
        try LogImages(
            database: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))),
            log: [UInt8](Data(contentsOf: URL(fileURLWithPath: path + "-wal"))))
    }

    func copy(_ images: LogImages? = nil) throws -> LogConnection {
        let images = try images ?? self.images()
        copies += 1
        let copy = folder.path + "/copy-\(copies).db"
        try Data(images.database).write(to: URL(fileURLWithPath: copy))
        try Data(images.log).write(to: URL(fileURLWithPath: copy + "-wal"))
        return try LogConnection(copy)
    }
}

/// The bytes of a database's two files.
private struct LogImages {
    var database: [UInt8], log: [UInt8]

    /// Returns the files after some events; when the power is lost, any part of those after a file's last
    /// sync.
    func after(
        _ events: ArraySlice<RecordedEvent>, losesPower: Bool, using random: inout SeededGenerator
    ) -> LogImages {
        LogImages(
            database: Self.image(database, after: events.filter { !$0.isLog }, losesPower, &random),
            log: Self.image(log, after: events.filter(\.isLog), losesPower, &random))
    }

    private static func image(
        _ start: [UInt8], after events: [RecordedEvent], _ losesPower: Bool, _ random: inout SeededGenerator
    ) -> [UInt8] {
        var image = start
        let synced = losesPower ? events.lastIndex { $0.kind == .sync } ?? 0 : events.count
        for (number, event) in events.enumerated() {
            switch event.kind {
            case .sync: break
            case .truncate:
                guard number < synced || Bool.random(using: &random) else { continue }
                image.removeLast(max(0, image.count - event.offset))
            case .write:
                let isWhole = number < synced || Bool.random(using: &random)
                var at = event.offset
                let end = at + event.bytes.count
                while at < end {
                    let next = min(end, isWhole ? end : (at / 512 + 1) * 512)
                    if number < synced || Bool.random(using: &random) {
                        if next > image.count { image += [UInt8](repeating: 0, count: next - image.count) }
                        image.withUnsafeMutableBytes { all in
                            event.bytes.withUnsafeBytes { part in
                                UnsafeMutableRawBufferPointer(rebasing: all[at..<next]).copyBytes(
                                    from: part[(at - event.offset)..<(next - event.offset)])
                            }
                        }
                    }
                    at = next
                }
            }
        }
        return image
    }
}

private struct RecordedEvent {
    enum Kind { case write, truncate, sync }
    let kind: Kind, isLog: Bool, offset: Int, bytes: [UInt8]
}

private func recordedEvents() -> [RecordedEvent] {
    (0..<recorded_files_count()).map { number in
        let event = recorded_files_event(number)
        let kind: RecordedEvent.Kind =
            switch Int(event.what) {
            case recorded_write: .write
            case recorded_sync: .sync
            default: .truncate
            }
        return RecordedEvent(
            kind: kind, isLog: event.is_log != 0, offset: Int(event.offset),
            bytes: Array(UnsafeBufferPointer(start: event.bytes, count: Int(event.count))))
    }
}

/// A bare connection.
private final class LogConnection {
    private var handle: OpaquePointer?

    init(_ path: String, through system: String? = nil) throws {
        let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, system)
        try #require(code == SQLITE_OK)
        sqlite3_busy_timeout(handle, 1000)
    }

    deinit { sqlite3_close_v2(handle) }

    var isAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

    func run(_ text: String) -> Int32 { sqlite3_exec(handle, text, nil, nil, nil) }

    func succeed(_ text: String) throws {
        let code = run(text)
        try #require(code == SQLITE_OK, "\(code): \(text)")
    }

    func text(_ query: String) throws -> String {
        var statement: OpaquePointer?
        try #require(sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK)
        defer { sqlite3_finalize(statement) }
        guard sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0) else {
            return ""
        }
        return String(cString: text)
    }

    func contents() throws -> String {
        try text(
            """
            SELECT count(*) || ' ' || ifnull(sum(n * id), 0) || ' ' || ifnull(sum(length(body) * (id % 101)), 0)
                || ' ' || ifnull(max(id), 0) FROM t
            """)
    }
}

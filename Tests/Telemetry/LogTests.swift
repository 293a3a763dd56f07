import Glibc
import JSON
import Telemetry
import Testing

@Suite struct LogTests {
    private let time = Instant("2026-11-20T06:15:29.123Z")!

    @Test func `a line is one JSON object with the fields of its context before its own`() throws {
        let lines = try TemporaryFile.lines { path in
            let log = try Log([LogSink(.file(path: path), level: .debug)], clock: { time })
            log.with(["request_id": "r1"]).with(["tenant": "t1"]).warning(
                "disk is slow",
                [
                    "wait": .duration(.microseconds(1500)), "count": 3, "ratio": 0.5, "is_full": false,
                    "since": .instant(Instant(seconds: 0)), "lowest": .integer(.min),
                    "nothing": .number(.nan),
                    "quoted": "a\"b\\c\nd\u{1B}[31m",
                ])
        }
        #expect(
            lines == [
                """
                {"time":"2026-11-20T06:15:29.123Z","level":"warning","message":"disk is slow","request_id":"r1",\
                "tenant":"t1","wait":1.5,"count":3,"ratio":0.5,"is_full":false,\
                "since":"1970-01-01T00:00:00.000Z","lowest":-9223372036854775808,"nothing":null,\
                "quoted":"a\\"b\\\\c\\nd\\u001b[31m"}
                """
            ])
        #expect(throws: Never.self) { try JSONParser.parse(lines[0]) }
    }

    @Test func `people read a line without braces, and no text breaks it`() throws {
        let lines = try TemporaryFile.lines { path in
            let log = try Log([LogSink(.file(path: path), format: .human)], clock: { time })
            log.info(
                "listening",
                ["port": 8080, "host": "::1", "note": "two words", "odd": "x\ny=\u{1B}", "empty": ""])
        }
        #expect(
            lines == [
                #"2026-11-20T06:15:29.123Z INFO  listening port=8080 host=::1 note="two words" odd="x\ny=\u001b" empty="""#
            ])
    }

    @Test func `what is below the level is neither made nor written`() throws {
        nonisolated(unsafe) var made = 0
        func fields() -> LogFields {
            made += 1
            return [:]
        }
        let lines = try TemporaryFile.lines { path in
            let log = try Log([LogSink(.file(path: path), level: .warning)], clock: { time })
            log.debug("a", fields())
            log.info("b", fields())
            log.access(
                AccessLine(method: "GET", route: "/", status: 200, duration: .zero, size: 0, requestID: "r"))
            log.warning("c", fields())
            log.error("d", fields())
            #expect(!log.isOn(.info) && log.isOn(.error) && !log.hasAccessLines)
        }
        #expect(lines.count == 2 && made == 2)
    }

    @Test func `secrets and personal data do not reach a line`() throws {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
        let lines = try TemporaryFile.lines { path in
            let log = try Log([LogSink(.file(path: path))], clock: { time })
            log.info(
                "a",
                [
                    "password": "hunter2 hunter2", "access_token": "abc1", "client_secret": "abc2",
                    "authorization": "abc3",
                    "user_email": "abc4", "phone": "abc5", "webhook_signature": "abc6", "api_key": "abc7",
                    "set_cookie": "abc8",
                ])
            log.info(
                "b",
                [
                    "cause":
                        "no row for very.private@example.com, key bk_0123456789abcdefABCD, Bearer opaque0 and \(jwt)",
                    "detail":
                        "call (+49 170 1234567 or +491701234567) <x@y.z>;whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                ])
            log.info(
                "c",
                ["token_count": 7, "tokens_used": 8, "path": "/v1/leads", "sum": "1 + 2", "handle": "@olive"])
        }
        let all = lines.joined()
        for secret in [
            "hunter2", "abc", "very.private", "bk_0", "opaque0", jwt, "eyJ", "491701234567", "x@y.z",
            "whsec_M",
        ] { #expect(!all.contains(secret), "\(secret)") }
        #expect(lines[1].contains("no row for [redacted], key [redacted], Bearer [redacted] and [redacted]"))
        #expect(
            lines[2].hasSuffix(
                #""token_count":7,"tokens_used":8,"path":"/v1/leads","sum":"1 + 2","handle":"@olive"}"#))
    }

    @Test func `a long text is cut`() throws {
        let lines = try TemporaryFile.lines { path in
            try Log([LogSink(.file(path: path))]).info(
                "a", ["text": .text(String(repeating: "é", count: 100_000))])
        }
        #expect(lines[0].utf8.count < 2300 && lines[0].hasSuffix("…\"}"))
    }

    @Test func `access lines of many threads are all written, whole, in the end`() async throws {
        let lines = try await TemporaryFile.lines { path in
            let log = try Log([LogSink(.file(path: path))], clock: { time })
            await withTaskGroup { group in
                for thread in 0..<4 {
                    group.addTask {
                        for number in 0..<500 {
                            log.access(
                                AccessLine(
                                    method: "GET", route: "/v1/leads/{id}", status: 200,
                                    duration: .microseconds(number),
                                    size: 1234, requestID: "r-\(thread)-\(number)", tenant: "tnt_1"))
                            if number % 100 == 0 { log.info("between") }
                        }
                    }
                }
            }
        }
        #expect(lines.count == 2020)
        let documents = try lines.map(JSONParser.parse)
        #expect(Set(documents.compactMap { $0["request_id"]?.text }).count == 2000)
        let last = try #require(documents.first { $0["request_id"]?.text == "r-3-499" })
        #expect(
            last.serialized == """
                {"time":"2026-11-20T06:15:29.123Z","level":"info","message":"request","request_id":"r-3-499",\
                "tenant":"tnt_1","method":"GET","route":"/v1/leads/{id}","status":200,"duration_us":499,"size":1234}
                """)
    }

    @Test func `an access line appears by itself, without an end or another line`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let log = try Log([LogSink(.descriptor(ends[1]), format: .json)])
        for status in [200, 404] {
            log.access(
                AccessLine(
                    method: "GET", route: "/", status: status, duration: .zero, size: 0, requestID: "r"))
            // Blocks until the log's thread has written.
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = read(ends[0], &bytes, bytes.count)
            #expect(String(decoding: bytes[..<max(count, 0)], as: UTF8.self).contains("\"status\":\(status)"))
        }
        log.flush()
    }

    @Test func `when nobody reads, access lines are dropped and counted instead of piling up`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let log = try Log([LogSink(.descriptor(ends[1]), format: .json)])
        let line = AccessLine(
            method: "GET", route: "/", status: 200, duration: .zero, size: 0, requestID: "r")
        for _ in 0..<40_000 { log.access(line) }  // some 5 MB
        var bytes = [UInt8](repeating: 0, count: 1 << 16), all: [UInt8] = []
        var ready = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, 300) > 0 { all += bytes[..<read(ends[0], &bytes, bytes.count)] }
        log.access(line)
        while poll(&ready, 1, 300) > 0 { all += bytes[..<read(ends[0], &bytes, bytes.count)] }
        for end in ends { close(end) }
        let documents = try String(decoding: all, as: UTF8.self).split(separator: "\n").map {
            try JSONParser.parse(String($0))
        }
        let written = documents.count { $0["message"] == "request" }
        let dropped = documents.compactMap {
            $0["message"] == "access lines dropped" ? $0["count"]?.int : nil
        }.reduce(0, +)
        #expect(dropped > 0 && written + Int(dropped) == 40_001)
    }

    @Test func `a file turns over at its size and old ones go`() throws {
        let path = TemporaryFile.path()
        let log = try Log([LogSink(.file(path: path, sizeMax: 1000, kept: 2))], clock: { time })
        for number in 0..<100 { log.info("line", ["number": LogValue(number)]) }
        let files = ["", ".1", ".2", ".3"].map { TemporaryFile.read(path + $0) }
        defer { for end in ["", ".1", ".2"] { unlink(path + end) } }
        #expect(files[3] == nil)
        #expect(files[0..<3].allSatisfy { $0 != nil && $0!.utf8.count < 1200 })
        let numbers = files[0..<3].reversed().flatMap { $0!.split(separator: "\n") }.map {
            try! JSONParser.parse(String($0))["number"]!.int!
        }
        #expect(numbers == Array((numbers.first ?? 0)...99))
    }

    @Test func `a file goes on where it was, and one that cannot be opened is named`() throws {
        let path = TemporaryFile.path()
        defer { unlink(path) }
        for _ in 0..<2 { try Log([LogSink(.file(path: path))]).info("again") }
        #expect(TemporaryFile.read(path)?.split(separator: "\n").count == 2)
        let error = #expect(throws: LogFileError.self) {
            try Log([LogSink(.file(path: "/nowhere/bureau.log"))])
        }
        #expect(error?.description.contains("/nowhere/bureau.log") == true)
    }

    @Test func `a silent log says nothing`() {
        Log.silent.error("nobody hears")
        Log.silent.access(
            AccessLine(method: "GET", route: "/", status: 200, duration: .zero, size: 0, requestID: "r"))
        #expect(!Log.silent.hasAccessLines)
    }
}

private enum TemporaryFile {
    static func path() -> String {
        var name = Array("/tmp/bureau-log-XXXXXX".utf8CString)
        close(mkstemp(&name))
        return String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static func lines(_ body: (String) throws -> Void) throws -> [String] {
        let path = path()
        defer { unlink(path) }
        try body(path)
        return (read(path) ?? "").split(separator: "\n").map(String.init)
    }

    static func lines(_ body: (String) async throws -> Void) async throws -> [String] {
        let path = path()
        defer { unlink(path) }
        try await body(path)
        return (read(path) ?? "").split(separator: "\n").map(String.init)
    }

    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text: [UInt8] = [], part = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(file, &part, part.count), count > 0 { text += part[..<count] }
        return String(decoding: text, as: UTF8.self)
    }
}

internal import JSON

/// The format of lines: for programs, for people, for people on a terminal.
package enum LogFormat: Sendable { case json, human, humanInColour }

/// One request, for the access log.
package struct AccessLine: Sendable {
    package var method: String
    /// The route's template, never the path: `/v1/leads/{id}`.
    package var route: String
    package var status: Int
    package var duration: Duration
    /// The size of the answer's body in bytes.
    package var size: Int
    package var requestID: String
    package var tenant: String?

    package init(
        method: String, route: String, status: Int, duration: Duration, size: Int, requestID: String,
        tenant: String? = nil
    ) {
        (self.method, self.route, self.status, self.duration) = (method, route, status, duration)
        (self.size, self.requestID, self.tenant) = (size, requestID, tenant)
    }
}

/// Lines that wait to be written, and the writing of one more.
struct LogLines {
    private(set) var bytes: [UInt8] = []
    /// The date and time of day up to the second, which most lines share with the line before.
    private var second = Int64.min, stamp: [UInt8] = []
    private let format: LogFormat

    init(_ format: LogFormat) { self.format = format }

    /// Gives the lines away and goes on with the emptied storage of earlier ones.
    mutating func take(leaving spare: [UInt8]) -> [UInt8] {
        defer { bytes = spare }
        return bytes
    }

    mutating func add(
        _ level: LogLevel, _ message: StaticString, _ context: LogFields, _ fields: LogFields,
        at time: Instant
    ) {
        begin(level, message, time)
        for (key, value) in context.members { add(key, value) }
        for (key, value) in fields.members { add(key, value) }
        end()
    }

    mutating func add(_ line: AccessLine, at time: Instant) {
        begin(.info, "request", time)
        text("request_id", line.requestID)
        if let tenant = line.tenant { text("tenant", tenant) }
        text("method", line.method)
        text("route", line.route)
        integer("status", Int64(line.status))
        integer("duration_us", line.duration.microseconds)
        integer("size", Int64(line.size))
        end()
    }

    private mutating func begin(_ level: LogLevel, _ message: StaticString, _ time: Instant) {
        if format == .json { put("{\"time\":\"") }
        put(time)
        switch format {
        case .json:
            put("\",\"level\":\"")
            put(level.label)
            put("\",\"message\":\"")
            put(message)
            put("\"")
        case .human, .humanInColour:
            put(" ")
            if format == .humanInColour { put(level.colour) }
            put(level.column)
            if format == .humanInColour { put("\u{1B}[0m") }
            put(" ")
            put(message)
        }
    }

    private mutating func end() { put(format == .json ? "}\n" : "\n") }

    private mutating func add(_ key: StaticString, _ value: LogValue) {
        // Numbers under such names are counts and times; texts are the thing itself.
        switch value {
        case .text(let value): text(key, Redaction.hides(key) ? Redaction.mark : Redaction.scrub(value))
        case .integer(let value): integer(key, value)
        case .number(let value): literal(key, value.isFinite ? value.description : "null")
        case .flag(let value): literal(key, value ? "true" : "false")
        case .instant(let value): text(key, value.description)
        case .duration(let value): literal(key, (Double(value.microseconds) / 1000).description)
        }
    }

    private mutating func name(_ key: StaticString) {
        put(format == .json ? ",\"" : " ")
        put(key)
        put(format == .json ? "\":" : "=")
    }

    private mutating func literal(_ key: StaticString, _ value: String) {
        name(key)
        bytes.append(contentsOf: value.utf8)
    }

    private mutating func integer(_ key: StaticString, _ value: Int64) {
        name(key)
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private mutating func text(_ key: StaticString, _ value: String) {
        name(key)
        let isBare =
            format != .json && !value.isEmpty
            && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D }
        if !isBare { bytes.append(UInt8(ascii: "\"")) }
        var value = value
        value.withUTF8 { text in
            // The whole text in one go, unless one of its characters needs an escape; without a
            // branch for each, the compiler looks at many at once.
            var faults: UInt8 = 0
            for byte in text {
                faults |=
                    (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
                    | (byte == 0x7F ? 1 : 0)
            }
            if faults == 0 {
                bytes.append(contentsOf: text)
            } else {
                for byte in text { bytes.appendEscaped(byte) }
            }
        }
        if !isBare { bytes.append(UInt8(ascii: "\"")) }
    }

    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func put(_ time: Instant) {
        if time.seconds != second {
            second = time.seconds
            stamp = Array(time.rfc3339.prefix(20))
        }
        bytes.append(contentsOf: stamp)
        let milliseconds = (time.microseconds - second * 1_000_000) / 1000
        bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / 100))
        bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / 10 % 10))
        bytes.append(UInt8(ascii: "0") + UInt8(milliseconds % 10))
        bytes.append(UInt8(ascii: "Z"))
    }
}

extension LogLevel {
    fileprivate var label: StaticString {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    fileprivate var column: StaticString {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO "
        case .warning: "WARN "
        case .error: "ERROR"
        }
    }

    fileprivate var colour: StaticString {
        switch self {
        case .debug: "\u{1B}[2m"
        case .info: "\u{1B}[32m"
        case .warning: "\u{1B}[33m"
        case .error: "\u{1B}[31m"
        }
    }
}

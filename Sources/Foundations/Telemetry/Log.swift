internal import Glibc
internal import Synchronization

/// A target of the log's lines, with the choice of lines that go there.
package struct LogSink: Sendable {
    package enum Target: Sendable {
        case standardError
        /// A descriptor that stays open as long as the log; the log does not close it.
        case descriptor(Int32)
        /// A file that is appended to. When it has grown past `sizeMax` bytes it becomes `path.1`, that
        /// one `path.2`, and so on; `kept` old ones remain.
        case file(path: String, sizeMax: Int = 64 << 20, kept: Int = 3)
    }

    package var target: Target
    package var level: LogLevel
    /// `nil`: for people on a terminal, else JSON.
    package var format: LogFormat?
    /// Whether a line is written for every request.
    package var hasAccessLines: Bool

    package init(
        _ target: Target = .standardError, level: LogLevel = .info, format: LogFormat? = nil,
        hasAccessLines: Bool = true
    ) {
        (self.target, self.level, self.format, self.hasAccessLines) = (target, level, format, hasAccessLines)
    }
}

/// A log file that cannot be opened.
package struct LogFileError: Error, CustomStringConvertible {
    package let description: String
}

/// The structured log. It is passed to whom it concerns, with what is known there added by `with`.
/// Texts under names of secrets and personal data, and words that look like them, are replaced.
///
/// A line is written at once with one write(2). Access lines, of which there may be a hundred thousand
/// a second, wait up to 50 ms or 64 KiB for a thread of the log's own to write them together; when the
/// reader of the log is that slow that a MiB waits, further ones are dropped and counted.
package struct Log: Sendable {
    private let core: LogCore
    private var context = LogFields()

    package init(
        _ sinks: [LogSink], clock: @escaping @Sendable () -> Instant = Instant.wallClock
    )
        throws(LogFileError)
    {
        var outlets: [LogOutlet] = []
        for sink in sinks { outlets.append(try LogOutlet(sink)) }
        core = LogCore(outlets, clock)
    }

    /// Makes a log that goes to the standard error.
    package init(level: LogLevel = .info, format: LogFormat? = nil, hasAccessLines: Bool = true) {
        core = LogCore(
            [LogOutlet(LogSink(level: level, format: format, hasAccessLines: hasAccessLines), descriptor: 2)],
            Instant.wallClock)
    }

    /// A log that goes nowhere.
    package static var silent: Log { Log(core: LogCore([], Instant.wallClock)) }

    private init(core: LogCore) { self.core = core }

    /// This log with fields that stand in each of its lines: `request_id`, `tenant`, `route`.
    package func with(_ fields: LogFields) -> Log {
        var log = self
        log.context.append(fields)
        return log
    }

    package func debug(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if isOn(.debug) { core.write(.debug, message, context, fields()) }
    }

    package func info(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if isOn(.info) { core.write(.info, message, context, fields()) }
    }

    package func warning(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if isOn(.warning) { core.write(.warning, message, context, fields()) }
    }

    package func error(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if isOn(.error) { core.write(.error, message, context, fields()) }
    }

    /// A finished request: well under a microsecond.
    package func access(_ line: AccessLine) { core.write(line) }

    package func isOn(_ level: LogLevel) -> Bool { level >= core.level }
    package var hasAccessLines: Bool { core.hasAccessLines }

    /// Writes what waits; before the process ends.
    package func flush() { core.flush() }
}

private final class LogCore: Sendable {
    let level: LogLevel
    let hasAccessLines: Bool
    private let outlets: [LogOutlet]
    private let clock: @Sendable () -> Instant
    private let flusher: LogFlusher?

    init(_ outlets: [LogOutlet], _ clock: @escaping @Sendable () -> Instant) {
        self.outlets = outlets
        self.clock = clock
        level = outlets.map(\.level).min() ?? .error
        hasAccessLines = outlets.contains(where: \.hasAccessLines)
        flusher = hasAccessLines ? LogFlusher(outlets) : nil
    }

    deinit {
        flusher?.stop()
        flush()
    }

    func write(_ level: LogLevel, _ message: StaticString, _ context: LogFields, _ fields: LogFields) {
        let time = clock()
        for outlet in outlets where level >= outlet.level {
            outlet.write(level, message, context, fields, at: time)
        }
    }

    func write(_ line: AccessLine) {
        guard hasAccessLines else { return }
        let time = clock()
        for outlet in outlets where outlet.hasAccessLines {
            switch outlet.add(line, at: time) {
            case .waits: break
            case .isFirst: flusher?.wake(.something)
            case .isMuch: flusher?.wake(.much)
            }
        }
    }

    func flush() { for outlet in outlets { outlet.flush() } }
}

/// Lines of one sink: gathered under one lock, written under another, so that who adds an access line
/// never waits for the disk.
private final class LogOutlet: Sendable {
    enum Added { case waits, isFirst, isMuch }
    private struct Gathered {
        var lines: LogLines
        var dropped: Int64 = 0
    }

    let level: LogLevel
    let hasAccessLines: Bool
    private let gathered: Mutex<Gathered>
    private let output: Mutex<Output>
    private struct Output {
        var sink: LogOutput
        /// Storage of lines that are written, for the next ones.
        var spare: [UInt8] = []
    }

    private static let muchSize = 64 << 10, keptSize = 256 << 10, sizeMax = 1 << 20

    convenience init(_ sink: LogSink) throws(LogFileError) {
        switch sink.target {
        case .standardError: self.init(sink, descriptor: 2)
        case .descriptor(let descriptor): self.init(sink, descriptor: descriptor)
        case .file(let path, let sizeMax, let kept):
            self.init(sink, .json, try LogOutput(path: path, sizeMax: sizeMax, kept: kept))
        }
    }

    convenience init(_ sink: LogSink, descriptor: Int32) {
        self.init(sink, isatty(descriptor) == 1 ? .humanInColour : .json, LogOutput(descriptor: descriptor))
    }

    private init(_ sink: LogSink, _ format: LogFormat, _ output: LogOutput) {
        level = sink.level
        hasAccessLines = sink.hasAccessLines && sink.level <= .info
        gathered = Mutex(Gathered(lines: LogLines(sink.format ?? format)))
        self.output = Mutex(Output(sink: output))
    }

    deinit { output.withLock { $0.sink.close() } }

    func write(
        _ level: LogLevel, _ message: StaticString, _ context: LogFields, _ fields: LogFields,
        at time: Instant
    ) {
        gathered.withLock { $0.lines.add(level, message, context, fields, at: time) }
        flush()
    }

    func add(_ line: AccessLine, at time: Instant) -> Added {
        gathered.withLock { gathered in
            let before = gathered.lines.bytes.count
            guard before < Self.sizeMax else {
                gathered.dropped += 1
                return .waits
            }
            if gathered.dropped > 0 {
                gathered.lines.add(
                    .warning, "access lines dropped", [:], ["count": .integer(gathered.dropped)], at: time)
                gathered.dropped = 0
            }
            gathered.lines.add(line, at: time)
            if before == 0 { return .isFirst }
            return before < Self.muchSize && gathered.lines.bytes.count >= Self.muchSize ? .isMuch : .waits
        }
    }

    func flush() {
        output.withLock { output in
            var bytes = gathered.withLock { $0.lines.take(leaving: output.spare) }
            output.sink.write(bytes)
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptSize)
            output.spare = bytes
        }
    }
}

/// A descriptor and, for a file, its turning over.
private struct LogOutput {
    private var descriptor: Int32
    private let path: String?
    private let sizeMax: Int, kept: Int
    private var size = 0

    init(descriptor: Int32) { (self.descriptor, path, sizeMax, kept) = (descriptor, nil, .max, 0) }

    init(path: String, sizeMax: Int, kept: Int) throws(LogFileError) {
        (self.path, self.sizeMax, self.kept) = (path, sizeMax, kept)
        descriptor = Self.opened(path)
        guard descriptor >= 0 else {
            throw LogFileError(
                description: "the log file \(path) cannot be opened: \(SystemFault.last)")
        }
        size = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    }

    private static func opened(_ path: String) -> Int32 {
        open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    }

    mutating func close() { if path != nil { Glibc.close(descriptor) } }

    mutating func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                // Someone else made the terminal or pipe non-blocking: wait a while, then give up.
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&state, 1, 1000) > 0 else { break }
            } else if errno != EINTR {
                // A full disk or a reader that is gone: there is nobody left to tell.
                break
            }
        }
        size += done
        if size >= sizeMax { turnOver() }
    }

    private mutating func turnOver() {
        guard let path else { return }
        if kept == 0 {
            unlink(path)
        } else {
            for number in stride(from: kept - 1, through: 1, by: -1) {
                rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            rename(path, "\(path).1")
        }
        let next = Self.opened(path)
        size = 0
        // Without a new file the old one goes on, under its new name.
        guard next >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = next
    }
}

/// The thread that writes what waits, 50 ms after the first line or as soon as it is much. It starts
/// with the first access line and sleeps while there are none.
private final class LogFlusher: Sendable {
    enum Signal: UInt8 { case something, much, stop }

    private let outlets: [LogOutlet]
    private let isStarted = Atomic(false)
    private let readEnd: Int32, writeEnd: Int32

    init(_ outlets: [LogOutlet]) {
        self.outlets = outlets
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no file descriptors left")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        // A signal too many may be lost, but must not hold up a request.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func wake(_ signal: Signal) {
        if isStarted.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged {
            startThread()
        }
        var byte = signal.rawValue
        _ = write(writeEnd, &byte, 1)
    }

    func stop() { if isStarted.load(ordering: .relaxed) { wake(.stop) } }

    private func startThread() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<LogFlusher>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(result == 0, "no thread for the log")
        pthread_detach(thread)
    }

    private func run() {
        while true {
            var signal = next()
            while signal == Signal.something.rawValue, hasMore(within: 50) { signal = next() }
            for outlet in outlets { outlet.flush() }
            if signal == Signal.stop.rawValue { return }
        }
    }

    private func next() -> UInt8 {
        var byte: UInt8 = 0
        while read(readEnd, &byte, 1) != 1 {}
        return byte
    }

    private func hasMore(within milliseconds: Int32) -> Bool {
        var state = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, milliseconds) > 0
    }
}

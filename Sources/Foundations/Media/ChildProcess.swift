internal import CConfinement
internal import Glibc
internal import Telemetry

/// One run of a program that reads what it is given, answers and ends. It inherits three pipes and nothing else; what
/// does not end in time is ended.
struct ChildProcess {
    enum End: Hashable {
        case exited(Int32)
        case killed(Int32)
        /// Its time on the clock was used up.
        case late
        /// Its answer was longer than it may be.
        case wordy
    }

    let program: String
    let arguments: [String]
    /// In seconds.
    let clock: Int
    let answerMax: Int

    /// Blocks the thread until the program has ended.
    func run(_ parts: [[UInt8]]) throws(SystemFault) -> (end: End, answer: [UInt8]) {
        let (into, from) = (try Pipe(), try Pipe())
        let child: pid_t
        do {
            child = try start(reading: into.reading, writing: from.writing)
        } catch {
            for end in [into.reading, into.writing, from.reading, from.writing] { close(end) }
            throw error
        }
        close(into.reading)
        close(from.writing)
        let exchange = PipeExchange(
            writing: into.writing, reading: from.reading, clock: clock, answerMax: answerMax)
        let answer = exchange.run(parts)
        if answer.stop != nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) == -1, errno == EINTR {}
        if let stop = answer.stop { return (stop, []) }
        let signal = status & 0x7F
        return (signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal), answer.bytes)
    }

    private func start(reading: Int32, writing: Int32) throws(SystemFault) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, reading, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, writing, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        var surroundings = unsafe Self.environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + surroundings).forEach { unsafe free($0) } }
        var child: pid_t = 0
        let code = unsafe posix_spawn(&child, program, &actions, nil, &words, &surroundings)
        guard code == 0 else { throw SystemFault(code) }
        return child
    }

    /// Nothing of the server's own settings, and no modules of libvips beside the library itself.
    private static var environment: [String] {
        var kept = ["VIPSHOME=/nowhere", "MALLOC_ARENA_MAX=1", "G_SLICE=always-malloc"]
        if let libraries = unsafe getenv("LD_LIBRARY_PATH") {
            kept.append(unsafe "LD_LIBRARY_PATH=" + String(cString: libraries))
        }
        return kept
    }
}

/// A pipe that no other program inherits.
private struct Pipe {
    let reading: Int32, writing: Int32

    init() throws(SystemFault) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw .last }
        (reading, writing) = (ends[0], ends[1])
    }
}

/// Says everything and hears everything at once, within a time.
private struct PipeExchange {
    let writing: Int32, reading: Int32
    let clock: Int
    let answerMax: Int

    /// Returns the answer, or why it was not waited for. Closes both ends.
    func run(_ parts: [[UInt8]]) -> (bytes: [UInt8], stop: ChildProcess.End?) {
        for end in [writing, reading] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        var said = parts.filter { !$0.isEmpty }[...], place = 0
        var answer: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 256 * 1024)
        var isSaying = !said.isEmpty
        if !isSaying { close(writing) }
        defer {
            if isSaying { close(writing) }
            close(reading)
        }
        let end = Self.now() + clock * 1000
        while true {
            let left = end - Self.now()
            guard left > 0 else { return ([], .late) }
            var waiting = [pollfd(fd: reading, events: Int16(POLLIN), revents: 0)]
            if isSaying { waiting.append(pollfd(fd: writing, events: Int16(POLLOUT), revents: 0)) }
            let count = unsafe poll(&waiting, nfds_t(waiting.count), Int32(clamping: left))
            guard count > 0 || count < 0 && errno == EINTR else { return ([], .late) }
            if waiting[0].revents != 0 {
                let count = unsafe read(reading, &buffer, buffer.count)
                if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { return (answer, nil) }
                if count > 0 { answer += buffer[0..<count] }
                guard answer.count <= answerMax else { return ([], .wordy) }
            }
            guard isSaying, waiting[1].revents != 0 else { continue }
            if say(said.first ?? [], &place) {
                said = said.dropFirst()
                place = 0
                guard said.isEmpty else { continue }
                close(writing)
                isSaying = false
            }
        }
    }

    /// Writes some of a part; true once all of it is written, or nobody reads it any more.
    private func say(_ part: [UInt8], _ place: inout Int) -> Bool {
        let count = unsafe part.withUnsafeBytes {
            unsafe write(writing, $0.baseAddress! + place, min(part.count - place, 64 * 1024))
        }
        if count < 0 { return errno != EAGAIN && errno != EINTR }
        place += count
        return place == part.count
    }

    /// In milliseconds; never set back.
    private static func now() -> Int {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

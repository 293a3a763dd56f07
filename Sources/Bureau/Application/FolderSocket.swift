internal import Glibc
internal import JSON
internal import Records
internal import Synchronization
internal import Telemetry

/// A command's request to the server that holds its folder: one line of JSON.
struct FolderRequest: Equatable, Sendable {
    var command: [String]
    var values: [ParsedValue]
    var folder: String

    var json: JSON {
        [
            "command": JSON(command), "folder": .string(folder),
            "values": .array(values.map { ["name": .string($0.name), "text": .string($0.text)] }),
        ]
    }

    init(command: [String], values: [ParsedValue], folder: String) {
        (self.command, self.values, self.folder) = (command, values, folder)
    }

    init?(_ json: JSON) {
        guard let command = json["command"]?.array, let values = json["values"]?.array,
            let folder = json["folder"]?.text
        else {
            return nil
        }
        self.command = command.compactMap(\.text)
        self.values = values.compactMap { value in
            guard let name = value["name"]?.text, let text = value["text"]?.text else { return nil }
            return ParsedValue(name: name, text: text)
        }
        self.folder = folder
    }
}

/// The socket in a data folder, mode 0600: a server hears there of the commands of its owner, and of nobody
/// else. A request is a line; the answer is lines of `progress`, and at last one of `result` or `error`.
final class FolderSocket: Sendable {
    static let name = "bureau.sock"
    private static let requestBytesMax = 1 << 20

    private let descriptor: Int32
    private let path: String
    private let app: App
    private let working = Atomic<Int>(0)

    /// Listens; `nil` where that cannot be, which the log tells.
    init?(_ app: App) {
        self.app = app
        path = app.configuration.data + "/" + Self.name
        unlink(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // The mode of the socket becomes that of its file: there is no moment in which others could connect.
        let isListening =
            descriptor >= 0 && fchmod(descriptor, 0o600) == 0
            && withAddress(app.configuration.data) { bind(descriptor, $0, $1) == 0 }
            && chmod(path, 0o600) == 0
            && listen(descriptor, 16) == 0
        guard isListening else {
            app.log.warning(
                "commands cannot reach this server",
                ["path": .init(path), "error": .init("\(SystemFault.last)")])
            if descriptor >= 0 { Glibc.close(descriptor) }
            return nil
        }
        OwnThread { [self] in acceptAll() }.start()
    }

    /// Takes no further requests.
    func close() {
        unlink(path)
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func acceptAll() {
        while true {
            let client = accept(descriptor, nil, nil)
            if client < 0, [EINTR, ECONNABORTED, EMFILE, ENFILE].contains(errno) {
                // Without descriptors it would only be asked again at once.
                usleep(10_000)
                continue
            }
            guard client >= 0 else { break }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            setTimeout(client, SO_RCVTIMEO, seconds: 5)
            setTimeout(client, SO_SNDTIMEO, seconds: 5)
            OwnThread { [self] in serve(client) }.start()
        }
        Glibc.close(descriptor)
    }

    private func serve(_ client: Int32) {
        guard isOwner(client), let line = LineReader(client).next(max: Self.requestBytesMax),
            let request = (try? JSONParser.parse(line)).flatMap(FolderRequest.init)
        else {
            Glibc.close(client)
            return
        }
        Task {
            await answer(request, client)
            Glibc.close(client)
        }
    }

    private func answer(_ request: FolderRequest, _ client: Int32) async {
        let name = request.command.joined(separator: " ")
        app.log.info("a command came over the socket", ["command": .init(name)])
        let answer: JSON
        do {
            guard let entry = allCommands.first(where: { $0.words == request.command }),
                let command = try entry.make(request.values) as? any FolderCommand
            else {
                throw CommandFailure(
                    "the server does not know \(name)",
                    "The server runs version \(bureauVersion): use the same.")
            }
            let call = FolderCall(workingFolder: request.folder, isAlone: false) { progress in
                Self.send(["progress": progress.json], to: client)
            }
            answer = ["result": try await command.work(app, call)]
        } catch {
            let failure = CommandFailure(error)
            answer = ["error": ["what": .string(failure.what), "remedy": JSON(failure.remedy)]]
        }
        Self.send(answer, to: client)
    }

    private static func send(_ line: JSON, to client: Int32) {
        Terminal.write(line.serialized + "\n", to: client)
    }

    private func isOwner(_ client: Int32) -> Bool {
        // `struct ucred`: process, user, group.
        var peer = [Int32](repeating: -1, count: 3), size = socklen_t(12)
        guard getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else { return false }
        return uid_t(bitPattern: peer[1]) == geteuid() || peer[1] == 0
    }

    // MARK: Asking

    /// The server's answer; `nil` when none listens in the folder.
    static func ask(
        _ folder: String, _ request: FolderRequest, _ report: @escaping @Sendable (Progress) -> Void
    ) async throws -> JSON? {
        guard let client = connect(folder) else { return nil }
        return try await onOwnThread {
            defer { Glibc.close(client) }
            send(request.json, to: client)
            let lines = LineReader(client)
            while let line = lines.next(max: 1 << 28) {
                let message = try JSONParser.parse(line)
                if let progress = message["progress"].flatMap(Progress.init) { report(progress) }
                if let result = message["result"] { return result }
                if let error = message["error"] {
                    throw CommandFailure(error["what"]?.text ?? "", error["remedy"]?.text)
                }
            }
            throw CommandFailure(
                "the server ended before it had answered", "Try again, and look at the server's log.")
        }
    }

    private static func connect(_ folder: String) -> Int32? {
        guard fileStatus(folder + "/" + name) != nil else { return nil }
        let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard client >= 0 else { return nil }
        guard withAddress(folder, { Glibc.connect(client, $0, $1) == 0 }) else {
            Glibc.close(client)
            return nil
        }
        return client
    }
}

/// The socket's address. A path may be longer than the 107 bytes that an address holds: it is reached
/// through a descriptor of its folder.
private func withAddress(_ folder: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
    var path = folder + "/" + FolderSocket.name
    var handle: Int32 = -1
    if path.utf8.count > 100 {
        handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { return false }
        path = "/proc/self/fd/\(handle)/\(FolderSocket.name)"
    }
    defer { if handle >= 0 { close(handle) } }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8.prefix(107))) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}

private func setTimeout(_ descriptor: Int32, _ option: Int32, seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
}

/// Reads lines from a descriptor, on one thread.
private final class LineReader {
    private let descriptor: Int32
    private var waiting: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next line without its end; `nil` at the end, after a time-out, and for a longer one.
    func next(max: Int) -> [UInt8]? {
        var part = [UInt8](repeating: 0, count: 65_536)
        var searched = 0
        while true {
            if let end = waiting[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(waiting[..<end])
                waiting.removeSubrange(...end)
                return line
            }
            searched = waiting.count
            guard waiting.count <= max else { return nil }
            let count = read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            waiting += part[..<count]
        }
    }
}

import Foundation
import Glibc
import StandIns
import Synchronization
import Testing

/// The stand-ins that people start by hand (`make stand-ins`), in a process of their own, with somebody who types.
final class TypedDesk: Sendable {
    private final class Said: Sendable { let text = Mutex("") }

    private let folder: String
    private let pid: Int32, input: Int32
    private let said = Said()

    init(for server: BureauProcess) throws {
        let binary = URL(fileURLWithPath: BureauProcess.binary).deletingLastPathComponent()
            .appendingPathComponent("stand-ins").path
        folder = FileManager.default.temporaryDirectory.path + "/desk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let typed = "\(folder)/typed"
        guard mkfifo(typed, 0o600) == 0 else { throw StandInFailure("mkfifo: \(errno)") }
        let (pid, output) = try spawn([
            "/bin/sh", "-c", #"exec "$0" --bureau "$1" < "$2""#, binary,
            "http://127.0.0.1:\(server.port)", typed,
        ])
        self.pid = pid
        // Open for reading, too, so that nobody waits for the other end.
        input = open(typed, O_RDWR | O_CLOEXEC)
        let said = said
        Thread {
            let handle = FileHandle(fileDescriptor: output, closeOnDealloc: true)
            while true {
                let part = handle.availableData
                guard !part.isEmpty else { return }
                said.text.withLock { $0 += String(decoding: part, as: UTF8.self) }
            }
        }.start()
        try wait(for: "help, quit")
    }

    deinit {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        close(input)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Types a line, and waits until these words are said.
    func type(_ line: String, until words: String) throws {
        said.text.withLock { $0 = "" }
        let bytes = Array("\(line)\n".utf8)
        guard write(input, bytes, bytes.count) == bytes.count else { throw StandInFailure("write: \(errno)") }
        try wait(for: words)
    }

    private func wait(for words: String) throws {
        try eventuallyTrue("“\(words)” at the desk") { said.text.withLock { $0.contains(words) } }
    }
}

import Foundation
import Glibc

/// A server that is a program of its own, in a folder of its own. It ends with this, and with the tests, however
/// these end: a shell waits for its input to be closed.
package final class ServerProcess {
    package let folder: String
    private let process = Process()
    private let input = Pipe(), output = Pipe()
    private var said: [UInt8] = []

    package init() throws {
        var template = Array("/tmp/bureau-server-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw StandInFailure("no folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Servers may change to another user, who has to get inside.
        chmod(folder, 0o755)
    }

    deinit {
        if process.isRunning {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    package func start(_ command: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", #""$@" 2>&1 & read -r _; kill $!; wait"#, "sh"] + command
        process.standardInput = input
        process.standardOutput = output
        process.standardError = nil
        // The server shall hear when it is told to end, whatever the thread does that starts it.
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// The first line with this in it; blocks until it comes.
    package func line(with text: String) throws -> String {
        while true {
            while let end = said.firstIndex(of: 10) {
                let line = String(decoding: said[..<end], as: UTF8.self)
                said.removeSubrange(...end)
                if line.contains(text) { return line }
                if line.contains("Fatal") || line.contains("Error") { throw StandInFailure(line) }
            }
            let part = output.fileHandleForReading.availableData
            guard !part.isEmpty else {
                throw StandInFailure("the server ended; is it installed (scripts/setup test)?")
            }
            said += part
        }
    }

    package func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
}

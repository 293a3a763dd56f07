import Foundation
import JSON
import Testing

/// Other people's implementations, to which ours is shown. `scripts/test` makes their environment.
enum Python {
    struct Missing: Error, CustomStringConvertible {
        let description = """
            .build/venv-mail has no Python with what Tests/Mail/requirements.txt names. `make test` makes it, for which \
            it needs PyPI once; or set BUREAU_MAIL_PYTHON.
            """
    }

    struct Failed: Error { let script: String, status: Int32 }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static func interpreter() throws -> URL {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let path =
            ProcessInfo.processInfo.environment["BUREAU_MAIL_PYTHON"]
            ?? root.appending(path: ".build/venv-mail/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing() }
        return URL(fileURLWithPath: path)
    }

    /// Returns a script's words about a mail and, where it takes one, a document.
    static func run(_ script: String, _ mail: [UInt8], _ document: JSON? = nil) throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "bureau-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "mail"), other = folder.appending(path: "document")
        try Data(mail).write(to: file)
        if let document { try Data(document.bytes).write(to: other) }
        let process = Process(), output = Pipe()
        process.executableURL = try interpreter()
        process.arguments =
            [tests.appending(path: script).path, file.path] + (document == nil ? [] : [other.path])
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(script: script, status: process.terminationStatus)
        }
        return try JSONParser.parse(Array(said))
    }
}

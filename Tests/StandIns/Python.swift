import Foundation
package import JSON

/// Other people's implementations, to which what we write is shown. `scripts/test` makes their environment.
package enum Python {
    private struct Missing: Error, CustomStringConvertible {
        let description = """
            .build/venv-mail has no Python with what Tests/Mail/requirements.txt names. `make test` makes it, for which \
            it needs PyPI once; or set BUREAU_MAIL_PYTHON.
            """
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func interpreter() throws -> String {
        let path =
            ProcessInfo.processInfo.environment["BUREAU_MAIL_PYTHON"]
            ?? root.appending(path: ".build/venv-mail/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing() }
        return path
    }

    /// Returns the words of a script of `Tests/Mail` about a file and, where it takes one, a document.
    package static func run(_ script: String, _ file: [UInt8], _ document: JSON? = nil) throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "bureau-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = folder.appending(path: "mail"), other = folder.appending(path: "document")
        try Data(file).write(to: one)
        if let document { try Data(document.bytes).write(to: other) }
        let path = root.appending(path: "Tests/Mail/\(script)").path
        let said = try runTool(
            [try interpreter(), path, one.path] + (document == nil ? [] : [other.path]), errors: 2)
        guard said.status == 0 else { throw StandInFailure("\(script) ended with \(said.status)") }
        return try JSONParser.parse(said.output)
    }
}

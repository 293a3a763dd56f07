import Foundation
import JSON

/// Other people's implementations, to which the same is shown as to ours. `scripts/test` makes their environment.
enum Judge {
    struct Missing: Error, CustomStringConvertible {
        let description = """
            .build/venv-crawling has no Python with what Tests/Crawling/requirements.txt names. `make test` makes it, for \
            which it needs PyPI once; or set BUREAU_CRAWLING_PYTHON.
            """
    }

    struct Failed: Error { let subject: String, status: Int32 }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static func interpreter() throws -> URL {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let path =
            ProcessInfo.processInfo.environment["BUREAU_CRAWLING_PYTHON"]
            ?? root.appending(path: ".build/venv-crawling/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing() }
        return URL(fileURLWithPath: path)
    }

    /// Returns what the judge of a subject says of each case.
    static func ask(_ subject: String, _ cases: [JSON]) throws -> [JSON] {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "bureau-judge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "cases")
        try Data(cases.map(\.serialized).joined(separator: "\n").utf8).write(to: file)
        let process = Process(), output = Pipe()
        process.executableURL = try interpreter()
        process.arguments = [tests.appending(path: "judge.py").path, subject, file.path]
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(subject: subject, status: process.terminationStatus)
        }
        return try said.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse(Array($0)) }
    }
}

import Foundation
import JSON

/// The services' own libraries, to which the same requests are shown as to ours. `scripts/test` makes their
/// environment.
enum SignatureJudge {
    struct Missing: Error, CustomStringConvertible {
        let description = """
            .build/venv-providers has no Python with what Tests/Providers/requirements.txt names. `make test` makes it, \
            for which it needs PyPI once; or set BUREAU_PROVIDERS_PYTHON.
            """
    }

    struct Failed: Error { let status: Int32 }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static func interpreter() throws -> URL {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let path =
            ProcessInfo.processInfo.environment["BUREAU_PROVIDERS_PYTHON"]
            ?? root.appending(path: ".build/venv-providers/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing() }
        return URL(fileURLWithPath: path)
    }

    /// Returns whether the library of its service takes each request.
    static func ask(_ cases: [JSON]) throws -> [Bool] {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "bureau-signatures-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "cases")
        try Data(cases.map(\.serialized).joined(separator: "\n").utf8).write(to: file)
        let process = Process(), output = Pipe()
        process.executableURL = try interpreter()
        process.arguments = [tests.appending(path: "signature_judge.py").path, file.path]
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
        return try said.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse(Array($0)) == true }
    }
}

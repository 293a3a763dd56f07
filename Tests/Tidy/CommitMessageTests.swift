import Foundation
import Testing

/// The messages of commits, as `scripts/commit-msg` checks them.
struct `Messages of commits` {
    /// Returns the complaint of the script about a message; empty: it has none.
    private static func complaint(about message: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "commit-\(UUID().uuidString)")
        try Data(message.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process(), complaints = Pipe()
        process.executableURL = URL(fileURLWithPath: Project.root + "scripts/commit-msg")
        process.arguments = [file.path]
        process.standardError = complaints
        try process.run()
        let said = try complaints.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect((process.terminationStatus == 0) == said.isEmpty)
        return String(decoding: said, as: UTF8.self)
    }

    private static let body = "\n\nIt was too slow.\n"

    @Test func `have a subject of at most 72 characters, and a body`() throws {
        for subject in [String(repeating: "ä", count: 72), "Keep \"fixup!\" in quotes"] {
            #expect(try Self.complaint(about: subject + Self.body) == "")
        }
        #expect(try Self.complaint(about: "Merge branch 'main'\n") == "", "git has written it")
        let long = String(repeating: "a", count: 73) + Self.body
        #expect(try Self.complaint(about: long).contains("72 characters"))
    }

    @Test(arguments: [
        "Make it faster\n", "Make it faster\nIt was too slow.\n",
        "Make it faster\n\n# Please enter the message.\n",
        "Make it faster\n\n# ------------------------ >8 ------------------------\ndiff --git\n",
    ])
    func `have a body of their own below an empty line`(message: String) throws {
        #expect(try Self.complaint(about: message).contains("body"))
    }

    @Test(arguments: ["fixup!", "squash!", "amend!"])
    func `are not of work that is to be squashed`(mark: String) throws {
        #expect(try Self.complaint(about: "\(mark) Make it faster" + Self.body).contains("squash"))
    }
}

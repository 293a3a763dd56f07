import Foundation
import Testing

@testable import Database

@Suite(.ofFiles) struct FullDiskTests {
    private static var canMount: Bool {
        getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/bin/mount")
    }

    @Test(.enabled(if: canMount, "needs root, to mount a small file system"))
    func `on a full disk writes are refused together, reads go on, and it recovers by itself`() throws {
        let place = TemporaryFolder()
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        guard run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place.path) == 0 else { return }
        defer { _ = run("umount", place.path) }

        let failures = Shared<[DatabaseError]>([])
        var configuration = DatabaseConfiguration(folder: place.path + "/data")
        configuration.observer.commitFailed = { error in failures.update { $0.append(error) } }
        let database = try Database.open(configuration)
        defer { database.close() }
        try database.migrate([.leads])
        try database.writeAndWait(acme) { tx in try tx.addLead("before@example.com") }

        let filler = place.path + "/filler"
        try Data(count: 700_000).write(to: URL(fileURLWithPath: filler))
        let (held, release, answers) = (Signal(), Signal(), Signal())
        let results = Shared<[String]>([])
        database.submit(acme) { _ in
            held.raise()
            release.wait()
        } completion: { _ in
        }
        held.wait()
        for name in ["neighbour", "large"] {
            database.submit(acme) { tx in
                try tx.addLead("\(name)@example.com")
                guard name == "large" else { return }
                for number in 0..<200 {
                    try tx.addLead("\(number)" + String(repeating: "x", count: 9000))
                }
            } completion: { result in
                results.update { [text = "\(result)"] in
                    $0.append(text.contains("unavailable") ? "unavailable" : text)
                }
                answers.raise()
            }
        }
        release.raise()
        answers.wait()
        answers.wait()
        #expect(results.current == ["unavailable", "unavailable"])
        #expect(failures.current == [.unavailable(.diskFull)])
        #expect(try database.read(acme) { try $0.emails() } == ["before@example.com"])

        try FileManager.default.removeItem(atPath: filler)
        try database.writeAndWait(acme) { tx in try tx.addLead("after@example.com") }
        #expect(try database.read(acme) { try $0.emails() } == ["before@example.com", "after@example.com"])
        #expect(try database.integrityCheck() == [])
    }

    private func run(_ command: String, _ arguments: String...) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/" + command)
        process.arguments = arguments
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

import Foundation
import JSON
import Testing

/// Other programs read the API's description: a validator of OpenAPI, and a generator of clients.
@Suite(.ownThread) struct GeneratedClient {
    let server = BureauProcess.shared

    @Test func `the description is valid OpenAPI 3.1, and its examples fit their schemas`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "bureau-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(try server.anonymous.get("/openapi.json").body).write(to: file)
        let ended = try client("valid.py", file.path)
        #expect(ended.status == 0 && ended.output.isEmpty, "\(ended.output.prefix(3000))")
    }

    @Test func `a generated client signs in, works with records, files, CSV and documents, and signs out`()
        throws
    {
        let agency = try server.quietAgency()
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "bureau-client-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let plan: JSON = [
            "url": .string("http://127.0.0.1:\(server.port)"), "folder": .string(folder.path),
            "email": .string(agency.email), "password": .string(agency.password),
            "config": .string("\(BureauProcess.root)/Tests/Scenarios/Client/config.yaml"),
        ]
        let file = folder.appending(path: "plan.json")
        try Data(plan.bytes).write(to: file)
        let ended = try client("tour.py", file.path)
        try #require(ended.status == 0, "\(ended.output.suffix(3000))")
        let found = try JSONParser.parse(String(ended.output.split(separator: "\n").last ?? "{}"))
        #expect(found["faults"] == [], "\(ended.output.suffix(3000))")
        // The generated client's deeds are visible to every other client.
        #expect(try agency.owner.total() == found["leads"]?.int)
        #expect(try agency.owner.get("/v1/files/\(found.text("file"))").ok().text("name") == "all.bin")
    }

    private var python: String {
        ProcessInfo.processInfo.environment["BUREAU_CLIENT_PYTHON"]
            ?? "\(BureauProcess.root)/.build/venv-client/bin/python"
    }

    private func client(_ script: String, _ argument: String) throws -> BureauProcess.Ended {
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "make test installs openapi-python-client into .build/venv-client")
        return try BureauProcess.run(
            [python, "\(BureauProcess.root)/Tests/Scenarios/Client/\(script)", argument], seconds: 300)
    }
}

import Foundation
import JSON
import StandIns
import Testing

/// Several files become one, as a new version of a deliverable.
@Suite(.ownThread) struct CompiledDeliverables {
    let server = BureauProcess.shared

    /// A picture of 2 × 2 pixels.
    private static let picture = [UInt8](
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4IScHRAwQCgAfJgQRoo8irwAAAABJRU5ErkJggg=="
        )!)

    private func compiled(_ owner: Caller, _ id: String, _ parts: [String], _ form: String) throws -> [UInt8]
    {
        let before = try owner.get("/v1/deliverables/\(id)").ok()
        try owner.post(
            "/v1/deliverables/\(id)/compile",
            ["parts": JSON(parts), "as": .string(form), "title": "Handbook"]
        ).ok(202)
        let now = try eventually("the compiled version") { () -> JSON? in
            let now = try owner.get("/v1/deliverables/\(id)").ok()
            guard now["revision"] != before["revision"] else { return nil }
            return now
        }
        let file = try #require(now["files"]?.array?.first?.text)
        #expect(now["files"]?.array?.count == 1 && now["versions"]?.array?.last?["files"] == now["files"])
        #expect(now["versions"]?.array?.last?.text("notes") == "Handbook" && now.text("status") == "draft")
        let name = try owner.get("/v1/files/\(file)").ok().text("name")
        #expect(name == "Handbook.\(form)")
        return try owner.get("/v1/files/\(file)/content").body
    }

    /// Returns what a program says of the bytes as a file.
    private func read(_ bytes: [UInt8], _ arguments: (String) -> [String]) throws -> String {
        let file = server.file("\(UInt64.random(in: 0...(.max))).bin")
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let (status, output) = try runTool(arguments(file))
        let text = String(decoding: output, as: UTF8.self)
        #expect(status == 0, "\(text)")
        return text
    }

    @Test func `texts, Markdown, pages, pictures and PDFs become one PDF, in their order`() throws {
        let owner = try server.quietAgency().owner
        try owner.patch("/v1/settings", ["name": "Olive Works"]).ok()
        let project = try owner.project(try owner.makeClient(["name": "Contoso"]))
        let draft = try owner.deliverable(project)
        func file(_ name: String, _ bytes: [UInt8], _ type: String) throws -> String {
            try owner.post("/v1/files?name=\(name)", raw: bytes, type: type).ok(201).id
        }
        let texts = [
            try file("a.txt", Array("The first part".utf8), "text/plain"),
            try file("b.md", Array("# Second\n\nThe **second** part".utf8), "text/markdown"),
            try file("c.html", Array("<html><body><p>The third part</p></body></html>".utf8), "text/html"),
        ]
        let one = try compiled(owner, draft.id, texts, "pdf")
        let inner = try file("d.pdf", one, "application/pdf")
        let picture = try file("e.png", Self.picture, "image/png")
        let whole = try compiled(owner, draft.id, [picture, inner, texts[0]], "pdf")
        _ = try read(whole) { ["qpdf", "--check", $0] }
        let text = try read(whole) { ["pdftotext", "-enc", "UTF-8", $0, "-"] }
        var rest = text[...]
        for part in ["Handbook", "The first part", "The second part", "The third part", "The first part"] {
            let found = try #require(rest.firstRange(of: part), "\(part) in \(text)")
            rest = rest[found.upperBound...]
        }
        #expect(text.contains("Contoso"), "the cover names the client")
        #expect(text.contains("Olive Works"), "it is in the agency's look")
    }

    @Test func `an archive has the files as they are, each by a name of its own`() throws {
        let owner = try server.quietAgency().owner
        let draft = try owner.deliverable(try owner.project(try owner.makeClient()))
        let parts = try [("a.txt", "one"), ("a.txt", "two"), ("b.txt", "three")].map {
            try owner.file($0, $1).id
        }
        let archive = try compiled(owner, draft.id, parts, "zip")
        let listed = try read(archive) { ["python3", "-m", "zipfile", "-l", $0] }
        for name in ["a.txt", "2 a.txt", "b.txt"] { #expect(listed.contains(name)) }
        #expect(try read(archive) { ["python3", "-m", "zipfile", "-t", $0] }.contains("Done testing"))
    }

    @Test func `what is no part is named, and what is damaged changes nothing`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let draft = try owner.deliverable(try owner.project(try owner.makeClient()))
        let path = "/v1/deliverables/\(draft.id)/compile"
        let theirs = try server.quietAgency().owner.file()
        let bytes = try owner.post(
            "/v1/files?name=x.bin", raw: [0, 1, 2, 3, 0xff], type: "application/octet-stream"
        ).ok(201)
        let body: JSON = ["parts": [.string(theirs.id), .string(bytes.id)], "as": "pdf", "title": "x"]
        #expect(
            try owner.post(path, body).faults()
                == ["/parts/0": "unknown_reference", "/parts/1": "invalid_choice"])
        #expect(
            try owner.post(path, ["parts": [], "as": "scroll", "title": "x"]).faults()["/as"]
                == "invalid_choice")
        let damaged = try owner.post(
            "/v1/files?name=d.pdf", raw: Array("%PDF-1.7\nnothing".utf8), type: "application/pdf"
        ).ok(201)
        try owner.post(path, ["parts": [.string(damaged.id)], "as": "pdf", "title": "x"]).ok(202)
        try eventuallyTrue("it is told") {
            try owner.every("/v1/alerts?kind=job_dead").contains { $0.text("title").contains("d.pdf") }
        }
        #expect(try owner.get("/v1/deliverables/\(draft.id)").ok()["revision"] == 0)
        _ = try owner.step(draft, "submit")
        let text = try owner.file()
        try owner.post(path, ["parts": [.string(text.id)], "as": "pdf", "title": "x"])
            .problem(409, "invalid_transition")
    }
}

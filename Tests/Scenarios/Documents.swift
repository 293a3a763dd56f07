import Foundation
import JSON
import StandIns
import Testing

/// Files in the repository that say what the binary does have to say it still.
@Suite(.ownThread) struct Documents {
    static let openAPIPath = BureauProcess.root + "/openapi/bureau.yaml"

    /// The blocks of a page that are marked `sh tour`, in their order, each with the heading that it is under.
    private static func tour(of page: String) throws -> [(heading: String, block: String)] {
        let text = try String(contentsOfFile: "\(BureauProcess.root)/\(page)", encoding: .utf8)
        var blocks: [(heading: String, block: String)] = [], block: [String]?, heading = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                if let finished = block { blocks.append((heading, finished.joined(separator: "\n"))) }
                block = line == "```sh tour" ? [] : nil
            } else if block != nil {
                block?.append(line)
            } else if line.hasPrefix("## ") {
                heading = String(line.dropFirst(3))
            }
        }
        return blocks
    }

    @Test func `the command prints the document that the server serves`() throws {
        let ended = try BureauProcess.bare("openapi")
        try #require(ended.status == 0, "\(ended.output.prefix(300))")
        #expect(
            ended.output.contains("/v1/leads")
                && (ended.output.contains("openapi: ") || ended.output.contains("\"openapi\"")))
        let served = try BureauProcess.shared.anonymous.get("/openapi.json").ok()
        let lines = Set(ended.output.split(separator: "\n"))
        for path in served["paths"]?.object?.keys ?? [] { #expect(lines.contains("  \(path):"), "\(path)") }
    }

    @Test func `openapi/bureau.yaml is what the command prints`() throws {
        let kept = try String(contentsOfFile: Self.openAPIPath, encoding: .utf8)
        #expect(try BureauProcess.bare("openapi").output == kept, "run `make openapi` and commit")
    }

    @Test func `an operation keeps the name that it was released with`() throws {
        let path = BureauProcess.root + "/openapi/operations.txt"
        let kept = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        let served = try BureauProcess.shared.anonymous.get("/openapi.json").ok()
        let names = Operation.all(in: served).map { "\($0.json.text("operationId")) \($0.name)" }
        #expect(Set(kept).subtracting(names).sorted() == [], "generated clients call these: keep the names")
        #expect(Set(names).subtracting(kept).sorted() == [], "run `make openapi` and commit")
        for name in names {
            #expect(name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)+ [A-Z]+ .+/) != nil, "\(name)")
        }
    }

    /// The blocks of docs/tour.md, of which those that find leads are promised to end within a minute.
    private static func timed(_ blocks: [(heading: String, block: String)]) throws -> [String] {
        let finding = blocks.prefix { $0.heading == "From an empty agency to enriched leads" }
        try #require(finding.count == 3, "docs/tour.md begins with three blocks that find leads")
        let check = """
            TOOK=$((SECONDS - BEGAN))
            [ $TOOK -le 60 ] || { echo "from an empty agency to enriched leads: $TOOK s, not a minute"; exit 1; }
            """
        return ["BEGAN=$SECONDS"] + finding.map(\.block) + [check]
            + blocks.dropFirst(finding.count).map(\.block)
    }

    /// Both pages run in one shell, as a reader would: later blocks use what earlier ones set.
    @Test func `the tour of the README and docs/tour.md works as it is written`() throws {
        let (first, rest) = try (Self.tour(of: "README.md"), Self.tour(of: "docs/tour.md"))
        try #require(first.count == 5, "five fenced blocks of the README are marked `sh tour`")
        try #require(rest.count >= 10, "the others are in docs/tour.md")
        let web = try StandIn { _ in StandInAnswer(404) }
        web.stop()
        let server = try BureauProcess.start([
            "outbound.connect_to": "*.example:80=127.0.0.1:\(web.port),*:80=127.0.0.1:9,*:443=127.0.0.1:9"
        ])
        let folder = server.file("tour")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let lines = try ["set -euo pipefail", "cd '\(folder)'"] + first.map(\.block) + Self.timed(rest)
        let script = lines.joined(separator: "\n")
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUREAU_") }
        environment["BUREAU"] = "http://127.0.0.1:\(server.port)"
        environment["WEB"] = "\(web.port)"
        let ended = try BureauProcess.run(
            ["/usr/bin/timeout", "150", "/bin/bash", "-c", script], environment)
        #expect(ended.status == 0, "\(ended.output.suffix(3000))")
        #expect(
            ended.output.contains("\"created\":2,") && ended.output.contains("\"skipped\":1,"),
            "as the text says")
        #expect(ended.output.contains("invalid_email") && ended.output.contains("lead_qualification"))
        #expect(
            ended.output.contains("Changing your logo") && ended.output.contains("15-minute call"),
            "somebody asks for a person")
        for word in [
            "\"items\":[{\"company\":\"Alder Robotics\"", "\"created\":1,\"duplicates\":0",
            "\"employee_count\":140", "\"quote\":\"+49 30 901820\"", "Erika Beispiel",
            "\"status\":\"undone\"",
        ] {
            #expect(ended.output.contains(word), "from an empty agency to enriched leads: \(word)")
        }
        for word in ["\"stage\":\"won\"", "\"status\":\"paid\"", "\"class\":\"interested\""] {
            #expect(ended.output.contains(word), "from the first mail to the paid invoice: \(word)")
        }
        let tags = "\"tags\":[\"called\"]\n\"tags\":[\"offer:"
        #expect(ended.output.contains(tags), "what the sandbox did two days later, it did there alone")
    }
}

import Foundation
import JSON
import Testing

/// The web console, as far as it can be tried without a browser, and the agency that it is first looked at with.
@Suite(.ownThread) struct Console {
    let server = BureauProcess.shared

    private func modules() throws -> [String: String] { try server.modules(of: "/app/main.js") }

    @Test func `every module of the page is served`() throws {
        let paths = try modules().keys
        let views = [
            "agents", "runs", "workflowrun", "approvals", "alerts", "notifications", "records", "leads",
            "deals",
            "outbox", "sequences", "invoices", "tickets", "articles", "clients", "projects", "sandboxes",
            "insights",
            "sales", "support",
        ]
        for view in views {
            #expect(paths.contains("/app/views/\(view).js"))
        }
        let kept =
            ["app", "ui"].flatMap { folder in
                (FileManager.default.enumerator(atPath: BureauProcess.root + "/static/" + folder)?
                    .compactMap { $0 as? String } ?? [])
                    .filter { $0.hasSuffix(".js") }.map { "/\(folder)/\($0)" }
            }
        // The reference is a page of its own.
        let unused = Set(kept).subtracting(paths).subtracting([
            "/app/docs.js", "/app/schema.js", "/app/search.js",
        ])
        #expect(unused.isEmpty)
    }

    @Test func `nothing that comes from outside becomes markup`() throws {
        let banned = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
        ]
        for (path, text) in try modules() {
            for word in banned { #expect(!text.contains(word), "\(path) uses \(word)") }
        }
    }

    @Test func `the HTML of mails is shown in one place only, in a frame that may do nothing`() throws {
        let texts = try modules()
        let framing = texts.filter { $0.value.contains("srcdoc") || $0.value.contains("\"iframe\"") }
        #expect(framing.keys.sorted() == ["/app/mail.js"])
        let text = try #require(framing["/app/mail.js"])
        #expect(text.contains(#"sandbox: """#) && text.contains("default-src 'none'"))
        for (path, text) in texts { #expect(!text.contains("allow-s"), "\(path) lets a frame do more") }
    }

    @Test func `the sample agency has runs that ended, sleep and wait for a person`() throws {
        let demo = try BureauProcess.demo()
        let owner = try demo.sampleOwner()
        let runs = try eventually("the runs to be where they go") { () -> [JSON]? in
            let runs = try owner.every("/v1/workflow-runs").filter { $0["state"]?["company"] != nil }
            let isUnderWay = runs.contains { $0.text("status") == "running" || $0["current"] == ["score"] }
            return isUnderWay ? nil : runs
        }
        let ways = runs.map { "\($0.text("status")) \($0["current"]?.array?.first?.text ?? "")" }
        #expect(ways.sorted() == ["completed ", "waiting ask", "waiting rest"])
        let waiting = runs.first { $0["current"] == ["ask"] }?["id"]
        let asked = try owner.every("/v1/approvals?status=pending").filter {
            $0["run_id"] == waiting
        }
        #expect(asked.count == 1)
        let budgets = try owner.get("/v1/budgets").ok().items
        #expect(Set(budgets.map { $0.text("kind") }) == ["calls", "money"])
        try owner.post("/v1/approvals/\(asked.first?.id ?? "")/approve").ok()
        _ = try eventually("the approved run to end") {
            try owner.every("/v1/workflow-runs?status=completed").count { $0["state"]?["company"] != nil }
                == 2
                ? true : nil
        }
    }
}

extension BureauProcess {
    /// Every module that a page loads, by its path, with its text.
    func modules(of main: String) throws -> [String: String] {
        var loaded: [String: String] = [:], wanted = [main]
        while let path = wanted.popLast() {
            guard loaded[path] == nil else { continue }
            let answer = try anonymous.get(path)
            try answer.ok()
            #expect(answer.header("Content-Type")?.hasPrefix("text/javascript") == true, "\(path)")
            loaded[path] = answer.text
            let folder = path.split(separator: "/").dropLast().map(String.init)
            // Some are loaded once they are asked for.
            for found in answer.text.matches(of: /(?:from |import\()"(\.[^"]+)"/) {
                var place = folder
                for part in found.1.split(separator: "/") where part != "." {
                    if part == ".." { place.removeLast() } else { place.append(String(part)) }
                }
                wanted.append("/" + place.joined(separator: "/"))
            }
        }
        return loaded
    }
}

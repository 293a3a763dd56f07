import Foundation
import JSON
import Testing

/// Reads the pages at /docs as a programmer does, in a real browser, and has axe check them.
@Suite(.ownThread) struct DocsBrowser {
    let server = BureauProcess.shared

    @Test func `words find an operation, which shows its call and its answer; axe finds no violation`() throws
    {
        let found = try inBrowser("docs.py", ["url": .string("http://127.0.0.1:\(server.port)")])
        #expect(found == ["violations": [], "faults": []], "\(found.serialized)")
    }

    /// The calls run in one shell, from the first guide to the last, as a reader would run them.
    @Test func `the calls of the guides are answered as the guides say`() throws {
        let agency = try server.quietAgency()
        let page = try server.anonymous.get("/docs").text
        let calls = page.matches(of: /<pre tabindex="0" data-run>([\s\S]*?)<\/pre>/).map { unescaped($0.1) }
        let answers = page.matches(of: /<pre tabindex="0" data-answer>([\s\S]*?)<\/pre>/).map {
            unescaped($0.1)
        }
        try #require(calls.count == answers.count && calls.count >= 7)
        let script = (["set -euo pipefail"] + calls.map { "\($0)\nprintf '\\n%s\\n' ======" }).joined(
            separator: "\n")
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUREAU_") }
        environment["BUREAU"] = "http://127.0.0.1:\(server.port)"
        (environment["EMAIL"], environment["PASSWORD"]) = (agency.email, agency.password)
        let ended = try BureauProcess.run(["/usr/bin/timeout", "90", "/bin/bash", "-c", script], environment)
        try #require(ended.status == 0, "\(ended.output.suffix(2000))")
        let said = ended.output.components(separatedBy: "\n======\n")
        for (index, answer) in answers.enumerated() {
            guard let wanted = try? JSONParser.parse(answer) else {
                #expect(
                    said[index].lowercased().contains(
                        answer.lowercased().trimmingCharacters(in: .whitespaces)))
                continue
            }
            let given = try JSONParser.parse(String(said[index].split(separator: "\n").last ?? ""))
            expect(given, shows: wanted, "answer \(index + 1)")
        }
    }

    /// Expects that an answer has what a guide shows; "…" stands for what differs from call to call.
    private func expect(_ given: JSON?, shows wanted: JSON, _ place: String) {
        switch wanted {
        case .object(let members):
            for (name, value) in members.members { expect(given?[name], shows: value, "\(place).\(name)") }
        case .array(let items):
            for (index, item) in items.enumerated() {
                expect(given?[index], shows: item, "\(place)[\(index)]")
            }
        case .string(let text) where text.hasSuffix("…"):
            #expect(given?.text?.hasPrefix(text.dropLast()) == true, "\(place): \(given?.serialized ?? "")")
        default: #expect(given == wanted, "\(place): \(given?.serialized ?? "nothing")")
        }
    }

    private func unescaped(_ text: Substring) -> String {
        String(text).replacing("&amp;", with: "&").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
    }
}

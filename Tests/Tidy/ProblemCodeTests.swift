import Foundation
import Testing

/// The codes that callers get.
struct `Codes of problems` {
    @Test func `are all explained in ProblemTypes`() {
        let place = "Sources/Kernel/Records/ProblemTypes.swift"
        let known = Set(
            Project.text(place).matches(of: /(?:ProblemType|fault)\(\s*"(\w+)"/).map { String($0.1) })
        let thrown = [
            ("Fault(", /Fault\(\s*(?:"[^"]*"|[\w.()\\]+),\s*"([a-z_]+)"/),
            ("aults.add(", /aults\.add\(\s*(?:"(?:[^"\\]|\\.)*"|[\w.]+),\s*"([a-z_]+)"/),
        ]
        var faults: [String] = []
        for source in Project.sources {
            let text = source.text
            for (beginning, pattern) in thrown where text.has(beginning) {
                for found in text.matches(of: pattern) where !known.contains(String(found.1)) {
                    faults.append("\(source.path): \(found.1)")
                }
            }
            let declares =
                source.path != place && text.has("ProblemType(") && text.contains(/ProblemType\(\s*"/)
            if declares { faults.append("\(source.path) declares a problem of its own") }
        }
        expectNone(faults, "Explain these in \(place), with what to do:")
        let listed = Project.text(place).split(separator: "static let general").last ?? ""
        let names = Project.text(place).matches(of: /static let (\w+) = ProblemType\(/).map { String($0.1) }
        expectNone(names.filter { !listed.contains($0) }, "In no list, so that /problems/{code} has no page:")
    }

    @Test func `are those that the portal says in other languages`() {
        let known = Project.text("Sources/Kernel/Records/ProblemTypes.swift")
        var faults: [String] = [], checked = 0
        for path in Project.files(in: "static/portal/words", named: ".json") {
            let problems = Project.text(path).split(separator: "\"problems\"").last ?? ""
            for found in problems.matches(of: /"([a-z_]+)": "/) {
                checked += 1
                if !known.contains("\"\(found.1)\"") { faults.append("\(path): \(found.1)") }
            }
        }
        expectNone(faults, "Nobody is ever told these:")
        #expect(checked > 150)
    }

    /// Codes that only programs are told, as pages send what is meant.
    private static let forPrograms: Set<String> = [
        "malformed_json", "unknown_filter", "invalid_cursor", "invalid_parameter", "refresh_token_reused",
        "method_not_allowed", "signature_invalid", "uri_too_long", "idempotency_key_reused",
        "unsupported_http_version",
    ]
    /// Codes that pages tell in the words of the problem's detail, or ask for what is missing.
    private static let byDetail: Set<String> = [
        "conflict", "invalid_transition", "out_of_range", "tenant_required",
    ]

    private struct Said: Decodable {
        let problems: [String: String], reasons: [String: String]
    }

    @Test func `are said by the console in other languages, and so is what is in the way`() throws {
        let codes = Set(
            Project.text("Sources/Kernel/Records/ProblemTypes.swift")
                .matches(of: /(?:ProblemType|fault)\(\s*"(\w+)"/).map { String($0.1) }
        ).subtracting(Self.forPrograms).subtracting(Self.byDetail)
        let refusal = /(?:Problem\(\s*\.(?:conflict|invalidTransition),|\brefusal\()\s*(?=")/
        let names = [".conflict,", ".invalidTransition,", "refusal("]
        let reasons = Set(
            Project.sources.filter { !$0.path.contains("/Database/") }.flatMap { source -> [String] in
                let text = source.text
                guard names.contains(where: { text.has($0) }) else { return [] }
                return text.matches(of: refusal).map { text[$0.range.upperBound...].leadingLiteral }
            }.filter { $0.contains(" ") })
        var faults: [String] = []
        for path in Project.files(in: "static/app/words", named: ".json")
        where !path.hasSuffix("/index.json") {
            let said = try JSONDecoder().decode(Said.self, from: Data(Project.text(path).utf8))
            faults += codes.subtracting(said.problems.keys).sorted().map { "\(path): \($0)" }
            let forms = try said.reasons.keys.filter { $0.has("{") }
                .map { try Regex($0.asForm).dotMatchesNewlines() }
            let unsaid = reasons.subtracting(said.reasons.keys).filter { reason in
                !forms.contains { reason.wholeMatch(of: $0) != nil }
            }
            faults += unsaid.sorted().map { "\(path): \($0)" }
        }
        expectNone(faults, "Say these in `problems` and `reasons`:")
    }

    /// The compiler wants an action of every alert; this wants one that says something. What is answered is held to it
    /// by its schema, in every scenario.
    @Test func `of alerts come with what to do`() {
        var faults: [String] = [], kinds = 0
        for source in Project.sources where source.text.has("alerts.raise(") || source.text.has("Finding(") {
            for call in source.text.split(separator: /(?:alerts\.raise|Finding)\(\s*kind:/).dropFirst() {
                kinds += 1
                guard let action = call.firstMatch(of: /action:\s*(?:[\w.]+\s*\?\s*)?("{1,3}\s*[^"]*|[\w.]+)/)
                else {
                    faults.append("\(source.path): \(call.prefix(40))")
                    continue
                }
                let isText = action.1.first == "\""
                if isText, action.1.count < 12 { faults.append("\(source.path): \(action.1)") }
            }
        }
        expectNone(faults, "Say what a person should do:")
        #expect(kinds >= 25, "all of them are found")
    }
}

extension Substring {
    /// The literals that a text begins with, put together, with … for each value in them.
    fileprivate var leadingLiteral: String {
        var rest = dropFirst(), words = ""
        while let letter = rest.first, letter != "\"" {
            if rest.hasPrefix("\\(") {
                rest = rest.dropFirst(2).behindParenthesis
                words += "…"
            } else {
                if letter == "\\" { rest = rest.dropFirst() }
                words += rest.prefix(1)
                rest = rest.dropFirst()
            }
        }
        rest = rest.dropFirst()
        guard let more = rest.prefixMatch(of: /\s*\+\s*(?=")/) else { return words }
        return words + rest[more.range.upperBound...].leadingLiteral
    }

    /// Returns the text after the parenthesis that is open at its begin.
    private var behindParenthesis: Substring {
        var rest = self, depth = 1
        while depth > 0, let letter = rest.first {
            rest = rest.dropFirst()
            switch letter {
            case "(": depth += 1
            case ")": depth -= 1
            case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
            default: break
            }
        }
        return rest
    }
}

extension String {
    /// The form of a sentence as a regular expression: anything may stand for "{name}".
    fileprivate var asForm: String {
        split(separator: /\{\w+\}/, omittingEmptySubsequences: false)
            .map { NSRegularExpression.escapedPattern(for: String($0)) }.joined(separator: ".+")
    }
}

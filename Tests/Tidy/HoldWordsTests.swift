import Foundation
import Testing
import Wording

/// Why a message is held, or was taken back, is told by its code, and so is what the gate has against it. Refusals are
/// told as the gate says them, which names the budget, the tool or the permission.
struct `Words for what holds a message` {
    /// The places of reasons that no message has: those of posts, of pieces on their way to a blog, of advertising, and
    /// warnings about addresses.
    private static let others = [
        "/Slices/Posts/", "/Slices/Content/Publishing/", "/Slices/Campaigns/Promotions/",
        "/Slices/Campaigns/Audiences/", "/AddressWarnings.swift",
    ]
    /// The code of what is told in the words of whoever has said it.
    private static let ownWords = "taken_back"

    /// The codes that reasons are made with, each with a file that does so.
    private static let holds: [String: String] = {
        var holds: [String: String] = [:]
        for source in Project.sources where !others.contains(where: source.path.contains) {
            let text = source.text, isRule = source.path.contains("/Sendability")
            guard isRule || text.has("Reason(") else { continue }
            var arguments = text.matches(of: /(?:^|[^\w.])Reason\(\s*([^,()]+),/).map { $0.1 }
            if isRule { arguments += text.matches(of: /(?:^|[^\w.])add\(\s*([^,()]+),/).map { $0.1 } }
            for argument in arguments {
                for code in argument.matches(of: /"([a-z_]+)"/) { holds[String(code.1)] = source.path }
                let names = argument.replacing(/"[^"]*"/, with: "")
                for name in names.matches(of: /(?:([A-Z]\w*)\.)?([a-z]\w*)/) {
                    let owner = name.1.map(String.init) ?? "Self"
                    let texts = owner == "Self" ? [text] : files(of: owner)
                    for code in codes(of: String(name.2), in: texts) { holds[code] = source.path }
                }
            }
        }
        return holds
    }()

    /// The codes with which the gate and connectors refuse a message.
    private static let refusals: Set<String> = {
        let gate = Project.sources.filter { $0.path.hasPrefix("Sources/Kernel/Agents/") }
        let codes = gate.flatMap { source -> [String] in
            let text = source.text
            let made = text.matches(of: /ToolRefusal\(\s*"([a-z_]+)"/).map { String($0.1) }
            guard source.path.hasSuffix("/Gate/Connector.swift") else { return made }
            return made + text.matches(of: /case \.\w+: "([a-z_]+)"/).map { String($0.1) }
        }
        return Set(codes).subtracting(ofCalls).subtracting(holds.keys)
    }()
    /// The codes with which the gate refuses only calls of tools that agents and workflows make by themselves.
    private static let ofCalls = [
        "approval_rejected", "approval_expired", "loop_detected", "not_callable", "unknown_tool",
        "validation_failed",
    ]

    /// The texts of the files that a type is in.
    private static func files(of type: String) -> [String] {
        let named = Project.sources.filter { $0.path.hasSuffix("/\(type).swift") }
        let found = named.isEmpty ? Project.sources.filter { $0.path.hasPrefix("Sources/Reach/") } : named
        return found.map(\.text).filter { !named.isEmpty || $0.contains("struct \(type)") }
    }

    /// Returns the value of a constant that has a code; of what is only known at work, nothing.
    private static func codes(of name: String, in texts: [String]) -> [String] {
        texts.flatMap { text in
            text.matches(of: /(\w+)(?:: String)? = "([a-z_]+)"/).filter { $0.1 == name }
                .map { String($0.2) }
        }
    }

    @Test func `are known in every language of the console`() throws {
        struct Codes: Decodable { let codes: [String: String] }
        var faults: [String] = []
        for path in `The words of the console`.catalogues {
            let said = try JSONDecoder().decode(Codes.self, from: Data(Project.text(path).utf8)).codes
            for (code, place) in Self.holds.sorted(by: { $0.key < $1.key })
            where code != Self.ownWords && said["held.\(code)"] == nil {
                faults.append("\(path) lacks, of \(place): held.\(code)")
            }
            faults += Self.refusals.filter { said["refused.\($0)"] == nil }.sorted()
                .map { "\(path) lacks: refused.\($0)" }
        }
        expectNone(faults, "Write these into `codes`:")
    }

    @Test func `are known in every language of the product, beside the English of the reason`() {
        var faults: [String] = []
        for catalogue in `The catalogues of words`.languages where catalogue.language != "en" {
            let words = catalogue.texts["message.held"] ?? ""
            for (code, place) in Self.holds.sorted(by: { $0.key < $1.key })
            where code != Self.ownWords && !words.contains(" \(code) {") {
                faults.append("\(catalogue.language).json lacks, of \(place): \(code)")
            }
        }
        expectNone(faults, "Write these into message.held:")
    }

    @Test func `of the gate are known in every language of the product, beside its own English`() throws {
        let source = Project.text("Sources/Reach/Messages/Message.swift")
        let known = try #require(source.firstMatch(of: /ofGate: Set<String> = \[([^\]]*)\]/)).1
        var faults = Self.refusals.filter { !known.contains("\"\($0)\"") }.sorted()
            .map { "Reason.ofGate lacks: \($0)" }
        for catalogue in `The catalogues of words`.languages where catalogue.language != "en" {
            let words = catalogue.texts["message.refused"] ?? ""
            faults += Self.refusals.filter { !words.contains(" \($0) {") }.sorted()
                .map { "\(catalogue.language).json lacks: \($0)" }
        }
        expectNone(faults, "Write these into message.refused:")
        #expect(Self.refusals.isSuperset(of: ["tool_disabled", "circuit_open", "quota_near", "forbidden"]))
    }

    @Test func `are looked for wherever a code may stand`() {
        let known = [
            "approval", "quiet_hours", "frequency_cap", "daily_cap", "unsuitable_moment", "data_quality",
            "undeliverable", "campaign_under_way", "campaign_completed", "sequence_ended", Self.ownWords,
        ]
        #expect(known.filter { Self.holds[$0] == nil } == [])
        #expect(Self.holds.count > 40 && Self.holds["cannot_mark"] == nil)
    }
}

internal import Intelligence
internal import JSON
internal import Messaging
internal import Records
internal import Runtime

/// A model's draft of an answer to a question. A person reads it before it leaves, however the agent is set; one that
/// says more than it was told is thrown away.
struct DraftedAnswer: Sendable {
    let text: String
    /// Which model, by which prompt.
    let source: JSON

    private static let lengthMax = 2000
    private static let schema: JSON = [
        "type": "object", "properties": ["answer": ["type": "string"]], "required": ["answer"],
        "additionalProperties": false,
    ]

    /// `nil` for a text with links, addresses, or figures that stand in none of `facts`.
    init?(_ word: ModelWord, facts: [String]) {
        let text = (word.document["answer"]?.text ?? "").trimmed
        let isPlain = text.unicodeScalars.allSatisfy {
            $0 == "\n"
                || ![.control, .format, .privateUse, .unassigned].contains($0.properties.generalCategory)
        }
        guard !text.isEmpty, text.count <= Self.lengthMax, isPlain, !Self.pointsElsewhere(text) else {
            return nil
        }
        let known = facts.reduce(into: Set<String>()) { $0.formUnion(Self.figures($1)) }
        guard Self.figures(text).isSubset(of: known) else { return nil }
        (self.text, source) = (text, word.source)
    }

    private static func pointsElsewhere(_ text: String) -> Bool {
        let folded = text.lowercased()
        return ["@", "://", "www.", "](", "mailto:", "<"].contains { folded.contains($0) }
    }

    /// The numbers of a text without their marks, however they are grouped, and a per cent sign as one of its own.
    static func figures(_ text: String) -> Set<String> {
        var found: Set<String> = [], digits = ""
        func close(_ digits: String) -> String {
            let whole = digits.drop { $0 == "0" }
            return whole.hasSuffix("00") && whole.count > 4 ? String(whole.dropLast(2)) : String(whole)
        }
        let characters = Array(text) + [".", " "]
        for (index, character) in characters.enumerated() {
            if let digit = character.wholeNumberValue, (0...9).contains(digit) {
                digits += String(digit)
            } else if !digits.isEmpty, ".,'’\u{A0}\u{202F} ".contains(character),
                index + 1 < characters.count,
                characters[index + 1].isNumber
            {
                continue
            } else if !digits.isEmpty {
                found.insert(close(digits))
                digits = ""
            }
            if character == "%" { found.insert("%") }
        }
        return found
    }

    static func ask(
        to message: Message, offering packages: JSON, agency: String, locale: String, _ run: AgentRun
    ) async throws -> DraftedAnswer? {
        guard message.evidence["suspicious"]?.flag != true else { return nil }
        let offered = packages.serialized, asked = String(message.text.prefix(4000))
        var question = ModelQuestion(
            replyAnswerPrompt,
            [
                "agency": .ours(agency), "locale": .ours(locale),
                "question": .outside(OutsideText(asked, from: "email")),
                "packages": .outside(OutsideText(offered, from: "packages")),
            ], answering: schema)
        question.tokensMax = 600
        let answer = try await run.ask(
            question, effect: "answer/\(message.id)", about: message.subjectOfEvents)
        guard case .answered(let word) = answer else { return nil }
        return DraftedAnswer(word, facts: [offered])
    }
}

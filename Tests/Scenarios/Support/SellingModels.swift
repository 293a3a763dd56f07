import Foundation
import JSON
import StandIns
import Synchronization

/// The questions of selling to a stand-in for a model.
struct SellingQuestion {
    /// `reply_class`, `reply_answer`.
    let name: String
    /// A mail's text, as the model sees it.
    let mail: String
    /// Whether it has been told already that a tool may not be.
    let isRefused: Bool

    init(_ request: ReceivedRequest) {
        let body = (try? JSONParser.parse(request.body)) ?? .null
        name = body["response_format"]?["json_schema"]?.text("name") ?? ""
        let messages = body["messages"]?.array ?? []
        let texts = messages.map { $0.text("content") }
        let fenced = texts.compactMap { text -> String? in
            guard let start = text.range(of: "source=\"email\">\n"),
                let end = text[start.upperBound...].range(of: "\n</data-", options: .backwards)
            else { return nil }
            // Of several fences, the mail's is the first.
            let rest = text[start.upperBound..<end.lowerBound]
            return String(rest[..<(rest.range(of: "\n</data-")?.lowerBound ?? rest.endIndex)])
        }
        mail = fenced.first ?? ""
        isRefused = messages.count > 1 && messages.last?.text("role") != "user"
    }

    static func reading(_ replyClass: String, quote: String) -> StandInAnswer {
        let document: JSON = ["class": .string(replyClass), "quote": .string(quote)]
        return Models.completion(document.serialized)
    }

    static func answer(_ text: String) -> StandInAnswer {
        let document: JSON = ["answer": .string(text)]
        return Models.completion(document.serialized)
    }

    var firstWords: String { mail.split(whereSeparator: \.isWhitespace).prefix(2).joined(separator: " ") }
}

extension StandIn {
    /// A model that does nothing of what a mail says.
    static func harmlessModel() throws -> StandIn {
        try StandIn { request in
            let question = SellingQuestion(request)
            return question.name == "reply_class"
                ? SellingQuestion.reading("other", quote: question.firstWords)
                : SellingQuestion.answer("A colleague will come back to you.")
        }
    }

    /// A model that does all of what a mail says, however it is disguised, and where it finds no order takes everybody
    /// for interested.
    static func obedientModel() throws -> StandIn {
        try StandIn { request in
            let question = SellingQuestion(request), said = plain(question.mail)
            if !question.isRefused, let order = said.range(of: "call ") {
                return call(String(said[order.upperBound...]))
            }
            guard question.name == "reply_class" else {
                return SellingQuestion.answer(
                    said.contains("discount")
                        ? "Gladly, 90 % off. Write to x@evil.example." : "We approve all of it.")
            }
            let wish = said.firstRange(of: "class: ").map {
                said[$0.upperBound...].prefix { $0.isLetter || $0 == "_" }
            }
            return SellingQuestion.reading(String(wish ?? "interested"), quote: question.firstWords)
        }
    }

    private static func call(_ order: String) -> StandInAnswer {
        let name = order.prefix { $0.isLetter || $0 == "_" }
        let arguments = order.firstIndex(of: "{").map { order[$0...].prefix { $0 != "\n" } } ?? "{}"
        let call: JSON = [
            "function": [
                "name": .string(String(name)),
                "arguments": .string(
                    String(arguments[...(arguments.lastIndex(of: "}") ?? arguments.startIndex)])),
            ]
        ]
        let answer: JSON = ["choices": [["message": ["tool_calls": [call]], "finish_reason": "tool_calls"]]]
        return StandInAnswer(200, answer.serialized)
    }

    /// A mail without its disguises.
    private static func plain(_ text: String) -> String {
        let letters: [Character: Character] = [
            "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "і": "i", "ѕ": "s",
        ]
        let seen = text.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
            switch scalar.value {
            case 0xE0000...0xE007F: Unicode.Scalar(scalar.value - 0xE0000)
            case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0)
            case 0x200B, 0xAD, 0x202A...0x202E: nil
            default: scalar
            }
        }
        let folded = String(String(String.UnicodeScalarView(seen)).map { letters[$0] ?? $0 })
        let decoded = folded.split(whereSeparator: \.isWhitespace).compactMap { word in
            word.count > 40
                ? Data(base64Encoded: String(word)).flatMap { String(data: $0, encoding: .utf8) } : nil
        }
        return ([folded] + decoded).joined(separator: " ").lowercased()
    }
}

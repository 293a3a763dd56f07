internal import Agents
internal import JSON
internal import Messages
package import Records

/// An agency's settings for the agent that talks with customers.
package struct PrimarySettings: AgentSettings {
    package var words = Parts<AgentWording>()

    package init() {}

    package static let schema = Schema<PrimarySettings>(
        "PrimarySettings",
        [
            .parts(
                "words", \.words, max: 200,
                .about("The agency's own words for what it says; where there are none, the standard ones."))
        ])

    package func check(_ faults: inout Faults) {
        for (index, wording) in words.list.enumerated() {
            let used = FilledText(wording.text).names, allowed = wording.occasion.names
            if let unknown = used.first(where: { !allowed.contains($0) }) {
                faults.add(
                    "/words/\(index)/text", "invalid_choice",
                    "The placeholder {{ \(unknown.prefix(60)) }} does not exist: choose one that does, or take it out.",
                    choices: allowed)
            }
            for needed in wording.occasion.needs where !used.contains(needed) {
                faults.add("/words/\(index)/text", "required", "The text must contain {{ \(needed) }}.")
            }
        }
    }
}

/// An agent's text for an occasion, in a language.
package struct AgentWording: Part {
    package enum Occasion: String, Choice {
        case greeting, thanks, farewell, acknowledgement, answer
        case unknownAnswer = "unknown_answer"
        case frustration
        case askedForHuman = "asked_for_human"
        case stillWaiting = "still_waiting"
        case backAgain = "back_again"
        case callBack = "call_back"

        /// The placeholders for the source of an answer, which is never left out.
        var needs: [String] { self == .answer ? ["passage", "title"] : [] }

        var names: [String] {
            switch self {
            case .greeting, .farewell: ["agency", "name"]
            case .answer: ["agency"] + needs
            default: ["agency"]
            }
        }
    }

    package var occasion = Occasion.greeting
    package var language: String?
    package var text = ""

    package init() {}
    package static let schema = Schema<AgentWording>(
        "AgentWording",
        [
            .choice("occasion", \.occasion, .required),
            .text(
                "language", \.language, max: 2, .example("de"),
                .about("ISO 639-1; null: for every language that has no words of its own.")),
            .text(
                "text", \.text, max: 2000, .required,
                .about(
                    "With {{ agency }}; a greeting or farewell with {{ name }}, too; an answer has {{ passage }} and {{ title }}."
                ), .example("Welcome to {{ agency }}! What can we do for you?")),
        ])
}

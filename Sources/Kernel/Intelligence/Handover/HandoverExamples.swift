internal import Lexicons

/// Turns of chats with an agency's assistant, with whether they ask for a person: all of them invented. The
/// model learns from them.
enum HandoverExamples {
    static let all: [(text: String, asks: Bool)] = {
        let lexicon = Lexicon("handover-examples")
        return lexicon.lines("request").map { (text: $0, asks: true) }
            + lexicon.lines("ordinary").map { (text: $0, asks: false) }
    }()
}

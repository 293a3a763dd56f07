internal import Lexicons

/// Replies as people and machines write them, with what they mean: all of them invented. The classifier
/// learns from them.
enum ReplyExamples {
    static let all: [(text: String, label: ReplyClass)] = {
        let lexicon = Lexicon("reply-examples")
        return ReplyClass.allCases.flatMap { label in
            lexicon.lines(label.rawValue).map { (text: $0, label: label) }
        }
    }()
}

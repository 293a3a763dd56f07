internal import Lexicons

/// Texts that try to instruct a machine, and texts beside them that do not: all of them invented.
enum InjectionExamples {
    static let all: [(text: String, isAttack: Bool)] = {
        let lexicon = Lexicon("injection-examples")
        return lexicon.lines("attack").map { (text: $0, isAttack: true) }
            + lexicon.lines("harmless").map { (text: $0, isAttack: false) }
            + ReplyExamples.all.map { (text: $0.text, isAttack: false) }
    }()
}

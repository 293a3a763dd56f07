internal import Lexicons

/// Messages to the support of an agency, with what they are about: all of them invented. Triage learns from
/// them.
enum TicketExamples {
    static let all: [(text: String, label: String, weight: Float)] = {
        let lexicon = Lexicon("ticket-examples")
        return TicketTriage.Category.standard.flatMap { category in
            lexicon.lines(category.rawValue).map { (text: $0, label: category.rawValue, weight: Float(1)) }
        }
    }()
}

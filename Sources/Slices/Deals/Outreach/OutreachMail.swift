/// The mails of a new agency's sequence, which the agency may change at will; their words are in the catalogues. They
/// are short and about the reader; each asks one question, and none promises what the agency has not promised itself.
/// Each mentions something known of the lead, and has places with three wordings, so that nine people at one company
/// get nine different texts.
enum OutreachMail: String, CaseIterable {
    case question
    case secondThought = "second_thought"
    case firstLook = "first_look"
    case twentyMinutes = "twenty_minutes"
    case lastOne = "last_one"

    /// The template's name. The third touch is one that a person makes.
    var name: String {
        switch self {
        case .question: "Outreach 1: a question"
        case .secondThought: "Outreach 2: a second thought"
        case .firstLook: "Outreach 4: what we would look at"
        case .twentyMinutes: "Outreach 5: twenty minutes"
        case .lastOne: "Outreach 6: the last one"
        }
    }
}

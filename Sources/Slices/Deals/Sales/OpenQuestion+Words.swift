internal import Intelligence
internal import Messages
internal import People
internal import Records
internal import Tenancy
internal import Wording

extension OpenQuestion {
    /// Returns the wording of the question.
    func asked(_ words: Wording) -> String {
        switch self {
        case .budget: words("sales.ask_budget")
        case .timeline: words("sales.ask_timeline")
        case .authority: words("sales.ask_authority")
        }
    }
}

extension Contact {
    /// The least confidence with which a guessed language is used.
    private static let languageMin = 0.5

    /// Returns the contact with the language of their mail as their own, where that language is known.
    func answered(in message: Message, of tenant: Tenant) -> Contact {
        let guess = LanguageGuess.of(OwnWords.prose(of: message.text))
        guard guess.confidence >= Self.languageMin, let language = guess.language,
            Catalogue.languages.contains(language), (locale ?? tenant.locale).language != language
        else { return self }
        var contact = self
        contact.locale = language
        return contact
    }
}

extension Message.Class {
    /// Whether a reply of this class says something usable about the writer's business: what they need, what they
    /// could spend, and by when. A refusal does not.
    var tellsOfThem: Bool {
        switch self {
        case .interested, .question, .notNow, .objection, .referral, .other: true
        case .notInterested, .unsubscribe, .bounce, .outOfOffice: false
        }
    }
}

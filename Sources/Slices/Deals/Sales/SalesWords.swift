internal import Intelligence
internal import Messaging
internal import Platform
internal import Records

/// What the sales agent writes besides templates, in the recipient's language where it is English, German, French or
/// Spanish, else in English.
struct SalesWords {
    private let language: String

    init(_ locale: String) { language = locale.language }

    private func pick(_ english: String, _ german: String, _ french: String, _ spanish: String) -> String {
        switch language {
        case "de": german
        case "fr": french
        case "es": spanish
        default: english
        }
    }

    /// Returns the wording of an open question.
    func question(_ question: OpenQuestion) -> String {
        switch question {
        case .budget:
            pick(
                "Roughly what monthly budget have you set aside for marketing?",
                "Welches Budget haben Sie im Monat ungefähr für Marketing vorgesehen?",
                "Quel budget mensuel avez-vous prévu, à peu près, pour le marketing ?",
                "¿Qué presupuesto mensual tienen previsto, más o menos, para marketing?")
        case .timeline:
            pick(
                "When would you like to start?", "Bis wann möchten Sie beginnen?",
                "Quand souhaitez-vous commencer ?", "¿Cuándo les gustaría empezar?")
        case .authority:
            pick(
                "Do you decide this yourself, or should we include somebody else?",
                "Entscheiden Sie das selbst, oder sollten wir noch jemanden einbeziehen?",
                "Décidez-vous seul, ou devons-nous associer quelqu’un d’autre ?",
                "¿Lo decide usted, o deberíamos incluir a alguien más?")
        }
    }

    var alternatives: String {
        pick(
            "If that is more than you want to spend, there is also:",
            "Wenn das mehr ist, als Sie ausgeben möchten, gibt es auch:",
            "Si c’est plus que ce que vous souhaitez dépenser, il y a aussi :",
            "Si es más de lo que quieren gastar, también hay:")
    }

    var aMonth: String { pick("a month", "im Monat", "par mois", "al mes") }
}

extension Contact {
    /// The least confidence with which a guessed language is used.
    private static let languageMin = 0.5
    private static let languages: Set<String> = ["en", "de", "fr", "es"]

    /// Returns the contact with the language of their mail as their own, where that language is known.
    func answered(in message: Message, of tenant: Tenant) -> Contact {
        let guess = LanguageGuess.of(OwnWords.prose(of: message.text))
        guard guess.confidence >= Self.languageMin, let language = guess.language,
            Self.languages.contains(language), (locale ?? tenant.locale).language != language
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

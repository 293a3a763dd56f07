internal import Database
internal import Intelligence
internal import Messaging
internal import Platform
internal import Records
internal import Runtime

/// What agents say of themselves in a conversation: few sentences, in the agency's words or in the languages that they
/// have.
struct BotWords: Sendable {
    private let isGerman: Bool
    private let own: [AgentWording]
    private let agency: String

    /// `language` is ISO 639-1; English for whatever there are no words in.
    init(_ language: String?, own: [AgentWording] = [], agency: String = "") {
        isGerman = language == "de"
        let inIt = own.filter { $0.language == language }
        self.own = inIt + own.filter { $0.language == nil }
        self.agency = agency
    }

    private func pick(_ english: String, _ german: String) -> String { isGerman ? german : english }

    private func said(
        _ occasion: AgentWording.Occasion, _ values: [String: String] = [:], or standard: String
    ) -> String {
        guard let wording = own.first(where: { $0.occasion == occasion }) else { return standard }
        return FilledText(wording.text).written(values.merging(["agency": agency]) { value, _ in value })
    }

    func politeness(_ talk: SmallTalk, name: String?) -> String {
        let first = name.flatMap { $0.split(separator: " ").first }.map(String.init)
        let occasion: AgentWording.Occasion =
            switch talk {
            case .greeting: .greeting
            case .thanks: .thanks
            case .farewell: .farewell
            case .acknowledgement: .acknowledgement
            }
        return said(occasion, ["name": first ?? ""], or: standard(talk, first))
    }

    private func standard(_ talk: SmallTalk, _ name: String?) -> String {
        let whom = name.map { " \($0)" } ?? ""
        return switch talk {
        case .greeting:
            pick("Hello\(whom)! How can I help you?", "Guten Tag\(whom)! Wie kann ich Ihnen helfen?")
        case .thanks:
            pick(
                "You are welcome! Is there anything else?",
                "Gern geschehen! Kann ich sonst noch etwas für Sie tun?")
        case .farewell: pick("Goodbye\(whom)!", "Auf Wiedersehen\(whom)!")
        case .acknowledgement:
            pick(
                "Good. Write whenever there is something else.",
                "Gut. Schreiben Sie, sobald noch etwas ist.")
        }
    }

    /// A passage of what is written down, where it stands, and the way to a person.
    func answer(_ passage: String, from title: String) -> String {
        said(
            .answer, ["passage": passage, "title": title],
            or: pick(
                "\(passage)\n\nFrom: \(title). If this does not answer it, write “person”, and a colleague takes over.",
                "\(passage)\n\nAus: \(title). Beantwortet das Ihre Frage nicht, schreiben Sie „Mitarbeiter“, und jemand übernimmt."
            ))
    }

    func understood(_ known: UnderstoodNeeds) -> String {
        let noted = known.understood.joined(separator: ", ")
        let thanks = pick("Thank you, I have noted: \(noted).", "Danke, ich habe notiert: \(noted).")
        let next =
            switch known.missing {
            case .address:
                pick(
                    "By which e-mail address or telephone number can we reach you?",
                    "Unter welcher E-Mail-Adresse oder Telefonnummer erreichen wir Sie?")
            case .budget:
                pick(
                    "Which monthly budget do you have in mind?",
                    "An welches Budget im Monat denken Sie?")
            case .timeline: pick("When would you like to start?", "Wann möchten Sie anfangen?")
            case .authority:
                pick(
                    "Who else decides about it on your side?", "Wer entscheidet bei Ihnen noch darüber?")
            case nil:
                pick(
                    "A colleague will come back to you with it.",
                    "Jemand von uns meldet sich damit bei Ihnen.")
            }
        return "\(thanks) \(next)"
    }

    func handedOver(_ reason: HandoverReason) -> String {
        let occasion: AgentWording.Occasion =
            switch reason {
            case .unknownAnswer: .unknownAnswer
            case .frustration, .repeatedFailure: .frustration
            default: .askedForHuman
            }
        return said(occasion, or: standard(reason))
    }

    private func standard(_ reason: HandoverReason) -> String {
        switch reason {
        case .unknownAnswer:
            pick(
                "I do not know that for certain, and will not guess. I have asked a colleague, who will answer you here.",
                "Das weiß ich nicht sicher, und ich möchte nicht raten. Ich habe eine Kollegin oder einen Kollegen gebeten, Ihnen hier zu antworten."
            )
        case .frustration, .repeatedFailure:
            pick(
                "I am sorry that this has not worked. I have asked a colleague to take over; they will answer you here.",
                "Es tut mir leid, dass das nicht geklappt hat. Ich habe jemanden aus dem Team gebeten zu übernehmen; die Antwort kommt hier."
            )
        default:
            pick(
                "Of course. I have asked a colleague, who will answer you here.",
                "Natürlich. Ich habe jemanden aus dem Team gebeten, Ihnen hier zu antworten.")
        }
    }

    /// To somebody who has waited for a while.
    var stillWaiting: String {
        said(
            .stillWaiting,
            or: pick(
                "You have not been forgotten: we are still looking for a free colleague. They will answer you here.",
                "Sie sind nicht vergessen: Wir suchen noch jemanden, der frei ist. Die Antwort kommt hier."))
    }

    /// Nobody has come; the agent does what it can.
    var backAgain: String {
        said(
            .backAgain,
            or: pick(
                "I am sorry, nobody is free yet. Your request stays with my colleagues; meanwhile I help as far as I can.",
                "Es tut mir leid, noch ist niemand frei. Ihr Anliegen bleibt bei meinen Kollegen; bis dahin helfe ich, soweit ich kann."
            ))
    }

    /// Where the agency has no page to book a call on.
    var callBack: String {
        said(
            .callBack,
            or: pick(
                "We are sorry that you have been waiting: all our specialists are busy. Write us a telephone number and a time, and a senior specialist calls you for 15 minutes.",
                "Es tut uns leid, dass Sie warten: Alle unsere Fachleute sind gerade im Gespräch. Schreiben Sie uns eine Telefonnummer und eine Uhrzeit, und jemand, der sich auskennt, ruft Sie für 15 Minuten an."
            ))
    }
}

extension ConversationServices {
    /// What agents say in a language, as the agency has it.
    func words(_ language: String?, in reader: some Queryable) throws -> BotWords {
        let agent = PrimaryAgent(self)
        let settings = agent.settings(from: try reader.publishedConfiguration(agent).values).settings
        return BotWords(language, own: settings.words.list, agency: try reader.ownTenant().name)
    }
}

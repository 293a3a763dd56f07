internal import Agents
internal import Database
internal import Intelligence
internal import Messages
internal import Records
internal import Tenancy
internal import Wording

/// The few sentences that agents write themselves in a conversation, in the agency's wording or in the standard one.
struct AgentCopy: Sendable {
    private let words: Wording
    private let own: [AgentWording]
    private let agency: String

    /// `language` is ISO 639, and that of `words` where there are any in it.
    init(_ words: Wording, _ language: String?, own: [AgentWording] = [], agency: String = "") {
        self.words = words
        let inIt = own.filter { $0.language == language }
        self.own = inIt + own.filter { $0.language == nil }
        self.agency = agency
    }

    private func said(
        _ occasion: AgentWording.Occasion, _ values: [String: String] = [:],
        or standard: @autoclosure () -> String
    ) -> String {
        guard let wording = own.first(where: { $0.occasion == occasion }) else { return standard() }
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
        switch talk {
        case .greeting: words("bot.greeting", ["has_name": .flag(name != nil), "name": .text(name ?? "")])
        case .thanks: words("bot.thanks")
        case .farewell: words("bot.farewell", ["has_name": .flag(name != nil), "name": .text(name ?? "")])
        case .acknowledgement: words("bot.acknowledgement")
        }
    }

    /// A passage of what is written down, where it stands, and the way to a person.
    func answer(_ passage: String, from title: String) -> String {
        said(
            .answer, ["passage": passage, "title": title],
            or: words("bot.answer", ["passage": .text(passage), "title": .text(title)]))
    }

    /// Asks which of one or two articles, by their titles, is meant.
    func choice(of titles: [String]) -> String {
        let list = titles.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
        return words("bot.choice", ["list": .text(list)])
    }

    func understood(_ known: UnderstoodNeeds) -> String {
        let thanks = words("bot.noted", ["needs": .text(known.understood.joined(separator: ", "))])
        let next =
            switch known.missing {
            case .address: words("bot.ask_address")
            case .budget: words("bot.ask_budget")
            case .timeline: words("bot.ask_timeline")
            case .authority: words("bot.ask_authority")
            case nil: words("bot.come_back")
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
        case .unknownAnswer: words("bot.unknown_answer")
        case .frustration, .repeatedFailure: words("bot.frustration")
        default: words("bot.handed_over")
        }
    }

    /// To somebody who has waited for a while.
    var stillWaiting: String { said(.stillWaiting, or: words("bot.still_waiting")) }

    /// Nobody has come; the agent does what it can.
    var backAgain: String { said(.backAgain, or: words("bot.back_again")) }

    /// Where the agency has no page to book a call on.
    var callBack: String { said(.callBack, or: words("bot.call_back")) }
}

extension ConversationServices {
    /// Returns the agents' sentences in a language, with the agency's own wording.
    func words(_ language: String?, in reader: some Queryable) throws -> AgentCopy {
        let agent = PrimaryAgent(self)
        let settings = agent.settings(from: try reader.agentConfigurations.published(agent).values).settings
        return AgentCopy(
            try reader.wordings.find(language), language, own: settings.words.list,
            agency: try reader.agency.tenant().name)
    }
}

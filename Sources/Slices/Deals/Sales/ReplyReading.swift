internal import Intelligence
internal import JSON
internal import Lexicons
internal import Messages
package import Records
package import Telemetry
internal import Templates

/// The facts that an answer tells of a prospect: needs, budget, time, who decides. Read by rules; a model's words
/// change none of it.
struct ReplyReading: Sendable {
    let needs: [DealNeed]
    /// A month, in the agency's currency.
    let budget: Money?
    let timelineDays: Int?
    let authority: Bool?
    let objection: ObjectionKind?
    let asksForPrice: Bool
    let wantsMeeting: Bool
    /// The times at which they would like to talk, in their own words.
    let meetingTimes: [String]
    let referral: (name: String?, address: String)?

    /// Reads what a reply says. Only the writer's own prose counts: quoted text, code, data and markup teach nothing,
    /// nor does a text that gives orders to a machine. The facts are those of the reply's class.
    init(
        _ written: String, currency: String, on today: CivilDate, as replyClass: Message.Class? = nil,
        isSuspicious: Bool = false
    ) {
        let text = isSuspicious ? "" : OwnWords.prose(of: written)
        needs = NeedsReader.read(text).filter { $0.confidence >= NeedsReader.told }.map { found in
            var need = DealNeed()
            need.kind = found.isExplicit ? .explicit : .implicit
            need.text = found.kind.rawValue.replacing("_", with: " ")
            (need.quote, need.confidence) = (found.quote, found.confidence)
            return need
        }
        budget = Self.budget(text, currency)
        timelineDays = NeedsReader.timeline(in: text, on: today)?.days
        authority = NeedsReader.authority(in: text).map { $0.kind == .decides }
        let facts = ReplyClassifier.standard.facts(
            of: text, as: replyClass.flatMap { ReplyClass(rawValue: $0.rawValue) }, on: today)
        objection = facts.objection.flatMap { ObjectionKind(rawValue: $0.rawValue) }
        wantsMeeting = facts.wantsMeeting
        meetingTimes = facts.meetingTimes.map(\.quote)
        referral = facts.referralContact.flatMap { found in found.address.map { (found.name, $0) } }
        let words = Words(text)
        asksForPrice = Self.priceWords.contains { words.contains($0) }
    }

    private static let priceWords = Lexicon("prices", in: ResourceTable.texts).lines("asks")

    /// The least that was named, brought to a month; amounts of other currencies say nothing here.
    private static func budget(_ text: String, _ currency: String) -> Money? {
        let stated = NeedsReader.budgets(in: text).first {
            $0.currency == nil || $0.currency == currency
        }
        guard let stated else { return nil }
        let month: Int64? =
            switch stated.period {
            case .month, nil: stated.amountMax
            case .year: stated.amountMax / 12
            case .quarter: stated.amountMax / 3
            case .week: stated.amountMax * 52 / 12
            case .day, .hour, .once: nil
            }
        return month.map { Money(amount: $0, currency: currency) }
    }
}

/// The step that selling takes about an answer.
enum SalesStep: Sendable {
    /// The questions that are still open.
    case ask([OpenQuestion])
    case propose
    case answerPrice
    case answerObjection(ObjectionKind)
    /// They want to be asked later.
    case wait
    case refer
    case lose(Saying)
    /// A person has to look.
    case handOver(Saying)
    case nothing

    var name: String {
        switch self {
        case .ask: "ask"
        case .propose: "propose"
        case .answerPrice: "answer_price"
        case .answerObjection: "answer_objection"
        case .wait: "wait"
        case .refer: "refer"
        case .lose: "lose"
        case .handOver: "hand_over"
        case .nothing: "nothing"
        }
    }

    /// Whether the reply opens a deal: it is a yes, a question that describes a need, or a question about the price. A
    /// reply that is left to a person opens none.
    var opensDeal: Bool {
        switch self {
        case .ask, .propose, .answerPrice: true
        case .answerObjection, .wait, .refer, .lose, .handOver, .nothing: false
        }
    }

    /// Why, in the words of whoever reads it.
    var said: Saying {
        switch self {
        case .ask(let questions):
            Saying(
                "sale.ask",
                [
                    "topics": .list(
                        questions.map { Saying("sale.topic", ["topic": .text($0.rawValue)]) })
                ])
        case .propose: Saying("sale.propose")
        case .answerPrice: Saying("sale.answer_price")
        case .answerObjection(let kind): Saying("sale.answer_objection", ["kind": .text(kind.rawValue)])
        case .wait: Saying("sale.wait")
        case .refer: Saying("sale.refer")
        case .lose(let reason): reason
        case .handOver(let reason): reason
        case .nothing: Saying("sale.nothing")
        }
    }
}

/// The facts that have to be known before something is offered (the mandatory criteria of qualification).
enum OpenQuestion: String, CaseIterable, Sendable { case budget, timeline, authority }

extension SalesStep {
    /// The next step, from what was said and what is known; the same answer leads to the same step.
    static func next(
        after replyClass: Message.Class, _ reading: ReplyReading, open: [OpenQuestion], asked: Int,
        hasOpenProposal: Bool
    ) -> SalesStep {
        switch replyClass {
        case .unsubscribe: return .lose(Saying("sale.unsubscribed"))
        case .notInterested: return .lose(Saying("sale.not_interested"))
        case .notNow: return .wait
        case .referral:
            return reading.referral == nil ? .handOver(Saying("sale.no_address")) : .refer
        case .outOfOffice, .bounce: return .nothing
        case .objection: return .answerObjection(reading.objection ?? .other)
        case .question where reading.asksForPrice && !hasOpenProposal: return .answerPrice
        // A prospect who describes a problem and asks whether the agency can help is interested.
        case .question where !reading.needs.isEmpty && !hasOpenProposal && !open.isEmpty && asked < 2:
            return .ask(open)
        case .question: return .handOver(Saying("sale.only_person"))
        case .interested where hasOpenProposal:
            return .handOver(Saying("sale.answers_proposal"))
        case .interested:
            // A question is not asked a third time.
            return open.isEmpty || asked >= 2 ? .propose : .ask(open)
        case .other: return .handOver(Saying("sale.unclear"))
        }
    }
}

/// The needs that somebody tells of, as sales reads them.
package struct ToldNeeds: Sendable {
    /// The needs in the person's own words.
    package let quotes: [String]
    /// A month, in the agency's currency.
    package let budget: Money?
    package let timelineDays: Int?
    package let authority: Bool?

    package init(_ text: String, currency: String, on today: CivilDate) {
        let reading = ReplyReading(text, currency: currency, on: today)
        quotes = reading.needs.compactMap(\.quote)
        (budget, timelineDays, authority) = (reading.budget, reading.timelineDays, reading.authority)
    }

    /// Creates the needs from words that somebody else has pointed at, and what each is about. Numbers are what rules
    /// read in these words; where they read none, the words are kept among the needs.
    package init(
        needs: [String], budget: String?, timeline: String?, authority: (quote: String, decides: Bool)?,
        currency: String, on today: CivilDate
    ) {
        var quotes = needs
        self.budget = budget.flatMap { ReplyReading("Budget: \($0)", currency: currency, on: today).budget }
        timelineDays = timeline.flatMap { NeedsReader.timeline(in: "by \($0)", on: today)?.days }
        if self.budget == nil, let budget { quotes.append(budget) }
        if timelineDays == nil, let timeline { quotes.append(timeline) }
        self.authority = authority.map { told in
            NeedsReader.authority(in: told.quote).map { $0.kind == .decides } ?? told.decides
        }
        self.quotes = quotes
    }
}

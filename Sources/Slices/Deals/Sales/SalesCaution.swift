internal import JSON
internal import Messages
internal import People
internal import Records
internal import Templates

/// The reason why nothing follows from an answer without a person.
enum SalesCaution: String {
    /// A model has said what the answer means.
    case model
    /// The answer gives orders to a machine.
    case orders
    /// The rules are not sure what it means.
    case unsure

    /// Returns what the answer would have led to, with the reason before it.
    func said(before step: Saying) -> Saying {
        Saying("sale.cautioned", ["caution": .text(rawValue), "step": .saying(step)])
    }
}

extension SalesStep {
    /// Returns the rest of a step where nothing may happen by itself, since the rules are not sure what an answer
    /// means, a model has said so in their place, or the answer gives orders: words that wait for a person, or the
    /// person alone. A mail can talk a model into any meaning; so nothing is offered then, nobody is added, and no sale
    /// ends.
    func leftToPerson(because caution: SalesCaution) -> SalesStep {
        switch self {
        case .ask, .answerPrice, .answerObjection, .handOver, .nothing: self
        case .propose, .wait, .refer, .lose: .handOver(caution.said(before: said))
        }
    }
}

extension Message {
    /// Whether the reply gives orders to a machine: no step is then taken, and nothing is learned from it.
    var isSuspicious: Bool { evidence["suspicious"]?.flag == true }

    /// The request under data protection law that the message makes, if any; it comes before any sale.
    var privacyRequest: String? { evidence["privacy_request"]?.text }

    /// Why nothing follows from an answer without a person.
    var caution: SalesCaution? {
        if evidence["reader"] != nil { return .model }
        if isSuspicious { return .orders }
        return (confidence ?? 0) < ModelReading.sureFrom ? .unsure : nil
    }
}

extension ReplyReading {
    /// Returns whether who is named is of the same firm: only then somebody whom a mail names is added
    /// without a person's word.
    func namesColleague(of contact: Contact) -> Bool {
        guard let named = referral.flatMap({ EmailAddress($0.address) }), !named.isFreeMail,
            let own = contact.email.flatMap({ EmailAddress($0) })
        else { return false }
        return named.domain == own.domain
    }
}

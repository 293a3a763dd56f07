internal import Records

/// A way to a person.
package enum Channel: String, Choice {
    case email, whatsapp, messenger, instagram, telegram, sms, slack
    case webChat = "web_chat"
    case portal

    /// What is said there is read here: there is no service that takes it on its way.
    package var isOwn: Bool { self == .webChat || self == .portal }
}

/// What a message is for: what the law and a person's wishes ask of it.
package enum Purpose: String, Choice {
    /// To win or keep somebody: needs to be wanted, carries the way out.
    case marketing
    /// Part of something under way between the two: an answer, a proposal that was asked for, an invoice.
    case transactional
    /// To someone who has an account, about that: made by the platform alone.
    case account
}

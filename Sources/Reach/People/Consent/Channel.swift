internal import Records

/// A way to a person.
package enum Channel: String, Choice {
    case email, whatsapp, messenger, instagram, telegram, sms, slack
    /// Comments below posts, which everybody reads.
    case x, linkedin, youtube
    case webChat = "web_chat"
    case portal

    /// Whether messages are read here, on Bureau's own pages: no service takes them on their way.
    package var isOwn: Bool { self == .webChat || self == .portal }

    /// Whether one may write there for a while only after the person has: 24 hours, and a person may for seven days.
    package var hasWindow: Bool { self == .messenger || self == .instagram }

    /// Whether all that is said there is read by everybody: nobody is written to there alone.
    package var isPublic: Bool { [.x, .linkedin, .youtube].contains(self) }

    /// The name of the provider by which its messages leave and come.
    package var provider: String { self == .sms ? "twilio" : rawValue }
}

/// The purpose of a message, on which the demands of the law and of a person's wishes depend.
package enum Purpose: String, Choice {
    /// To win or keep somebody: needs to be wanted, carries the way out.
    case marketing
    /// Part of something under way between the two: an answer, a proposal that was asked for, an invoice.
    case transactional
    /// To someone who has an account, about that: made by the platform alone.
    case account
}

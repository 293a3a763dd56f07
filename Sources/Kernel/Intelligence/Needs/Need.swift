/// Work that an agency could do for somebody. The names are stored.
package enum NeedKind: String, CaseIterable, Hashable, Sendable {
    case seo
    case paidAds = "paid_ads"
    case social, content, email, website, branding, analytics
    case leadGeneration = "lead_generation"
    case automation, local, ecommerce, other
}

/// A need that a text tells, in so many words or by what it complains of.
package struct Need: Hashable, Sendable {
    package var kind: NeedKind
    /// It is asked for, not only felt.
    package var isExplicit: Bool
    package var quote: String
    /// 0–1.
    package var confidence: Double
}

/// Money that somebody would spend, as it was said.
package struct StatedBudget: Hashable, Sendable {
    package enum Period: String, Hashable, Sendable { case hour, day, week, month, quarter, year, once }

    /// The least amount in minor units (cents); both are equal where one amount is named.
    package var amountMin: Int64
    package var amountMax: Int64
    /// ISO 4217; `nil` where none is named.
    package var currency: String?
    /// `nil` where it is not said.
    package var period: Period?
    /// `up to`, `at most`: not more than this.
    package var isLimit: Bool
    package var quote: String
    /// 0–1; lower where nothing says that the amount is a budget.
    package var confidence: Double
}

/// The time by which somebody wants a thing done.
package struct StatedTimeline: Hashable, Sendable {
    /// Days from the day of the text to the latest day that is meant; 0 for at once.
    package var days: Int
    package var quote: String
}

/// The writer's authority to decide about a purchase, as they tell it.
package struct StatedAuthority: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case decides
        /// Together with others.
        case shares
        /// Somebody else has to agree.
        case mustAsk = "must_ask"
        case notResponsible = "not_responsible"
    }

    package var kind: Kind
    package var quote: String
}

package import JSON
internal import Records

/// Fields of which there are facts although records have no column for them.
package enum FactField: String, Choice {
    case legalName = "legal_name", description
    case foundedYear = "founded_year", technologies
    case socialURLs = "social_urls"
    /// Of each profile: `{network, url, state, posts, days, last_post_at, reason}`.
    case socialActivity = "social_activity"
    case decisionMakers = "decision_makers"
    case registrationNumber = "registration_number", hiring, news, growth
    /// Of each event: `{year, text}`.
    case history
    case industryTrend = "industry_trend", competitors
    case competitivePosition = "competitive_position"
    case revenueRange = "revenue_range"
    case budgetEstimate = "budget_estimate"
    case growthTrajectory = "growth_trajectory"
    case preferredChannel = "preferred_channel"

    /// Whether the field holds several values, in a list.
    package var isList: Bool {
        switch self {
        case .technologies, .socialURLs, .decisionMakers, .hiring, .news, .growth, .history, .industryTrend,
            .competitors, .competitivePosition, .socialActivity:
            true
        default: false
        }
    }

    private static let textMax = 5000, itemsMax = 100

    /// Returns a value as it is kept; `nil` where no company could have it. `year`: the present one.
    package func normalised(_ value: JSON, year: Int) -> JSON? {
        if isList {
            guard let items = value.array else { return nil }
            let kept = items.filter(isItem)
            return kept.isEmpty ? nil : .array(Array(kept.prefix(Self.itemsMax)))
        }
        switch self {
        case .foundedYear:
            // Services write numbers as texts, too.
            let number = value.int ?? value.text.flatMap { Int64($0) }
            return number.flatMap { (1000...Int64(year)).contains($0) ? .integer($0) : nil }
        case .budgetEstimate, .growthTrajectory, .preferredChannel:
            return value.object == nil ? nil : value
        default:
            // An estimate is an object with its reasons.
            if self == .revenueRange, value.object != nil { return value }
            guard let text = value.text?.trimmed, !text.isEmpty, text.utf8.count <= Self.textMax else {
                return nil
            }
            return .string(text)
        }
    }

    private func isItem(_ item: JSON) -> Bool {
        switch item {
        case .string(let text): !text.isEmpty && text.utf8.count <= Self.textMax
        case .object(let object): !object.isEmpty && self != .technologies && self != .socialURLs
        default: false
        }
    }
}

extension JSON {
    /// Whether a field that holds this holds nothing.
    package var isNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// Returns whether two values say the same: numbers may have lost their kind on the way, and names are
    /// written in capitals or not.
    func saysSame(as other: JSON) -> Bool {
        if self == other || serialized == other.serialized { return true }
        guard let text, let otherText = other.text else { return false }
        return text.trimmed.lowercased() == otherText.trimmed.lowercased()
    }
}

/// The category, urgency, complexity and intent of a message to support: each with how sure that is and why, so that a
/// decision can show it.
///
/// The category comes from a linear model that learns from the module's examples when it is first used; the
/// rest from phrases that add up. The same message gives the same answer on every machine.
package struct TicketTriage: Sendable {
    /// A category of the standard set, or one that a tenant's people have added.
    package struct Category: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        package static let billing = Category(rawValue: "billing")
        package static let technical = Category(rawValue: "technical")
        package static let account = Category(rawValue: "account")
        package static let content = Category(rawValue: "content")
        package static let campaign = Category(rawValue: "campaign")
        package static let complaint = Category(rawValue: "complaint")
        package static let featureRequest = Category(rawValue: "feature_request")
        package static let general = Category(rawValue: "general")

        /// The categories that the standard reader knows.
        package static let standard = [
            billing, technical, account, content, campaign, complaint, featureRequest, general,
        ]
    }

    /// 1 is the most pressing.
    package enum Urgency: Int, CaseIterable, Sendable {
        case urgent = 1, high, normal, low
    }

    package enum Complexity: String, CaseIterable, Sendable {
        case simple, moderate, complex
    }

    package enum Intent: String, CaseIterable, Sendable {
        case question, problem, request, complaint, praise, cancellation
    }

    /// A finding with how sure it is, 0–1, and what speaks for it, weightiest first.
    package struct Finding<Value: Sendable>: Sendable {
        package var value: Value
        package var confidence: Double
        package var factors: [TextEvidence]
    }

    package var category: Finding<Category>
    package var urgency: Finding<Urgency>
    package var complexity: Finding<Complexity>
    package var intent: Finding<Intent>
    package var sentiment: Sentiment
}

/// A message whose category a person set right.
package struct TicketCorrection: Hashable, Sendable {
    package var text: String
    package var category: TicketTriage.Category

    package init(text: String, category: TicketTriage.Category) {
        (self.text, self.category) = (text, category)
    }
}

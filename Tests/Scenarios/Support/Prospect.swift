import Foundation
import JSON
import TestRandomness

/// Someone whom an agency writes to: where they are, what their company is, and how they take it.
struct Prospect: Sendable {
    /// The answer to the first mail that they answer.
    enum Manner: CaseIterable {
        case silent, interested, asksPrice, asksDetail, objects, postpones, refuses, unsubscribes, clicksAway
        case isAway, refers, mumbles, bounces, isUnknown, complains
    }
    /// The outcome of somebody who is interested.
    enum End {
        case signs
        /// And pays its invoices in two parts.
        case signsAndSplits
        case ignoresQuestions, ignoresProposal, declines
        /// Looks at the proposal, and unsubscribes.
        case leaves
    }

    let number: Int
    let manner: Manner
    let end: End
    /// Which of the mails is answered.
    let touch: Int
    let place: (country: String, location: String, zone: String)
    /// The money that they have set aside a month, in dollars, and their chance for everything else.
    let budget: Int64
    var chance: SeededGenerator

    var email: String { "ann\(number)@prospect\(number).example.com" }
    var zone: TimeZone { TimeZone(identifier: place.zone) ?? .gmt }
    /// German law wants consent first, and nobody has given any.
    var needsConsent: Bool { place.country == "DE" }

    var lead: JSON {
        var body: JSONObject = [
            "company": .string("Prospect \(number)"), "contact_name": .string("Ann Example"),
            "email": .string(email), "country": .string(place.country), "location": .string(place.location),
            "status": "qualified", "source": "directory", "employee_count": .integer(employees),
            "industry": .string(industry), "pain_points": JSON(pains),
        ]
        if let days { body["timeline_days"] = .integer(days) }
        return .object(body)
    }

    var employees: Int64 { [5, 40, 120, 600, 1500][number % 5] }
    var industry: String { ["retail", "healthcare", "manufacturing", "Private Banking"][number % 4] }
    var days: Int64? { [nil, 10, 150][number % 3] }
    var pains: [String] {
        ["Ads", "Churn", "Costs", "Data", "Events", "Focus", "Growth"].prefix(number % 8).map(\.self)
    }

    // MARK: Words

    static let interest = "Yes, this sounds great. Please go on."
    static let away = "I am out of the office for two weeks, with limited access to e-mail."
    static let later = "Bad moment. Please ask me again in three weeks."

    /// The reply to the first mail, as far as they say it in words.
    var words: String? {
        switch manner {
        case .interested: number.isMultiple(of: 2) ? Self.interest : facts
        case .asksPrice: "How much does it cost per month?"
        case .asksDetail: "Which tools do you work with, and who would work for us?"
        case .objects:
            number.isMultiple(of: 2)
                ? "We already have an agency that does this."
                : "Thanks, but this is far too expensive for us."
        case .postpones: Self.later
        case .refuses: "Not interested, thanks."
        case .unsubscribes:
            ["Please remove me from your list.", "STOP", "Do not contact me again."][number % 3]
        case .isAway: Self.away
        case .refers:
            "You should rather speak with my colleague Bob, bob\(number)@prospect\(number).example.com."
        case .mumbles: "Ok, noted."
        case .isUnknown: "550 5.1.1 User unknown"
        case .silent, .clicksAway, .bounces, .complains: nil
        }
    }

    /// The answer to questions: all that a proposal needs.
    var facts: String {
        "Yes, this sounds great. Our budget is $\(budget) a month. I decide this myself, and we want to start in six weeks."
    }

    // MARK: Everybody

    private static let manners: [(Manner, Int)] = [
        (.silent, 34), (.interested, 60), (.asksPrice, 18), (.asksDetail, 8), (.objects, 18),
        (.postpones, 10),
        (.refuses, 12), (.unsubscribes, 9), (.clicksAway, 6), (.isAway, 8), (.refers, 5), (.mumbles, 4),
        (.bounces, 4), (.isUnknown, 2), (.complains, 2),
    ]
    private static let ends: [End] = [
        .signs, .signs, .signs, .signs, .signsAndSplits, .signsAndSplits, .ignoresQuestions, .ignoresProposal,
        .declines, .leaves,
    ]
    static let places = [
        ("US", "New York, NY", "America/New_York"), ("US", "Los Angeles, CA", "America/Los_Angeles"),
        ("GB", "London", "Europe/London"), ("JP", "Tokyo", "Asia/Tokyo"),
        ("AU", "Sydney NSW", "Australia/Sydney"),
        ("US", "Chicago, IL", "America/Chicago"), ("IN", "Mumbai", "Asia/Kolkata"),
    ]

    /// Two hundred of them, the same ones for the same seed; the last eight may not be written to.
    static func all(seed: UInt64) -> [Prospect] {
        var chance = SeededGenerator(seed)
        let manners = manners.flatMap { Array(repeating: $0, count: $1) }.shuffled(using: &chance)
        return manners.enumerated().map { number, manner in
            let place = number < 192 ? places[number % places.count] : ("DE", "Berlin", "Europe/Berlin")
            return Prospect(
                number: number, manner: manner, end: ends.randomElement(using: &chance) ?? .signs,
                touch: [1, 1, 1, 2, 3].randomElement(using: &chance) ?? 1, place: place,
                budget: [4000, 8000, 20000].randomElement(using: &chance) ?? 4000,
                chance: SeededGenerator(seed &+ UInt64(number) &* 977))
        }
    }
}

package import JSON
package import Markup

/// A statement of a page about its company: a candidate, for others to judge.
package struct FoundFact: Sendable {
    package enum Field: String, CaseIterable, Sendable {
        case companyName = "company_name", legalName = "legal_name", description, phone, email, country, city
        case postalCode = "postal_code", street, employeeCount = "employee_count", foundedYear =
            "founded_year"
        case linkedIn = "linkedin_url", social = "social_urls", technologies, decisionMaker =
            "decision_makers"
        case registrationNumber = "registration_number", hiring, growth, painPoint = "pain_points", news
        /// Of each: `{year, text}`.
        case history

        /// Fields of which a company has several values.
        package var isList: Bool {
            switch self {
            case .social, .technologies, .decisionMaker, .hiring, .growth, .painPoint, .news, .history: true
            default: false
            }
        }
    }

    /// The way in which the page states the fact, the plainest first.
    package enum Manner: Int, Sendable, Comparable {
        case structured, labelled, worded, inferred

        package static func < (a: Manner, b: Manner) -> Bool { a.rawValue < b.rawValue }
    }

    package let field: Field
    /// A text, a number, or of a decision maker `{name, title}`.
    package let value: JSON
    /// Words of the page, as they stand there.
    package let quote: String
    package let address: PageAddress
    /// 0–1: how likely it is that this is the company's.
    package let confidence: Double
    package let manner: Manner

    /// Equal for two of one field and value.
    package var key: String {
        field.rawValue + "\u{0}" + (value["name"]?.text ?? value.text ?? value.serialized).lowercased()
    }
}

extension FoundFact {
    /// The fact as it is stored until all pages are read.
    package var json: JSON {
        [
            "field": .string(field.rawValue), "value": value, "quote": .string(quote),
            "url": .string(address.description), "confidence": .number(confidence),
            "manner": .integer(Int64(manner.rawValue)),
        ]
    }

    /// Reads one that was stored.
    package init?(stored json: JSON) {
        guard let field = json["field"]?.text.flatMap(Field.init(rawValue:)), let value = json["value"],
            let address = json["url"]?.text.flatMap({ PageAddress($0) }),
            let manner = json["manner"]?.int.flatMap({ Manner(rawValue: Int($0)) })
        else { return nil }
        self.init(
            field: field, value: value, quote: json["quote"]?.text ?? "", address: address,
            confidence: json["confidence"]?.double ?? 0, manner: manner)
    }
}

package import JSON
internal import Records

/// A wish of a contact's about what they are sent, as they said it or as it was learned from what they answer.
package struct Preference: Hashable, Sendable {
    package enum Source: String, Choice { case stated, learned, standard = "default" }

    /// The wishes that there are.
    package enum Name: String, Choice {
        case channel, hour, weekday, length, frequency
        case contentTypes = "content_types"
    }

    package let value: JSON
    package let source: Source
    /// The confidence in it, from 0 to 1: 1 for what they said, and 0 for what nothing was learned of.
    package let confidence: Double
    /// The number of their answers that it rests on.
    package let observations: Int
    /// The value that their answers suggest, where they have stated one.
    package private(set) var learned: JSON?

    init(_ value: JSON, _ source: Source, confidence: Double = 0, observations: Int = 0) {
        (self.value, self.source) = (value, source)
        (self.confidence, self.observations) = ((confidence * 1000).rounded() / 1000, observations)
    }

    /// Creates a stated preference, beside what was learned of it so far.
    init(stated value: JSON, beside other: Preference?) {
        self.init(value, .stated, confidence: 1, observations: other?.observations ?? 0)
        guard let other, other.source == .learned else { return }
        learned = [
            "value": other.value, "confidence": .number(other.confidence),
            "observations": JSON(other.observations),
        ]
    }

    package var json: JSON {
        let own: JSON = [
            "value": value, "source": .string(source.rawValue), "confidence": .number(confidence),
            "observations": JSON(observations),
        ]
        return learned.map { own.merging(["learned": $0]) } ?? own
    }

    /// The channels on which one can be written to of the agency's own accord.
    package static let channels: [Channel] = [.email, .whatsapp, .messenger, .instagram, .telegram, .sms]

    /// The length of a message, by its characters.
    package enum Length: String, Choice {
        case short, medium, long

        /// The length of a text.
        package init(of text: String) {
            let count = text.utf8.count
            self = count < 500 ? .short : count < 1500 ? .medium : .long
        }
    }

    package enum Weekday: String, Choice { case mon, tue, wed, thu, fri, sat, sun }

    /// The types of content that a contact may want, and others not.
    package enum Content: String, Choice {
        case productLaunch = "product_launch"
        case caseStudy = "case_study"
        case educational
        case companyNews = "company_news"
        case industryInsights = "industry_insights"
    }
}

/// All preferences of one contact.
package struct ContactPreferences: Sendable {
    package let all: [Preference.Name: Preference]

    package subscript(name: Preference.Name) -> Preference {
        all[name] ?? Preference(.null, .standard)
    }

    /// The hour at which the contact likes to be written to, said or learned; `nil` where neither is so.
    package var hour: Int? {
        let hour = self[.hour]
        return hour.source == .standard ? nil : hour.value.int.map(Int.init)
    }

    package var json: JSON {
        .object(JSONObject(Preference.Name.allCases.map { ($0.rawValue, self[$0].json) }))
    }

    package static let schema: JSON = {
        func one(_ value: JSON) -> JSON {
            let rest: JSONObject = [
                "value": value, "confidence": ["type": "number", "minimum": 0, "maximum": 1],
                "observations": [
                    "type": "integer", "description": "How many answers of theirs it rests on.",
                ],
            ]
            let learned = JSON.schema(rest, required: ["value", "confidence", "observations"]).merging([
                "description": "The preference that their answers suggest, where they have said something."
            ])
            var whole = rest
            (whole["source"], whole["learned"]) = (.choice(Preference.Source.self), learned)
            return .schema(
                whole, required: ["value", "source", "confidence", "observations"]
            ).merging(["description": value["description"] ?? .null])
        }
        let values = StatedPreferences.schemas
        return .schema(
            JSONObject(Preference.Name.allCases.map { ($0.rawValue, one(values[$0] ?? .null)) }),
            required: Preference.Name.choices)
    }()
}

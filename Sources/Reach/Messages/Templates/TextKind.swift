package import JSON
internal import Records
internal import Templates
package import Wording

/// A kind of text that the product writes by itself, and that the agency may word: a template whose `kind` is one of
/// these goes before the standard words.
package enum TextKind: String, CaseIterable, Sendable {
    case ticketAcknowledgement = "ticket_acknowledgement"
    case ticketAnswer = "ticket_answer"
    case ticketDelay = "ticket_delay"
    case ticketEscalation = "ticket_escalation"
    case surveyInvitation = "survey_invitation"
    case gratitude
    case campaignWord = "campaign_word"

    /// The purpose of the text, in the words of whoever reads it.
    var about: Saying { Saying("standard_text.about", ["kind": .text(rawValue)]) }

    /// Names without which it would be of no use.
    package var needs: [String] {
        switch self {
        case .ticketAcknowledgement, .ticketDelay, .ticketEscalation: []
        case .ticketAnswer: ["answer.passage"]
        case .surveyInvitation: ["survey.url"]
        case .gratitude: ["thanks.text"]
        case .campaignWord: ["campaign.text"]
        }
    }

    /// The names that it may use beside those that every template may.
    package var names: [String] {
        let roots =
            switch self {
            case .ticketAcknowledgement, .ticketDelay, .ticketEscalation:
                ["ticket.", "incident.", "account.", "campaign."]
            case .ticketAnswer: ["ticket.", "incident.", "account.", "campaign.", "answer."]
            case .surveyInvitation: ["survey."]
            case .gratitude: ["thanks."]
            case .campaignWord: ["campaign."]
            }
        return TemplateValues.names.paths.map(\.path).filter { path in
            roots.contains { path.hasPrefix($0) }
        }
    }

    /// Values such as it will have, for a look at it before it is sent.
    var example: JSONObject {
        let ticket: JSON = [
            "number": "17", "subject": "The logo is the old one", "body": "Please use the new one.",
            "category": "technical", "priority": "normal", "due_at": "2027-01-05T15:00:00.000Z",
            "looked_after_by": "Jane Doe", "hear_by": "2027-01-06T15:00:00.000Z",
        ]
        switch self {
        case .ticketAcknowledgement, .ticketDelay, .ticketEscalation: return ["ticket": ticket]
        case .ticketAnswer:
            return [
                "ticket": ticket,
                "answer": [
                    "passage": "Open Settings, then Branding, and upload the picture.",
                    "title": "Changing your logo", "url": "https://bureau.example.com/kb/agency/article",
                    "silence_days": 3,
                ],
            ]
        case .surveyInvitation:
            return [
                "survey": [
                    "question": "How satisfied are you with our help?", "name": "Help",
                    "url": "https://bureau.example.com/s/link",
                ]
            ]
        case .gratitude:
            return [
                "thanks": [
                    "topic": "goal_reached", "tier": "growth", "subject": "Goal reached: Enquiries",
                    "text": "you have reached your goal: Enquiries is at 113, and 100 was the aim.",
                    "achieved": "With this, 2 goals and projects of yours are done in all.",
                    "relationship": "Our work together is young, and this is a good beginning.",
                    "next": "To build on this, here is your next goal: Five hundred enquiries, by 30 June.",
                    "closing": "We are glad to go on from here with you.",
                ]
            ]
        case .campaignWord:
            return [
                "campaign": [
                    "topic": "milestone", "name": "Spring", "status": "active",
                    "subject": "Spring: half of the days are over",
                    "text": "a milestone of your campaign Spring has come: half of the days are over.",
                    "figures": ["Conversions: 57 of 100 (Google Ads, 14 January 2027)"],
                    "best": "Google Ads has brought most so far: 41 results.",
                    "next": "Next: review of the results, on 31 January 2027.",
                ]
            ]
        }
    }

    /// Names what a text of this kind has to say and does not.
    func faults(_ body: Template) -> [Fault] {
        needs.filter { !body.named.contains($0) }.map {
            Fault("/body", "required", "A text of the kind \(rawValue) must contain {{ \($0) }}.")
        }
    }
}

/// The text for agencies that have no wording of their own, in the languages that the product speaks; written in the
/// language of templates.
package struct StandardText: Sendable {
    /// The text in one language.
    struct Translation: Sendable {
        let locale: String, subject: String, body: String

        var template: MessageTemplate {
            var template = MessageTemplate()
            (template.subject, template.body, template.locale) = (subject, body, locale)
            return template
        }
    }

    package let kind: TextKind

    /// The standard texts of each kind.
    package static let all = TextKind.allCases.map { StandardText($0) }

    package init(_ kind: TextKind) { self.kind = kind }

    /// The text as the catalogues have it.
    func said(_ words: Wording) -> Translation {
        Translation(
            locale: words.language, subject: words.template("template.\(kind.rawValue).subject"),
            body: words.template("template.\(kind.rawValue).body"))
    }

    /// The text with what it is for, in the words of whoever reads it.
    package func json(in words: Wording) -> JSON {
        [
            "kind": .string(kind.rawValue), "about": .string(kind.about.said(in: words)),
            "needs": JSON(kind.needs),
            "names": JSON(kind.names),
            "wordings": .array(
                Catalogue.standardFirst.map { language in
                    let text = said(Wording(language))
                    return [
                        "locale": .string(text.locale), "subject": .string(text.subject),
                        "body": .string(text.body),
                    ]
                }),
        ]
    }
}

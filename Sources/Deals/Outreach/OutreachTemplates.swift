/// The mails of the sequence that a new agency gets, to be changed at will: short, about the reader, each with one
/// question, none with a promise that the agency has not made itself. Each speaks of something known of the lead, and
/// has places with three wordings, so that two people of one firm never get the same.
struct OutreachTemplate: Sendable {
    struct Words: Sendable {
        let subject: String, body: String

        /// Paragraphs between a greeting and a regard.
        init(_ subject: String, _ language: Language, _ paragraphs: String...) {
            self.subject = subject
            body = ([language.greeting] + paragraphs + [language.regard]).joined(separator: "\n\n")
        }
    }

    enum Language {
        case english, german

        fileprivate var greeting: String {
            switch self {
            case .english: #"Hi {{ lead.contact_name | first_name | default: "there" }},"#
            case .german: "Guten Tag{% if lead.contact_name %} {{ lead.contact_name }}{% endif %},"
            }
        }

        fileprivate var regard: String {
            switch self {
            case .english: "Best regards\n{{ sender.name }}"
            case .german: "Mit freundlichen Grüßen\n{{ sender.name }}"
            }
        }
    }

    let name: String
    let english: Words, german: Words

    static let all = [
        OutreachTemplate(name: "Outreach 1: a question", english: English.question, german: German.question),
        OutreachTemplate(
            name: "Outreach 2: a second thought", english: English.secondThought, german: German.secondThought
        ),
        OutreachTemplate(
            name: "Outreach 4: what we would look at", english: English.firstLook, german: German.firstLook),
        OutreachTemplate(
            name: "Outreach 5: twenty minutes", english: English.twentyMinutes, german: German.twentyMinutes),
        OutreachTemplate(name: "Outreach 6: the last one", english: English.lastOne, german: German.lastOne),
    ]

    /// The third touch, which a person makes.
    static let task = (
        title: "Connect with {{ lead.contact_name | default: lead.company }} on LinkedIn",
        text: """
        Hi {{ lead.contact_name | first_name | default: "there" }}, I wrote to you about {{ lead.company }} last \
        week. No need to answer that; I would be glad to be in touch here. {{ sender.name }}, {{ agency.name }}
        """
    )

    // MARK: Pieces

    /// A place that has three wordings.
    static func either(_ place: Int, _ first: String, _ second: String, _ third: String) -> String {
        """
        {% if lead.wordings[\(place)] == 1 %}
        \(second)
        {% elsif lead.wordings[\(place)] == 2 %}
        \(third)
        {% else %}
        \(first)
        {% endif %}
        """
    }

    /// What is said of what the lead works on; where that is not known, of its industry; else of neither.
    static func known(painPoint: String, industry: String, neither: String) -> String {
        """
        {% if lead.pain_points %}
        \(painPoint)
        {% elsif lead.industry %}
        \(industry)
        {% else %}
        \(neither)
        {% endif %}
        """
    }

    /// Two ways on: with a page where times can be chosen, and without.
    static func bookable(_ page: String, _ none: String) -> String {
        """
        {% if booking_url %}
        \(page)
        {% else %}
        \(none)
        {% endif %}
        """
    }
}

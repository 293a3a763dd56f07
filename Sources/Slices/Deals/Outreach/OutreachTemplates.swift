/// The mails of a new agency's sequence, which the agency may change at will. They are short and about the reader;
/// each asks one question, and none promises what the agency has not promised itself. Each mentions something known of
/// the lead, and has places with three wordings, so that nine people at one company get nine different texts.
struct OutreachTemplate: Sendable {
    struct Words: Sendable {
        let subject: String, body: String

        /// `paragraphs` stand between the greeting and the closing.
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

    /// Returns a place with three wordings.
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

    /// Returns a passage about the lead's pain point, or about its industry where no pain point is known, or about
    /// neither.
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

    /// Returns a passage that names the page where times can be booked, or another one where there is no such page.
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

package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
internal import Records

/// The results of a template: how often it was sent and answered, and how often it had been sent to a lead that was
/// won.
struct TemplateMetrics {
    let sent: Int, replied: Int, won: Int

    /// The least number of messages sent before the response rate means anything.
    static let sentMin = 30
    /// A response rate that mails to strangers seldom exceed; a proven template certainly does.
    static let usualShare = 0.03

    /// Whether the response rate is above the usual one, and chance is an unlikely reason.
    var isProven: Bool { sent >= Self.sentMin && leastShare > Self.usualShare }

    /// The lower bound of the response rate, which holds with 97.5 % certainty (E. B. Wilson, 1927).
    var leastShare: Double {
        guard sent > 0 else { return 0 }
        let (n, share, z) = (Double(sent), min(1, Double(replied) / Double(sent)), 1.96)
        let centre = share + z * z / (2 * n)
        let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, (centre - spread) / (1 + z * z / n))
    }

    var json: JSON {
        ["sent": JSON(sent), "replied": JSON(replied), "won": JSON(won), "proven": .bool(isProven)]
    }

    static let schema: JSON = .schema(
        [
            "sent": [
                "type": "integer", "minimum": 0,
                "description": "How many messages were sent with the template.",
            ],
            "replied": [
                "type": "integer", "minimum": 0,
                "description": "How many messages with the template were answered.",
            ],
            "won": [
                "type": "integer", "minimum": 0,
                "description": "How many leads that got the template were won.",
            ],
            "proven": [
                "type": "boolean",
                "description":
                    "Whether it was sent at least 30 times, and certainly more than 3 % of them are answered.",
            ],
        ], required: ["sent", "replied", "won", "proven"])

    /// Returns the column in which a figure is counted for a template.
    static func counted(_ figure: MessageMetric) -> String? {
        figure == .sent || figure == .replied ? figure.rawValue : nil
    }
}

extension TemplateStore {
    /// Returns the figures of templates, by their ids.
    func figures(of templates: [String]) throws -> [String: TemplateMetrics] {
        var counts: [String: Int] = [:]
        let names = templates.flatMap { id in ["sent", "replied", "won"].map { "templates.\(id).\($0)" } }
        try tx.each(
            "SELECT name, value FROM counters WHERE tenant_id = \(tx.tenant) AND name IN \(list: names)"
        ) {
            counts[$0.text(0)] = $0.int(1)
        }
        func count(_ id: String, _ figure: String) -> Int { counts["templates.\(id).\(figure)"] ?? 0 }
        return Dictionary(
            uniqueKeysWithValues: templates.map { id in
                (
                    id,
                    TemplateMetrics(
                        sent: count(id, "sent"), replied: count(id, "replied"), won: count(id, "won"))
                )
            })
    }
}

package extension TemplateStore where Base == Transaction {
    /// Credits a won lead to each template that had been sent to its contact.
    func credit(ofContact contact: ContactID) throws {
        let templates = try tx.all(
            """
            SELECT DISTINCT template_id FROM messages
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND template_id IS NOT NULL AND sent_at IS NOT NULL
            """
        ) { $0.text(0) }
        for template in templates { tx.counters.countLater("templates.\(template).won", 1) }
    }
}

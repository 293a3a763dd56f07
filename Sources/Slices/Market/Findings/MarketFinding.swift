internal import Agents
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that the agency's numbers, or what others make public, show about its market: one row of
/// `market_findings`.
package struct MarketFinding: Record {
    package enum Kind: String, Choice { case trend, season, gap, segment, competitor }
    package enum Status: String, Choice {
        /// The last run has found it.
        case current
        /// It no longer shows, or is told.
        case past
    }

    package var head = Head<MarketFinding>()
    package var kind = Kind.trend
    package var mark = ""
    package var status = Status.current
    package var title = ""
    package var recommendation = ""
    package var numbers: JSONObject = [:]
    package var interval: JSONObject = [:]
    package var chance: Double?
    package var evidence = JSON.array([])
    package var competitorID: ID<Competitor>?
    package var decisionID: DecisionID?
    package var foundAt = Instant(seconds: 0)
    package var confirmedAt = Instant(seconds: 0)
    package var endedAt: Instant?

    package init() {}

    package static let idPrefix = "mfind", noun = "market_finding"
    package static let resource = Resource<MarketFinding>(
        "market_findings", named: "MarketFinding",
        console: ConsoleForm(
            title: "title", columns: ["kind", "status", "recommendation", "found_at"],
            filters: ["kind", "status"]),
        [
            .choice(
                "kind", \.kind, .readOnly, .filterable,
                .about("Whether it is a trend, a season, a gap, a segment or a competitor's activity.")),
            .text(
                "subject", \.mark, max: 300, .readOnly, .filterable,
                .about("The subject: kind, dimension and value, such as segment/industry/technology.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the last run has found it, or it is past.")),
            .text("title", \.title, max: 1000, .readOnly, .about("The finding, with its numbers.")),
            .text("recommendation", \.recommendation, max: 1000, .readOnly, .about("The recommendation.")),
            .document(
                "numbers", \.numbers, .readOnly, .about("The numbers that it rests on, with those of cases.")),
            .document(
                "interval", \.interval, .readOnly,
                .about("Where the true value lies: low, high, and with what confidence.")),
            .number(
                "chance", \.chance, in: 0...1, .readOnly,
                .about("How likely chance alone would bring it about; null where nothing is compared.")),
            .document(
                "evidence", \.evidence, schema: ["type": "array", "items": ["type": "object"]], .readOnly,
                .about("Records by type and id, and what is public by url and quote.")),
            .id(
                "competitor_id", \.competitorID, .readOnly, .filterable, .about("The competitor it is about.")
            ),
            .id(
                "decision_id", \.decisionID, .readOnly, .filterable,
                .about("The decision, which can be replayed.")),
            .instant(
                "found_at", \.foundAt, .readOnly, .sortable, .filterable, .about("When it was found first.")),
            .instant("confirmed_at", \.confirmedAt, .readOnly, .sortable, .about("When it was found last.")),
            .instant("ended_at", \.endedAt, .readOnly, .about("When it was past.")),
        ])

    package var subject: Subject { Subject(id) }

    /// The finding as the result of a run has it.
    var json: JSON {
        [
            "id": JSON(id), "kind": .string(kind.rawValue), "title": .string(title),
            "recommendation": .string(recommendation), "numbers": .object(numbers),
            "interval": .object(interval), "evidence": evidence, "decision_id": JSON(decisionID),
        ]
    }
}

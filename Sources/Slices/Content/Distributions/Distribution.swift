internal import Agents
internal import JSON
package import Jobs
package import Nouns
internal import People
package import Records
package import Telemetry

/// A content item on its way to people: one row of `distributions`. `content_deliveries` has whom it goes to.
package struct Distribution: Record {
    package enum Status: String, Choice {
        case planned, sending, completed, cancelled

        var isOver: Bool { self == .completed || self == .cancelled }
    }
    package enum Way: String, Choice {
        case email, whatsapp, messenger, instagram, telegram, sms
        /// Where each answers best; by mail while that is not known, or what is said is too long for that.
        case preferred

        /// `nil`: each has their own.
        var channel: Channel? { Channel(rawValue: rawValue) }
    }
    package enum Audience: String, Choice { case fresh, all }

    package var head = Head<Distribution>()
    package var itemID = ContentItemID.unset
    package var segmentID: SegmentID?
    package var audience = Audience.all
    package var channel = Way.email
    package var startsAt: Instant?
    package var status = Status.planned
    package var matched = 0
    package var planned = 0
    package var skipped = Parts<SkippedPeople>()
    package var isWholePlanned = false
    package var approvalID: ApprovalID?
    package var completedAt: Instant?
    package var decisionID: DecisionID?

    package init() {}

    package static let idPrefix = "dist", noun = "distribution"
    package static let resource = Resource<Distribution>(
        "distributions", named: "Distribution",
        console: ConsoleForm(
            title: "content_item_id",
            columns: ["content_item_id", "status", "matched", "planned", "created_at"],
            filters: ["status", "content_item_id"]),
        [
            .id(
                "content_item_id", \.itemID, .readOnly, .filterable, .about("The content item that is sent.")),
            .id(
                "segment_id", \.segmentID, .readOnly, .filterable,
                .about("To whom it is sent; null: to all leads.")),
            .choice(
                "audience", \.audience, .readOnly, .filterable,
                .about("Whether it goes to everybody of these, or to fresh leads only.")),
            .choice("channel", \.channel, .readOnly, .about("The channel that it leaves by.")),
            .instant("at", \.startsAt, .readOnly, .about("When the first of it may leave.")),
            .choice("status", \.status, .readOnly, .filterable),
            .integer(
                "matched", \.matched, in: 0...1_000_000_000, .readOnly, .about("How many were looked at.")),
            .integer(
                "planned", \.planned, in: 0...1_000_000_000, .readOnly, .about("How many are to get it.")),
            .parts(
                "skipped", \.skipped, max: 100, .readOnly,
                .about("How many do not get it, by the reason's code.")),
            .boolean("is_whole", \.isWholePlanned, .secret),
            .text(
                "approval_id", \.approvalID, max: 64, .readOnly,
                .about("The approval that it waits for, or by which it was sent.")),
            .instant("completed_at", \.completedAt, .readOnly, .about("When all of it had left.")),
            .text(
                "decision_id", \.decisionID, max: 64, .readOnly, .added(in: 1057),
                .about("The decision by which the agent filled a slot of the calendar with it.")),
        ])

    package var subject: Subject { Subject(id) }
}

/// People who do not get something, for one reason.
package struct SkippedPeople: Part {
    package var code = ""
    package var count = 0

    package init() {}

    package static let schema = Schema<SkippedPeople>(
        "SkippedPeople",
        [
            .text("code", \.code, max: 64, .required),
            .integer("count", \.count, in: 0...1_000_000_000, .required),
        ])
}

extension Parts<SkippedPeople> {
    mutating func add(_ code: String) {
        if let place = list.firstIndex(where: { $0.code == code }) {
            list[place].count += 1
        } else {
            var one = SkippedPeople()
            (one.code, one.count) = (code, 1)
            list.append(one)
        }
    }
}

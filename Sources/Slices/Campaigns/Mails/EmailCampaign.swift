internal import Agents
package import Database
package import JSON
package import Jobs
package import Messages
internal import People
package import Nouns
package import Records
package import Telemetry

/// One mail to the people of a segment, in one or more variants: one row of `email_campaigns`. `email_recipients` has
/// whom it goes to, frozen when its sending begins.
package struct EmailCampaign: ManagedRecord {
    package enum Goal: String, Choice { case clicked, replied }
    package enum Status: String, Choice {
        case draft, scheduled, sending, paused, sent, cancelled

        var isOver: Bool { self == .sent || self == .cancelled }
    }

    package var head = Head<EmailCampaign>()
    package var name = ""
    package var segmentID = SegmentID.unset
    package var templateID = ID<MessageTemplate>.unset
    package var variants = Parts<MailVariant>()
    package var holdout = 0.0
    package var goal = Goal.clicked
    package var sendAt: Instant?
    package var campaignID: CampaignID?
    package var status = Status.draft
    package var members = 0
    package var planned = 0
    package var excluded = Parts<ExcludedPeople>()
    package var startedAt: Instant?
    package var finishedAt: Instant?
    /// The actor who has scheduled it, in whose name it leaves.
    package var author = JSON.null
    /// The segment's last member of those that are frozen.
    package var place = ""
    package var isWhole = false

    package init() {}

    package static let idPrefix = "ecm", noun = "email_campaign"
    package static let resource = Resource<EmailCampaign>(
        "email_campaigns", named: "EmailCampaign",
        console: ConsoleForm(
            columns: ["status", "segment_id", "send_at", "planned"],
            form: [
                "name", "segment_id", "template_id", "variants", "holdout", "goal", "send_at", "campaign_id",
            ],
            filters: ["status", "campaign_id"]),
        [
            .text(
                "name", \.name, max: 200, .required, .filterable, .sortable, .searchable,
                .example("Spring news"), .about("The name, for colleagues and in the calendar.")),
            .id(
                "segment_id", \.segmentID, .required, .filterable, .about("The segment whose people get it.")),
            .id("template_id", \.templateID, .required, .about("The template of the mail.")),
            .parts(
                "variants", \.variants, max: 6,
                .about(
                    "Mails of which each person gets one, by chance and for good; the first is compared with."
                )
            ),
            .number(
                "holdout", \.holdout, in: 0...0.5, .standard(0),
                .about("The share of people who get none of it, by chance and for good, for comparison.")),
            .choice(
                "goal", \.goal, .standard("clicked"),
                .about("The measure of success: a link that a person follows, or an answer.")),
            .instant(
                "send_at", \.sendAt, .filterable, .sortable,
                .about("When the first of it leaves; null: as soon as it is scheduled.")),
            .id("campaign_id", \.campaignID, .filterable, .about("The campaign that it is part of.")),
            .choice("status", \.status, .readOnly, .filterable),
            .integer(
                "members", \.members, in: 0...1_000_000_000, .readOnly,
                .about("How many members of the segment were looked at when its sending began.")),
            .integer(
                "planned", \.planned, in: 0...1_000_000_000, .readOnly,
                .about("How many of them are to get it, or were held out by chance.")),
            .parts(
                "excluded", \.excluded, max: 100, .readOnly,
                .about("How many do not get it, by the reason's code.")),
            .instant("started_at", \.startedAt, .readOnly, .about("When its sending began.")),
            .instant("finished_at", \.finishedAt, .readOnly, .about("When all of it had left.")),
            .document("author", \.author, .secret),
            .text("place", \.place, max: 64, .secret),
            .boolean("is_whole", \.isWhole, .secret),
        ])

    /// Whether it may be planned for another moment: what has begun to leave stays.
    package var moves: Bool { startedAt == nil && (status == .draft || status == .scheduled) }

    package func prepare(replacing old: EmailCampaign?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        var names: Set<String> = []
        if variants.list.count == 1 {
            faults.add("/variants", "out_of_range", "variants must have none or at least two entries.")
        }
        for (index, variant) in variants.list.enumerated() {
            let place = "/variants/\(index)"
            if !names.insert(variant.name).inserted {
                faults.add(
                    "\(place)/name", "duplicate_value",
                    "Two variants are called \(variant.name): give each a name of its own.")
            }
            try check(variant.templateID, at: "\(place)/template_id", &faults, tx)
        }
        try check(templateID, at: "/template_id", &faults, tx)
        if status == .scheduled, sendAt != old?.sendAt, let sendAt, sendAt < tx.now {
            faults.add("/send_at", "out_of_range", "send_at must not be past: the campaign is scheduled.")
        }
        try faults.throwIfAny()
        guard let old, old.startedAt != nil, old.isOtherwiseDrawn(than: self) else { return }
        throw Problem(
            .conflict,
            "The recipients were frozen when sending began: segment, variants' names, holdout and goal stay.")
    }

    private func check(
        _ id: ID<MessageTemplate>, at place: String, _ faults: inout Faults, _ tx: Transaction
    ) throws {
        guard let template = try MessageTemplate.resource.find(id, in: tx), template.channel != .email else {
            return
        }
        faults.add(
            place, "conflict", "The template is for \(template.channel.rawValue): name one for email.")
    }

    private func isOtherwiseDrawn(than other: EmailCampaign) -> Bool {
        segmentID != other.segmentID || holdout != other.holdout || goal != other.goal
            || variants.list.map(\.name) != other.variants.list.map(\.name)
    }

    package func saved(replacing old: EmailCampaign?, by actor: Actor, in tx: Transaction) throws {
        if status == .scheduled, let old, old.sendAt != sendAt { try tx.emailCampaigns.plan(id, at: sendAt) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard status == .draft || status == .cancelled else {
            throw Problem(.conflict, "The email campaign is \(status.rawValue): cancel it first.")
        }
        if try tx.emailRecipients.areThere(id) {
            throw Problem(.conflict, "The email campaign has recipients, whom it must remember.")
        }
    }

    package var subject: Subject { Subject(id) }

    /// The template of the mail that somebody gets who was drawn for a variant.
    func template(of variant: String) -> ID<MessageTemplate> {
        variants.list.first { $0.name == variant }?.templateID ?? templateID
    }
}

/// A mail that some of the people get, by chance.
package struct MailVariant: Part {
    package var name = ""
    package var templateID = ID<MessageTemplate>.unset

    package init() {}

    package static let schema = Schema<MailVariant>(
        "MailVariant",
        [
            .text(
                "name", \.name, max: 40, .required, .line, .example("short"),
                .about("Results are told by it.")),
            .id("template_id", \.templateID, .required, .about("The template of the mail.")),
        ])
}

/// People who do not get a mail, for one reason.
package struct ExcludedPeople: Part {
    package var code = ""
    package var count = 0

    package init() {}

    package static let schema = Schema<ExcludedPeople>(
        "ExcludedPeople",
        [
            .text("code", \.code, max: 64, .required),
            .integer("count", \.count, in: 0...1_000_000_000, .required),
        ])
}

extension Parts<ExcludedPeople> {
    mutating func add(_ code: String, _ count: Int = 1) {
        guard count > 0 else { return }
        if let place = list.firstIndex(where: { $0.code == code }) {
            list[place].count += count
        } else {
            var one = ExcludedPeople()
            (one.code, one.count) = (code, count)
            list.append(one)
        }
    }
}

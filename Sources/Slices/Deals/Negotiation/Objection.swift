package import Database
internal import JSON
package import Messaging
package import Records
internal import Runtime
package import Telemetry

/// What prospects say against buying.
package enum ObjectionKind: String, Choice {
    case price, timing, competitor
    case inHouse = "in_house"
    case noNeed = "no_need"
    case trust, authority, contract, other
}

/// An answer to what prospects say against buying: one row of `objections`.
package struct Objection: ManagedRecord {
    package var id = ID<Objection>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var name = ""
    package var kind = ObjectionKind.other
    package var reply = ""
    package var locale: String?
    package var position = 100
    package var archived = false

    package init() {}

    package static let writing: Permission = "deals:write"
    package static let idPrefix = "objn", noun = "objection"
    package static let resource = Resource<Objection>(
        "objections", named: "Objection", rule: .everyone,
        [
            .text(
                "name", \.name, max: 200, .required, .searchable, .sortable,
                .about("The objection in a few words.")),
            .choice(
                "kind", \.kind, .required, .filterable,
                .about("What the objection is about, such as price or timing.")),
            .text(
                "reply", \.reply, max: 20_000, .required, .searchable,
                .about("The suggested answer, as Markdown.")),
            .text(
                "locale", \.locale, max: 35, .filterable,
                .about(
                    "The language of the objection; contacts with another language get an answer in theirs, if one exists."
                )),
            .integer("position", \.position, in: 0...10_000, .standard(100), .sortable),
            .boolean(
                "archived", \.archived, .standard(false), .filterable,
                .about("Whether it is no longer suggested.")),
        ])
}

extension Queryable {
    /// The first answer to a kind of objection: in one's own language, or else in whatever there is.
    func objection(_ kind: ObjectionKind, for locale: String) throws -> Objection? {
        let all = try Objection.resource.all(
            where: "kind = \(kind.rawValue) AND archived = 0", suffix: "ORDER BY position, id LIMIT 100",
            in: self)
        return all.first { $0.locale.map { $0.language == locale.language } ?? false }
            ?? all.first { $0.locale == nil } ?? all.first
    }
}

extension String {
    /// The language of a tag such as de-AT.
    var language: String { String(prefix { $0 != "-" && $0 != "_" }).lowercased() }
}

/// What was said against a deal, and what came of the answer: one row of `deal_objections`.
package struct DealObjection: ManagedRecord {
    package enum Outcome: String, Choice { case open, resolved, conceded, lost }

    package var id = ID<DealObjection>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var dealID: ID<Deal>?
    package var leadID: String?
    package var kind = ObjectionKind.other
    package var objectionID: ID<Objection>?
    package var text: String?
    package var reply: String?
    package var messageID: ID<Message>?
    package var outcome = Outcome.open
    package var resolvedAt: Instant?

    package init() {}

    package static let writing: Permission = "deals:write"
    package static let idPrefix = "dobj", noun = "deal_objection"
    package static let resource = Resource<DealObjection>(
        "deal_objections", named: "DealObjection", rule: .parent("deal_id", of: "deals"),
        [
            .id(
                "deal_id", \.dealID, .writeOnce, .filterable,
                .about("The deal; null where the objection was raised before there was one.")),
            .id(
                "lead_id", \.leadID, of: .lead, .readOnly, .filterable,
                .about("The lead who raised the objection.")),
            .choice(
                "kind", \.kind, .required, .filterable,
                .about("What the objection is about, such as price or timing.")),
            .id("objection_id", \.objectionID, .about("The objection of the library whose answer was used.")),
            .text("text", \.text, max: 5000, .about("The words of the objection.")),
            .text("reply", \.reply, max: 20_000, .about("The answer to the objection.")),
            .id("message_id", \.messageID, .about("The message in which it was said.")),
            .choice(
                "outcome", \.outcome,
                .standard(
                    "open"), .filterable, .about("The outcome of the objection.")),
            .instant("resolved_at", \.resolvedAt, .readOnly),
        ])

    package mutating func prepare(
        replacing old: DealObjection?, by actor: Actor, in tx: Transaction
    ) throws {
        if actor.kind != .agent, dealID == nil {
            throw Problem(faults: [
                Fault(
                    "/deal_id", "required", "deal_id is required: name the deal that the objection is about.")
            ])
        }
        if let dealID, dealID != old?.dealID {
            leadID = try Deal.resource.find(dealID, in: tx)?.leadID
        }
        if old?.outcome != outcome { resolvedAt = outcome == .open ? nil : tx.now }
    }
}

extension Transaction {
    func furnishObjections() throws {
        for (locale, all) in [
            ("en", englishObjections), ("de", germanObjections), ("fr", frenchObjections),
            ("es", spanishObjections),
        ] {
            for (position, (kind, name, reply)) in all.enumerated() {
                var objection = Objection.new(id: nextID(), now: now)
                (objection.kind, objection.name, objection.reply) = (kind, name, reply)
                (objection.position, objection.locale) = (position + 1, locale)
                try Objection.resource.insert(&objection, in: self)
            }
        }
    }
}

private let englishObjections: [(ObjectionKind, String, String)] = [
    (
        .price, "It is too expensive",
        "What would it have to bring in to be cheap? Let us count that together; if it does not come out, we start "
            + "with less."
    ),
    (
        .timing, "Not now",
        "When would be a good time, and what has to happen until then? We will write then, and not before."
    ),
    (
        .competitor, "We talk to others, too",
        "That is sensible. What matters most to you in the choice? We will say plainly where we are the better fit "
            + "and where we are not."
    ),
    (
        .inHouse, "We do that ourselves",
        "Good. Most of our clients do. What does your team not get to? That is where we begin."
    ),
    (
        .noNeed, "We do not need it",
        "Then let us not talk about services. What would you like to be different in half a year?"
    ),
    (
        .trust, "How do we know that it works?",
        "By the figures of clients like you, and by a first month with a goal that we agree on beforehand."
    ),
    (
        .authority, "Somebody else decides",
        "Who is it, and what do they want to know? We gladly write one page that you can hand on."
    ),
    (
        .contract, "We do not want to be bound",
        "What would let you sleep: a shorter term, a way out after the first quarter, or something else?"
    ),
    (.other, "Something else", "Tell us more, so that we answer what you mean."),
]

private let germanObjections: [(ObjectionKind, String, String)] = [
    (
        .price, "Das ist zu teuer",
        "Was müsste es einbringen, um günstig zu sein? Rechnen wir das gemeinsam aus; geht es nicht auf, fangen wir "
            + "kleiner an."
    ),
    (
        .timing, "Nicht jetzt",
        "Wann wäre ein guter Zeitpunkt, und was muss bis dahin geschehen? Wir melden uns dann, und nicht vorher."
    ),
    (
        .competitor, "Wir sprechen auch mit anderen",
        "Das ist vernünftig. Worauf kommt es Ihnen bei der Wahl an? Wir sagen offen, wo wir besser passen und wo nicht."
    ),
    (
        .inHouse, "Das machen wir selbst",
        "Gut so, das tun die meisten unserer Kunden. Wozu kommt Ihr Team nicht? Da fangen wir an."
    ),
    (
        .noNeed, "Das brauchen wir nicht",
        "Dann reden wir nicht über Leistungen. Was soll in einem halben Jahr anders sein?"
    ),
    (
        .trust, "Woher wissen wir, dass es wirkt?",
        "Durch die Zahlen von Kunden wie Ihnen, und durch einen ersten Monat mit einem Ziel, das wir vorher vereinbaren."
    ),
    (
        .authority, "Jemand anderes entscheidet",
        "Wer ist es, und was möchte er oder sie wissen? Wir schreiben gern eine Seite, die Sie weitergeben können."
    ),
    (
        .contract, "Wir wollen uns nicht binden",
        "Womit könnten Sie ruhig schlafen: mit einer kürzeren Laufzeit, einem Ausstieg nach dem ersten Quartal oder etwas "
            + "anderem?"
    ),
    (.other, "Etwas anderes", "Erzählen Sie uns mehr, damit wir auf das antworten, was Sie meinen."),
]

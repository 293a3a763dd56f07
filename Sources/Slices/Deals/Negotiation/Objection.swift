internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
package import Records
package import Telemetry
internal import Wording

/// The kinds of reasons that prospects give against buying.
package enum ObjectionKind: String, Choice {
    case price, timing, competitor
    case inHouse = "in_house"
    case noNeed = "no_need"
    case trust, authority, contract, other
}

/// An answer to what prospects say against buying: one row of `objections`.
package struct Objection: ManagedRecord {
    package var head = Head<Objection>()
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
                .about("The subject of the objection, such as price or timing.")),
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

extension OfferStore {
    /// The first answer to a kind of objection: in one's own language, or else in whatever there is.
    func objection(_ kind: ObjectionKind, for locale: String) throws -> Objection? {
        let all = try Objection.resource.all(
            where: "kind = \(kind.rawValue) AND archived = 0", suffix: "ORDER BY position, id LIMIT 100",
            in: tx)
        return all.first { $0.locale.map { $0.language == locale.language } ?? false }
            ?? all.first { $0.locale == nil } ?? all.first
    }
}

extension String {
    /// The language of a tag such as de-AT.
    var language: String { String(prefix { $0 != "-" && $0 != "_" }).lowercased() }
}

/// An objection to a deal, and the outcome of the answer to it: one row of `deal_objections`.
package struct DealObjection: ManagedRecord {
    package enum Outcome: String, Choice { case open, resolved, conceded, lost }

    package var head = Head<DealObjection>()
    package var dealID: DealID?
    package var leadID: LeadID?
    package var kind = ObjectionKind.other
    package var objectionID: ID<Objection>?
    package var text: String?
    package var reply: String?
    package var messageID: MessageID?
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
                "lead_id", \.leadID, .readOnly, .filterable,
                .about("The lead who raised the objection.")),
            .choice(
                "kind", \.kind, .required, .filterable,
                .about("The subject of the objection, such as price or timing.")),
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

extension OfferStore where Base == Transaction {
    /// Gives an agency a library of answers, in every language that there are words in.
    func seedObjections() throws {
        for language in Catalogue.standardFirst {
            let words = Wording(language)
            for (position, kind) in ObjectionKind.allCases.enumerated() {
                var objection = Objection.new(id: tx.nextID(), now: tx.now)
                objection.kind = kind
                objection.name = words("objection.\(kind.rawValue).name")
                objection.reply = words("objection.\(kind.rawValue).reply")
                (objection.position, objection.locale) = (position + 1, language)
                try Objection.resource.insert(&objection, in: tx)
            }
        }
    }
}

internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// The word on a live talk: that it is planned, that it has moved, or how it was. People review it.
struct SpaceDraft: Sendable {
    enum Kind: String { case announcement, change, recap }

    static let version = "1"
    private static let countMax = 5

    let space: ID<NetworkSpace>, title: String, url: String
    let kind: Kind
    let at: Instant
    let participants: Int?

    init(_ space: NetworkSpace) {
        (self.space, title, url, at) = (space.id, space.title, space.url, space.at)
        participants = space.participants
        kind =
            space.state == .ended ? .recap : space.announcementID == nil ? .announcement : .change
    }

    /// The words for the network's readers, in the agency's language and by its clock.
    func text(_ words: Wording, in zone: TimeZoneRules) -> String {
        let moment = TextLocale(words.tag).shown(at, in: zone)
        switch kind {
        case .announcement:
            return words(
                "social.space_announcement", ["title": .text(title), "url": .text(url), "at": .text(moment)])
        case .change:
            return words("social.space_change", ["title": .text(title), "url": .text(url), "at": .text(moment)])
        case .recap:
            return words(
                "social.space_recap",
                [
                    "title": .text(title), "url": .text(url), "known": .text(participants == nil ? "no" : "yes"),
                    "participants": .number(participants ?? 0),
                ])
        }
    }

    // MARK: The decision

    var inputs: JSON {
        [
            "space_id": JSON(space), "title": .string(title), "url": .string(url),
            "kind": .string(kind.rawValue), "at": .string("\(at)"), "participants": JSON(participants),
        ]
    }

    init?(inputs: JSON) {
        guard let space = inputs["space_id"]?.id(of: NetworkSpace.self),
            let at = inputs["at"]?.text.flatMap({ Instant($0) }),
            let kind = inputs["kind"]?.text.flatMap(Kind.init(rawValue:))
        else { return nil }
        (self.space, self.at, self.kind) = (space, at, kind)
        (title, url) = (inputs["title"]?.text ?? "", inputs["url"]?.text ?? "")
        participants = inputs["participants"]?.int.map { Int($0) }
    }

    var outcome: JSON { ["space_id": JSON(space), "kind": .string(kind.rawValue), "at": .string("\(at)")] }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: 1,
            factors: [
                [
                    "name": "space", "value": .string(title), "weight": 1, "contribution": 1,
                    "evidence": [["type": "network_space", "id": JSON(space)]],
                ]
            ], model: ["name": "live_talks", "version": .string(Self.version)], inputs: inputs)
    }

    /// Drafts what is to be said of live talks; answers the drafts.
    static func draftAll(
        _ run: AgentRun, _ dependencies: PieceDependencies, in tx: Transaction
    ) throws -> [ContentItemID] {
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(tenant.locale)
        return try tx.networkSpaces.toTell(limit: countMax).compactMap { old -> ContentItemID? in
            let draft = SpaceDraft(old)
            let decision = try run.decide(in: tx, old.subject, draft.conclusion)
            guard decision.isNew,
                try run.may("create_record", about: old.subject, decision: decision.id, in: tx)
            else { return nil }
            let account = try SocialAccount.resource.find(old.accountID, in: tx)
            let zone = try account?.zone(in: tx) ?? tenant.zone
            let source = OwnMaterial(NetworkSpace.noun, old.subject.id, title: old.title, [])
            let item = try dependencies.draft(
                tx,
                OwnDraft(title: old.title, body: draft.text(words, in: zone), source: source, quotes: [old.title]),
                run.actor)
            var new = old
            if draft.kind == .recap {
                new.recapID = item
            } else {
                (new.announcementID, new.announced) = (item, old.announceable)
            }
            new.version = old.version + 1
            new.updatedAt = tx.now
            try NetworkSpace.resource.update(old, to: new, in: tx)
            run.processed()
            return item
        }
    }
}

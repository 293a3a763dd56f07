internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

extension ContentItem {
    /// The words and pictures whose changes are versions.
    var words: [JSON] { [.string(title), .string(subject), .string(body), media.json] }

    /// All that a yes is said to.
    private var shown: [JSON] {
        words + [
            variants.json, technical.json, guide.json, resourceLink.json, .string(format.rawValue),
            JSON(clientID),
        ]
    }

    /// Takes back an approval, and what was under way to one, where it now says something else.
    mutating func takeBack(from old: ContentItem) {
        guard status.isJudged, old.status.isJudged, shown != old.shown else { return }
        // Messages are changed by those who may approve them, unless a client has agreed to these words.
        let isChangedByJudges = format == .message && old.format == .message && old.decidedAt == nil
        if isChangedByJudges, status.isGiven { return }
        status = .draft
        (reviewedBy, reviewedAt, reviewNotes) = (nil, nil, nil)
        (submittedAt, askedAt, decidedAt, evidence) = (nil, nil, nil, .null)
    }

    /// Adds what is missing for the status that it is to have.
    func checkStanding(_ faults: inout Faults) {
        if status == .scheduled, plannedAt == nil {
            faults.add("/planned_at", "required", "planned_at is required: say when it is to come out.")
        }
        if status == .withClient, clientID == nil {
            faults.add("/client_id", "required", "client_id is required: there is no client to ask.")
        }
    }

    /// Adds what a body with other faults leaves out, too.
    static func checkMissing(in body: JSONObject, _ faults: inout Faults) {
        let isIdea = body["status"]?.text == Status.idea.rawValue
        let isMessage = (body["format"]?.text ?? Format.message.rawValue) == Format.message.rawValue
        var names = isMessage ? ["type"] : []
        if !isIdea { names += isMessage ? ["subject", "body"] : ["body"] }
        for name in names where (body[name] ?? .null).isNull {
            faults.add("/\(name)", "required", "\(name) is required.")
        }
    }

    /// The steps that are possible now.
    var allowed: [String] {
        switch status {
        case .idea, .draft: ["submit"]
        case .inReview: ["review"]
        case .withClient: ["approve", "request-changes", "remind"]
        case .approved, .scheduled, .published, .archived, .unknown: []
        }
    }

    func refusal(_ words: String) -> Problem {
        Problem(.invalidTransition, words, extra: ["allowed": JSON(allowed)])
    }

    func require(_ step: String) throws(Problem) {
        guard allowed.contains(step) else {
            throw refusal("The content item is \(status.rawValue), which does not allow this.")
        }
    }

    /// The statuses that whoever writes may give it by hand, without a step of its review.
    private var statusesByHand: Set<Status> {
        switch status {
        case .idea, .draft, .inReview, .withClient, .archived: [.idea, .draft, .archived]
        case .approved, .scheduled: [.draft, .approved, .scheduled, .published, .archived]
        case .published: [.draft, .archived]
        case .unknown: []
        }
    }

    /// Throws where a change gives it a status that only a step of its review does. Messages may be approved by hand.
    func requireByHand(replacing old: ContentItem) throws(Problem) {
        guard status != old.status else { return }
        let isMessage = format == .message && old.format == .message
        let isAllowed =
            isMessage ? status != .inReview && status != .withClient : old.statusesByHand.contains(status)
        guard isAllowed else {
            throw old.refusal(
                "The content item is \(old.status.rawValue): it becomes \(status.rawValue) by its review alone."
            )
        }
    }

    /// The facts that events about it tell.
    var payload: JSON {
        [
            "title": .string(title), "status": .string(status.rawValue), "client_id": JSON(clientID),
            "revision": JSON(revision),
        ]
    }
}

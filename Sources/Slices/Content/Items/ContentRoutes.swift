internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// The body of `POST /v1/content-items/{id}/distribute`.
private struct DistributeBody: Declared {
    var segmentID: SegmentID?
    var startsAt: Instant?
    var channel = Distribution.Way.preferred
    var isPreview = false

    static let schema = Schema<DistributeBody>(
        "DistributeRequest",
        [
            .id(
                "segment_id", \.segmentID,
                .about("To whom it is sent; the item's own segment, or else all leads.")),
            .instant("at", \.startsAt, .about("When the first of it may leave; now unless it is given.")),
            .choice(
                "channel", \.channel, .standard("preferred"),
                .about(
                    "The channel that it leaves by; preferred: where each answers best, and otherwise by mail."
                )
            ),
            .boolean(
                "preview", \.isPreview, .standard(false), .about("Whether only to tell who would get it.")),
        ])
}

/// `/v1/content-items` and `/v1/distributions`: what the agency tells many people, and how it reaches them.
func contentRoutes(_ routes: inout Routes, _ desk: ContentDesk) {
    routes.standard(
        ContentItem.resource, read: "content_items:read", write: "content_items:write", create: false,
        patch: false, computed: desk.approvalLinks, told: contentToldMembers)
    routes.declare(DistributeBody.self)
    routes.declare(Distribution.resource, computed: DistributionTelling.schemas)
    routes.shows(Distribution.resource, read: "content_items:read")
    routes.schema("SkippedPeople", SkippedPeople.schema.jsonSchema(.whole))
    routes.schema("DistributionPreview", DistributionPreview.schema)
    routes.schema("ContentResults", ContentResults.schema)
    let item: JSON = ["type": "string", "description": "The content item that is sent."]
    let told: JSONObject = ["content_item_id": item]
    routes.event("distribution.created", "A content item is being distributed.", told)
    routes.event("distribution.cancelled", "A distribution was cancelled.", told)
    routes.event(
        "distribution.completed", "All of a distribution has left.",
        ["content_item_id": item, "sent": .anyInteger])
    // It reaches whoever the agency reaches, whosever the words are.
    routes.closeToLimited("POST /v1/content-items/{id}/distribute")
    itemChanges(&routes, desk)
    contentReviewRoutes(&routes, desk)
    contentPortalRoutes(&routes, desk)
    approvalPage(&routes, desk)
    distributing(&routes, desk)
    distributions(&routes)
    contentTrialRoutes(&routes)
}

private func itemChanges(_ routes: inout Routes, _ desk: ContentDesk) {
    let resource = ContentItem.resource
    routes.post(
        "/v1/content-items", .permission("content_items:write"), "Create a content item",
        body: .json(.reference("ContentItemCreate")), .record(resource, status: 201)
    ) { call in
        var draft = ContentItem(), faults = Faults()
        let body = try call.object()
        ContentItem.schema.create(&draft, from: body, faults: &faults)
        // All missing fields are named at once.
        if !faults.isEmpty { ContentItem.checkMissing(in: body, &faults) }
        try faults.throwIfAny()
        try call.requireApproving(from: nil, to: draft)
        return .write { [draft, faults] tx in
            var item = draft
            item.beginLife(id: tx.nextID(), now: tx.now)
            try tx.requiring(faults.references) {
                try desk.requireClientWord(on: item, replacing: nil, in: tx)
                try tx.create(&item, by: call.actor)
            }
            return .record(
                item, status: 201, location: "/v1/content-items/\(item.id)",
                extra: try desk.approvalLinks.members(of: item.id, in: tx))
        }
    }
    routes.patch(
        "/v1/content-items/{id}", .permission("content_items:write"),
        "Update a content item; a change of its words or media takes an approval back",
        body: .json(.reference("ContentItemPatch")), .record(resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.object())
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var item = old, faults = Faults()
            _ = ContentItem.schema.patch(&item, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            try call.requireApproving(from: old, to: item)
            try item.requireByHand(replacing: old)
            try tx.requiring(faults.references) {
                try desk.requireClientWord(on: item, replacing: old, in: tx)
                try tx.update(old, to: &item, by: call.actor)
            }
            return try desk.answer(item, to: call, in: tx)
        }
    }
    routes.get(
        "/v1/content-items/{id}/results", .permission("content_items:read"),
        "Get the metrics of the variants of a content item", .json(.reference("ContentResults"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: ContentItem.self)
        return .read { reader in
            let item = try resource.get(id, in: reader)
            let names = item.tried.map(\.name)
            var results = ContentResults(
                names: names.isEmpty ? [ContentItem.plain] : names,
                figures: try reader.content.results(of: id), goal: item.goal)
            results.untried = item.variants.list.filter { $0.length != nil }.map(\.name)
            return .json(results.json)
        }
    }
}

extension ContentDesk {
    /// Returns an item as whoever has changed it reads it.
    func answer(_ item: ContentItem, to call: Call, in tx: Transaction) throws -> Response {
        var extra = try approvalLinks.members(of: item.id, in: tx)
        for (name, value) in try contentToldMembers.members(of: item, to: call, in: tx).members {
            extra[name] = value
        }
        return .record(item, extra: extra)
    }
}

private func distributing(_ routes: inout Routes, _ desk: ContentDesk) {
    let outbox = desk.outbox
    routes.post(
        "/v1/content-items/{id}/distribute", .permission("content_items:write"),
        "Send a content item to those whom it is for, or preview that", named: "distribute_content_item",
        body: .json(.reference("DistributeRequest")),
        .json(.reference("DistributionPreview"), "The people who would get it."),
        .record(Distribution.resource, status: 202)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.body(DistributeBody.self))
        guard !body.isPreview else {
            return .task {
                let recipients = try call.read { reader in
                    let item = try ContentItem.resource.get(id, in: reader)
                    let segment = try item.segment(body.segmentID).map {
                        try Segment.resource.find($0, in: reader).orUnknown()
                    }
                    try item.requireFitting(body.channel, outbox)
                    return Recipients(
                        item: item, segment: segment, audience: .all, way: body.channel, outbox: outbox)
                }
                return .json(try await recipients.preview(for: call).json)
            }
        }
        return .write { tx in
            let item = try ContentItem.resource.get(id, in: tx)
            let segment = try item.segment(body.segmentID)
            if let segment { _ = try Segment.resource.find(segment, in: tx).orUnknown() }
            guard item.format == .message else {
                throw Problem(
                    .conflict, "Only messages are sent to people: this is for format \(item.format.rawValue)."
                )
            }
            guard item.status.isGiven else {
                throw Problem(
                    .notApproved, "The content item is \(item.status.rawValue): have it approved first.")
            }
            try desk.dependencies.requireCampaign(of: item, in: tx)
            try item.requireFitting(body.channel, outbox)
            let distribution = try tx.distributions.begin(
                item, to: segment, .all, over: body.channel, at: body.startsAt, by: call.actor)
            return .record(
                distribution, status: 202, location: "/v1/distributions/\(distribution.id)",
                extra: try DistributionTelling.members(of: distribution.id, in: tx))
        }
    }
}

extension ContentItem {
    /// Returns whom it is sent to: the segment that was named, or its own, or else all leads. Those are the agency's
    /// own: what speaks for a client is for nobody unless that is said.
    fileprivate func segment(_ named: SegmentID?) throws(Problem) -> SegmentID? {
        let segment = named ?? segmentID
        guard segment == nil, clientID != nil else { return segment }
        throw Problem(faults: [
            Fault(
                "/segment_id", "required",
                "segment_id is required: the item speaks for a client, so say whom it is for.")
        ])
    }
}

private func distributions(_ routes: inout Routes) {
    let resource = Distribution.resource
    routes.get(
        "/v1/distributions", .permission("content_items:read"), "List distributions of content",
        query: ParameterDoc.list(resource, computed: ["sent"]), .list(resource)
    ) { call in
        .read { reader in
            let list = try ListQuery(
                resource, call.request.head.query, dialect: reader.dialect, computed: ["sent"])
            return try list.page(in: reader) { ids in
                Dictionary(
                    uniqueKeysWithValues: try ids.map { text in
                        let id = ID<Distribution>(text) ?? .unset
                        return (text, try DistributionTelling.members(of: id, in: reader))
                    })
            }
        }
    }
    routes.get(
        "/v1/distributions/{id}", .permission("content_items:read"), "Get a distribution of content",
        .record(resource)
    ) { call in
        let id = try call.id("id", of: Distribution.self)
        return .read { reader in
            .record(
                try resource.get(id, in: reader), extra: try DistributionTelling.members(of: id, in: reader))
        }
    }
    routes.post(
        "/v1/distributions/{id}/cancel", .permission("content_items:write"),
        "Cancel a distribution: what has not left stays here", .record(resource)
    ) { call in
        let id = try call.id("id", of: Distribution.self)
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            let cancelled = try tx.distributions.cancel(old, by: call.actor)
            return .record(cancelled, extra: try DistributionTelling.members(of: id, in: tx))
        }
    }
}

/// The members of a distribution that are counted when it is read.
private enum DistributionTelling {
    static let schemas: JSONObject = [
        "sent": ["type": "integer", "description": "How many messages have left."]
    ]

    static func members(of id: ID<Distribution>, in reader: some Queryable) throws -> JSONObject {
        ["sent": JSON(try reader.contentDeliveries.sent(by: id))]
    }
}

extension Optional<Segment> {
    fileprivate func orUnknown() throws(Problem) -> Segment {
        guard let self else {
            throw Problem(faults: [
                Fault("/segment_id", "unknown_reference", "The segment does not exist: name another.")
            ])
        }
        return self
    }
}

extension Call {
    /// Throws where the caller may not approve what they would make, or a message that was approved.
    func requireApproving(from old: ContentItem?, to new: ContentItem) throws(Problem) {
        let needsJudge: Bool
        if let old {
            let isMessage = new.format == .message || old.format == .message
            needsJudge = isMessage && (new.status.isGiven || old.status.isGiven)
        } else {
            needsJudge = new.status.isJudged
        }
        guard needsJudge, principal?.permissions.contains(judging) != true else { return }
        throw Problem(.forbidden, "The call needs the permission \(judging).")
    }
}

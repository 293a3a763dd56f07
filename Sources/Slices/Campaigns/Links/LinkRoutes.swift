internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// `/v1/tracked-links`: links whose followers are counted.
func linkRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let resource = TrackedLink.resource, services = outbox.services
    let told = ComputedMembers<TrackedLink>(
        [
            "short_url": [
                "type": "string",
                "description": "The address to give out: it leads to the target, and counts who follows it.",
            ],
            "clicks": LinkClicks.schema,
        ]
    ) { ids, reader in
        let reader = reader.reading
        let links = try resource.all(where: "id IN \(list: ids)", in: reader)
        let clicks = try reader.trackedLinks.clicks(of: links.map(\.id))
        return Dictionary(
            uniqueKeysWithValues: links.map { link in
                (
                    "\(link.id)",
                    [
                        "short_url": .string(services.links.address(.click, link.token)),
                        "clicks": (clicks[link.id] ?? LinkClicks()).json,
                    ]
                )
            })
    }
    routes.standard(
        resource, read: "tracked_links:read", write: "tracked_links:write", create: false, computed: told)
    routes.post(
        "/v1/tracked-links", .permission("tracked_links:write"), "Create a tracked link",
        body: .json(.reference("TrackedLinkCreate")), .record(resource, status: 201)
    ) { call in
        var draft = TrackedLink(), faults = Faults()
        TrackedLink.schema.create(&draft, from: try call.object(), faults: &faults)
        try faults.throwIfAny()
        return .write { [draft, faults] tx in
            var link = draft
            link.beginLife(id: tx.nextID(), now: tx.now)
            link.token = try services.links.token(.click, tx.tenant, "\(link.id)")
            try tx.requiring(faults.references) { try tx.create(&link, by: call.actor) }
            return .record(
                link, status: 201, location: "/v1/tracked-links/\(link.id)",
                extra: try told.members(of: link.id, in: tx))
        }
    }
}

internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The most of each kind that a profile names; lists have the rest.
private let shownMax = 20

func profileRoute(_ routes: inout Routes, _ services: DeliveryServices) {
    routes.schema("RelationshipMilestone", RelationshipMilestone.schema)
    routes.schema("ClientProfile", profileSchema)
    routes.get(
        "/v1/clients/{id}/profile",
        .permission(
            "clients:read"), "Get everything that is known about a client",
        .json(.reference("ClientProfile"), "The client, and the newest of all that belongs to it.")
    ) { call in
        let id = try call.id("id", of: Client.self)
        return .read { reader in
            .json(
                try reader.clients.profile(
                    of: try Client.resource.get(id, in: reader), services.dependencies,
                    in: try reader.wordings.find(for: call))
            )
        }
    }
}

extension ClientStore {
    fileprivate func profile(
        of client: Client, _ dependencies: DeliveryDependencies, in words: Wording
    ) throws -> JSON {
        let id = client.id
        func newest<R: Record>(_ resource: Resource<R>, _ condition: SQL = "") throws -> JSON {
            .array(
                try resource.all(
                    where: "client_id = \(id)" + condition, suffix: "ORDER BY id DESC LIMIT \(shownMax)",
                    in: tx
                ).map { R.schema.json($0) })
        }
        let contact = try client.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let judged = try tx.decisions.latest("client_management", subjectID: id)
        var profile: JSONObject = [
            "client": Client.schema.json(client),
            "contact": contact.map { Contact.schema.json($0) } ?? .null,
            "health": [
                "state": JSON(client.health),
                "score": judged.flatMap { JSON(stored: $0.outcome)["score"] } ?? .null,
                "factors": try judged.map {
                    JSON(stored: $0.factors).spoken(in: words, try tx.agency.zone())
                } ?? [], "decision_id": JSON(judged?.id),
                "at": JSON(judged?.createdAt.description),
            ],
            "projects": try newest(Project.resource),
            "open_tasks": try newest(ProjectTask.resource, " AND status IN ('todo', 'doing', 'blocked')"),
            "deliverables": try newest(Deliverable.resource), "reports": try newest(Report.resource),
            "documents": try newest(ClientDocument.resource),
            "milestones": .array(try milestones(of: client, dependencies).map(\.json)),
            "metrics": .array(
                try tx.metrics.names(of: id).map {
                    ["source": .string($0.source), "metric": .string($0.metric), "unit": JSON($0.unit)]
                }),
        ]
        profile["campaigns"] = .array(try dependencies.campaignsUnderWay(tx, id))
        for (name, value) in try dependencies.profile(tx, id).members { profile[name] = value }
        return .object(profile)
    }
}

private let profileSchema: JSON = {
    func list(_ name: String) -> JSON { ["type": "array", "items": .reference(name)] }
    return JSON.schema(
        [
            "client": .reference("Client"), "contact": ["type": ["object", "null"]],
            "health": ["type": "object"], "projects": list("Project"), "open_tasks": list("Task"),
            "deliverables": list("Deliverable"), "reports": list("Report"), "documents": list("Document"),
            "metrics": ["type": "array", "items": ["type": "object"]],
            "milestones": ["type": "array", "items": .reference("RelationshipMilestone")],
            "campaigns": ["type": "array", "items": ["type": "object"]],
            "people": ["type": "array", "items": ["type": "object"]], "conversations": list("Conversation"),
            "tickets": ["type": "array", "items": ["type": "object"]],
            "survey_responses": ["type": "array", "items": ["type": "object"]],
            "invoices": ["type": ["array", "null"], "items": ["type": "object"]],
        ],
        required: [
            "client", "projects", "open_tasks", "deliverables", "reports", "documents", "metrics",
            "milestones",
        ])
}()

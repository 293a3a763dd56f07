internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy

private struct PortalBrakeBody: Declared {
    var reason: String?
    static let schema = Schema<PortalBrakeBody>(
        "PortalBrakeBody",
        [
            .text(
                "reason", \.reason, max: 500,
                .about("Why everything should be stopped, for the agency to read."),
                .example("A wrong price."))
        ])
}

/// A client's own way to stop everything that is done in their name. Only the agency lets it go on.
func portalBrakeRoutes(_ routes: inout Routes) {
    routes.declare(PortalBrakeBody.self)
    let brake: JSON = .record([
        "id": .anyText, "reason": .anyText, "created_at": .anyInstant, "left": .anyInteger,
        "held": .anyInteger,
    ])
    routes.schema("PortalBrake", brake)
    routes.schema(
        "PortalBrakes",
        .schema(["data": ["type": "array", "items": .reference("PortalBrake")]], required: ["data"]))
    routes.get(
        "/v1/portal/brake", .portal("portal:read"),
        "Get the brake that stops the work done for you, if there is one",
        named: "get_portal_brake", query: ParameterDoc.page, .list(of: .reference("PortalBrake"))
    ) { call in
        let (portal, window) = (try call.portal, try call.window())
        return .read { reader in
            window.page(
                of: try reader.clientPortal.brakes(ofClient: portal.clientID).map {
                    try reader.clientPortal.brake($0)
                })
        }
    }
    routes.post(
        "/v1/portal/brake", .portal("portal:manage"),
        "Stop everything that is sent on your behalf, at once, until the agency releases it",
        named: "create_portal_brake",
        body: .json(.reference("PortalBrakeBody"), isOptional: true),
        .json(
            .reference("PortalBrake"), status: 201,
            "The numbers of messages that had been sent and that are held back.")
    ) { call in
        let portal = try call.portal
        let body = call.request.bytes.isEmpty ? PortalBrakeBody() : try call.body(PortalBrakeBody.self)
        return .write { tx in
            let own = try tx.clientPortal.brakes(ofClient: portal.clientID).first {
                $0.actor["id"]?.id() == portal.userID
            }
            if let own { return .json(try tx.clientPortal.brake(own), status: 201) }
            var brake = Brake.new(id: tx.nextID(), now: tx.now)
            (brake.scope, brake.target) = (.client, portal.clientID.keyText)
            brake.reason = body.reason ?? "The client asked for it."
            try tx.create(&brake, by: call.actor)
            try tx.publish(
                "brake.pulled", brake.subject, ["scope": "client", "id": JSON(portal.clientID)])
            try tx.portal.noteActivity(
                ofClient: portal.clientID, by: call.actor, "brake.pulled", brake.subject,
                MessageWhy.sendingStopped.saying(), why: body.reason.map { .quoted($0) })
            try tx.notifications.notify(
                .permission("brakes:write"), kind: .clientBrake,
                title: Saying("notification.client_brake"),
                body: body.reason.map { .quoted($0) } ?? Saying("notification.client_brake_reason"),
                subject: Subject(portal.clientID), urgency: .high)
            return .json(try tx.clientPortal.brake(brake), status: 201)
        }
    }
}

extension ClientPortalStore {
    fileprivate func brakes(ofClient client: ClientID) throws -> [Brake] {
        try tx.brakes.all().filter { $0.scope == .client && $0.target == client.keyText }
    }

    fileprivate func brake(_ brake: Brake) throws -> JSON {
        var object: JSONObject = [
            "id": JSON(brake.id), "reason": .string(brake.reason),
            "created_at": .string(brake.createdAt.description),
        ]
        for (name, value) in try tx.brakes.figures(of: brake).members { object[name] = value }
        return .object(object)
    }
}

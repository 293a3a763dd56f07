internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy

func brakeRoutes(_ routes: inout Routes) {
    routes.tells(Brake.resource, read: "brakes:read")
    routes.declare(BrakeBody.self)
    routes.get(
        "/v1/brakes", .permission("brakes:read"), "List brakes, newest first",
        query: ParameterDoc.list(Brake.resource), .list(Brake.resource)
    ) { call in
        .read { reader in
            try ListQuery(Brake.resource, call.request.head.query, dialect: reader.dialect).page(in: reader)
        }
    }
    routes.get(
        "/v1/brakes/{id}",
        .permission(
            "brakes:read"), "Get a brake, with what had been sent and what it holds back",
        .record(Brake.resource)
    ) { call in
        let id = try call.id("id", of: Brake.self)
        return .read { reader in
            let brake = try Brake.resource.get(id, in: reader)
            return .record(brake, extra: try reader.brakes.figures(of: brake))
        }
    }
    routes.post(
        "/v1/brakes",
        .permission(
            "brakes:write"), "Create a brake: stop everything outbound of a scope, at once",
        body: .json(.reference("BrakeBody")), .record(Brake.resource, status: 201)
    ) { call in
        let body = try call.body(BrakeBody.self)
        return .write { tx in
            var brake = Brake.new(id: tx.nextID(), now: tx.now)
            (brake.scope, brake.target, brake.reason) = (body.scope ?? .tenant, body.target, body.reason)
            try tx.create(&brake, by: call.actor)
            try tx.publish(
                "brake.pulled", brake.subject,
                ["scope": .string(brake.scope.rawValue), "id": JSON(brake.target)])
            return .record(
                brake, status: 201, location: "/v1/brakes/\(brake.id)",
                extra: try tx.brakes.figures(of: brake))
        }
    }
    routes.post(
        "/v1/brakes/{id}/release", .permission("brakes:write"),
        "Release a brake, as a person; where two must agree, the second releases it",
        .record(Brake.resource)
    ) { call in
        let id = try call.id("id", of: Brake.self)
        guard call.actor.kind == .user else {
            throw Problem(.forbidden, "Only a person can release a brake: sign in as a user.")
        }
        return .write { tx in
            let old = try Brake.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard old.releasedAt == nil else {
                throw Problem(
                    .invalidTransition, "The brake has already been released.", extra: ["allowed": []])
            }
            var brake = old
            if !brake.releaseVotes.contains(call.actor.id) { brake.releaseVotes.append(call.actor.id) }
            let needed = try tx.approvals.policy().fourEyes ? 2 : 1
            let isOff = brake.releaseVotes.count >= needed
            if isOff { brake.releasedAt = tx.now }
            try tx.update(old, to: &brake, by: call.actor, action: "brake.\(isOff ? "released" : "voted")")
            if isOff { try tx.publish("brake.released", brake.subject) }
            if isOff, brake.scope == .client, let client = brake.target.flatMap({ ClientID($0) }) {
                try tx.portal.noteActivity(
                    ofClient: client, by: call.actor, "brake.released", brake.subject,
                    MessageWhy.sendingResumed.saying())
            }
            return .record(brake, extra: try tx.brakes.figures(of: brake))
        }
    }
}

struct BrakeBody: Declared {
    var scope: Brake.Scope?
    var target: String?
    var reason = ""

    static let schema = Schema<BrakeBody>(
        "BrakeBody",
        [
            .choice("scope", \.scope, .required, .about("The scope that is stopped.")),
            .text(
                "id", \.target, max: 100, .about("The client, channel, campaign or topic that is stopped.")),
            .text(
                "reason", \.reason, max: 500, .required, .example("A wrong price."),
                .about("Why everything should be stopped.")),
        ])
}

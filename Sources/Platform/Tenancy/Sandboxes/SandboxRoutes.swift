internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Routing
package import Telemetry

func sandboxRoutes(_ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("name", .text(max: 200)), .init("from", .choice(Sandbox.Origin.choices), column: "origin"),
        .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("Sandbox"), "The sandbox.")
    routes.schema("Sandbox", Sandbox.schema)
    routes.declare(SandboxCreate.self)
    routes.declare(SandboxAdvance.self)

    routes.get(
        "/v1/sandboxes", .permission("sandboxes:read"), "List the agency's sandboxes",
        query: SimpleList.docs(columns, fields: Sandbox.memberNames), .list(of: .reference("Sandbox"))
    ) { call in
        .read { reader in
            var list = try SimpleList(
                call.request.head.query, columns, fields: Sandbox.memberNames, dialect: reader.dialect)
            list.add("status = 'ready'")
            return try list.page(of: "sandboxes", Sandbox.self, in: reader) { $1.value($0.json(runtime)) }
        }
    }
    routes.post(
        "/v1/sandboxes", .permission("sandboxes:write"),
        "Create a sandbox, a tenant with a clock of its own, and get its token, shown once",
        body: .json(.reference("SandboxCreate")), holdsSecret: true,
        .json(.reference("Sandbox"), status: 201, "The sandbox.")
    ) { call in
        let wanted = try call.body(SandboxCreate.self)
        if runtime.isSandbox(call.tenant) {
            throw Problem(.conflict, "A sandbox cannot have sandboxes of its own: create it from the agency.")
        }
        // The copy is shown to whoever has the token.
        if wanted.origin == .live {
            try call.requireHeld(services.permissions.toReadAll, of: services.permissions)
        }
        return .task {
            try await SandboxMaking(services, runtime, agency: call.tenant, by: call.actor)
                .make(wanted, commit: call.commit)
        }
    }
    routes.get("/v1/sandboxes/{id}", .permission("sandboxes:read"), "Get a sandbox", answer) { call in
        let id = try call.id("id", of: Nouns.Sandbox.self)
        return .task {
            let sandbox = try services.sandbox(id, call)
            return .json(sandbox.json(runtime), headers: [("ETag", ETag.text(sandbox.version))])
        }
    }
    routes.delete(
        "/v1/sandboxes/{id}", .permission("sandboxes:write"), "Delete a sandbox and everything in it",
        .empty("The record was deleted.")
    ) { call in
        let id = try call.id("id", of: Nouns.Sandbox.self)
        return .write { tx in
            guard let sandbox = try tx.sandboxes.find(id), sandbox.status == .ready else {
                throw Problem(.notFound)
            }
            try call.checkVersion(sandbox.version)
            try tx.sandboxes.delete(sandbox, by: call.actor)
            return .noContent
        }
    }
    routes.post(
        "/v1/sandboxes/{id}/token", .permission("sandboxes:write"),
        "Rotate a sandbox's token, and get the new one, shown once; the previous one stops working",
        named: "create_sandbox_token", holdsSecret: true,
        answer
    ) { call in
        let id = try call.id("id", of: Nouns.Sandbox.self)
        let (token, expiry) = (Sandbox.makeToken(), services.now() + Sandbox.tokenLifetime)
        return .write { tx in
            let changed = try tx.run(
                """
                UPDATE sandboxes SET token_digest = \(token.digest), token_expires_at = \(expiry),
                    version = version + 1, updated_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND id = \(id) AND status = 'ready'
                """)
            guard changed == 1, let sandbox = try tx.sandboxes.find(id) else { throw Problem(.notFound) }
            if sandbox.origin == .live {
                try call.requireHeld(services.permissions.toReadAll, of: services.permissions)
            }
            try tx.auditLog.add(call.actor, "sandbox.token_renewed", sandbox.subject)
            tx.sessions.forgetCredentials()
            return .json(
                sandbox.json(runtime, token: token.text), headers: [("ETag", ETag.text(sandbox.version))])
        }
    }
    clockRoutes(&routes, services, runtime)
}

/// The distance or time to which a sandbox's clock is to be advanced.
package struct SandboxAdvance: Declared {
    package var by: String?
    package var to: Instant?

    package init() {}

    package static let schema = Schema<SandboxAdvance>(
        "SandboxAdvance",
        [
            .text(
                "by", \.by, max: 40,
                .about(
                    "How far the clock is advanced, as an ISO 8601 duration; PT0S runs only what is due now."),
                .example("PT45M")),
            .instant("to", \.to, .about("The time to which the clock is advanced; use this or by.")),
        ])

    private static let stepMax: Duration = .seconds(3660 * 86_400)

    /// Returns the time that it leads to from `now`.
    package func target(_ now: Instant) throws -> Instant {
        switch (by, to) {
        case (nil, nil):
            throw fault("", "required", "The body needs by or to: send how far the clock is advanced.")
        case (_?, _?): throw fault("/to", "not_both", "The body may have by or to, not both.")
        case (let by?, nil):
            guard let duration = Duration(iso8601: by) else {
                throw fault("/by", "wrong_type", "by must be a duration such as PT45M or P30D.")
            }
            return try checked(now + duration, now, "/by")
        case (nil, let to?):
            if to < now {
                throw fault(
                    "/to", "clock_backwards", "The sandbox's clock already shows \(now): send a later time.")
            }
            return try checked(to, now, "/to")
        }
    }

    private func checked(_ target: Instant, _ now: Instant, _ pointer: String) throws -> Instant {
        guard target - now <= Self.stepMax else {
            throw fault(
                pointer, "out_of_range",
                "\(pointer.pointedMember) may advance the clock by at most \(Self.stepMax.iso8601) at a time."
            )
        }
        return target
    }

    private func fault(_ pointer: String, _ code: String, _ detail: String) -> Problem {
        Problem(faults: [Fault(pointer, code, detail)])
    }
}

private func clockRoutes(_ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime) {
    let instant: JSON = ["type": "string", "format": "date-time"]
    routes.get(
        "/v1/sandboxes/{id}/clock",
        .permission(
            "sandboxes:read"), "Get the time that a sandbox's clock shows",
        .json(
            .schema(["now": instant, "advancing": ["type": "boolean"]], required: ["now", "advancing"]),
            "The clock.")
    ) { call in
        let id = try call.id("id", of: Nouns.Sandbox.self)
        return .task {
            let sandbox = try services.sandbox(id, call)
            return .json([
                "now": .string(runtime.clocks.now(sandbox.tenant).description),
                "advancing": .bool(runtime.sandboxes.isAdvancing(sandbox.tenant)),
            ])
        }
    }
    let count: JSON = ["type": "integer"]
    routes.post(
        "/v1/sandboxes/{id}/clock/advance", .permission("sandboxes:write"),
        "Advance a sandbox's clock, and run what falls due until then",
        body: .json(.reference("SandboxAdvance")),
        .json(
            .schema(
                [
                    "now": instant,
                    "ran": .schema(
                        ["jobs": count, "agents": count, "messages": count],
                        required: ["jobs", "agents", "messages"]),
                ], required: ["now", "ran"]),
            "The time of the clock, and how much ran.")
    ) { call in
        let (id, wanted) = try (call.id("id", of: Nouns.Sandbox.self), call.body(SandboxAdvance.self))
        return .task {
            let tenant = try services.sandbox(id, call).tenant
            let (now, ran) = try await runtime.sandboxes.advance(tenant, runtime) { try wanted.target($0) }
            let answer: JSON = [
                "now": .string(now.description),
                "ran": ["jobs": JSON(ran.jobs), "agents": JSON(ran.agents), "messages": JSON(ran.messages)],
            ]
            return try await call.commit { _ in .json(answer) }
        }
    }
}

extension PlatformServices {
    /// The sandbox that a request names, which is its caller's or the caller itself.
    fileprivate func sandbox(_ id: SandboxID, _ call: Call) throws -> Sandbox {
        let found = try database.acrossTenantsRead { try $0.acrossTenantsSandbox(id, seenBy: call.tenant) }
        guard let found else { throw Problem(.notFound) }
        return found
    }
}

internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes

func tenantRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.tells(Tenant.resource, read: "settings:read")
    routes.get(
        "/v1/settings", .permission("settings:read"), "Get the agency's settings", .record(Tenant.resource)
    ) { _ in
        .read { .record(try $0.agency.tenant()) }
    }
    routes.patch(
        "/v1/settings", .permission("settings:write"), "Update the agency's settings",
        body: .json(.reference("TenantPatch")), .record(Tenant.resource)
    ) { call in
        let body = try call.object()
        return .write { tx in
            let old = try tx.agency.tenant()
            try call.checkVersion(old.version)
            var new = old, faults = Faults()
            _ = Tenant.schema.patch(&new, with: body, faults: &faults)
            faults.refuseBlankAddresses(in: body)
            try faults.throwIfAny(in: tx)
            try new.requireAllowed(call.request.head.remoteAddress)
            try tx.update(old, to: &new, by: call.actor)
            tx.sessions.forgetCredentials()
            return .record(new)
        }
    }
}

extension Tenant {
    /// Nobody locks themselves out.
    fileprivate func requireAllowed(_ address: RemoteAddress) throws(Problem) {
        let ranges = allowedAddresses.compactMap { AddressRange($0) }
        if !ranges.isEmpty, !ranges.contains(address) {
            throw Problem(faults: [
                Fault(
                    "/allowed_addresses", "invalid_address",
                    "allowed_addresses must include your own address \(address), or you would lock yourself out."
                )
            ])
        }
    }
}

struct LimitsPatch: Declared {
    var requestsPerMinute: Int?
    static let schema = Schema<LimitsPatch>(
        "TenantLimits",
        [
            .integer(
                "requests_per_minute", \.requestsPerMinute, in: 1...100_000_000,
                .about("The requests that one credential may make a minute; null: the default."))
        ])
}

func adminRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.declare(LimitsPatch.self)
    tenantCreation(&routes, services)
    routes.get(
        "/v1/admin/tenants", .platformAdmin, "List all agencies", named: "list_tenants",
        query: [
            .query(
                "limit", "How many agencies a page has.",
                ["type": "integer", "minimum": 1, "maximum": 200, "default": 50]),
            .query("cursor", "The next_cursor of the page before.", ["type": "string", "minLength": 1]),
        ],
        .list(Tenant.resource)
    ) { call in
        try call.allowQuery("limit", "cursor")
        let limit = Int(call.query("limit") ?? "50") ?? 0
        guard (1...200).contains(limit) else {
            throw Problem(.invalidParameter, "limit must be a number from 1 to 200.")
        }
        let cursor = try call.query("cursor").map { try Cursor($0, sort: "-id", count: 1) }
        guard cursor.map({ $0.values[0].text != nil }) ?? true else { throw Problem(.invalidCursor) }
        return .task {
            let tenants = try services.database.acrossTenantsRead { reader in
                try reader.acrossTenantsTenants(before: cursor?.values.first?.text, limit: limit + 1)
            }
            let page = tenants.prefix(limit)
            for tenant in page { services.audit(.look(at: tenant, by: call.actor), in: tenant.tenantID) }
            let next =
                tenants.count > limit
                ? page.last.map { Cursor(sort: "-id", values: [JSON($0.id)]).text } : nil
            return .json([
                "data": .array(page.map(Tenant.schema.json)), "has_more": .bool(next != nil),
                "next_cursor": JSON(next),
            ])
        }
    }
    routes.get(
        "/v1/admin/tenants/{id}", .platformAdmin, "Get an agency", named: "get_tenant",
        .record(Tenant.resource)
    ) {
        call in
        let id = try call.id("id", of: Tenant.self)
        return .task {
            let tenant = try services.database.read(scope(id)) { try $0.agency.tenant() }
            services.audit(.look(at: tenant, by: call.actor), in: scope(id))
            return .record(tenant)
        }
    }
    for (verb, status, summary) in [
        (
            "suspend", Tenant.Status.suspended,
            "Suspend an agency: its credentials are refused and its agents stop"
        ),
        ("resume", .active, "Resume a suspended agency"),
    ] {
        routes.post(
            "/v1/admin/tenants/{id}/\(verb)", .platformAdmin, summary, named: "\(verb)_tenant",
            .record(Tenant.resource)
        ) { call in
            let id = try call.id("id", of: Tenant.self)
            return .task {
                let (answer, sandboxes, runtime) = try await services.database.write(scope(id)) { tx in
                    (
                        try tx.agency.change(by: call.actor) { $0.status = status },
                        try tx.sandboxes.tenants(),
                        tx.runtime
                    )
                }
                for tenant in [scope(id)] + sandboxes {
                    try await runtime.suspend(tenant, status == .suspended)
                }
                return answer
            }
        }
    }
    routes.patch(
        "/v1/admin/tenants/{id}/limits", .platformAdmin, "Update an agency's limits",
        named: "update_tenant_limits",
        body: .json(.reference("TenantLimits")),
        .record(Tenant.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Tenant.self), call.body(LimitsPatch.self))
        return .task {
            try await services.database.write(scope(id)) { tx in
                try tx.agency.change(by: call.actor) { $0.requestsPerMinute = body.requestsPerMinute }
            }
        }
    }
}

private func scope(_ id: ID<Tenant>) -> TenantID { TenantID(rawValue: id.keyText) }

extension AgencyStore where Base == Transaction {
    fileprivate func change(by actor: Actor, _ change: (inout Tenant) -> Void) throws -> Response {
        let old = try tenant()
        var new = old
        change(&new)
        try tx.update(old, to: &new, by: actor)
        tx.sessions.forgetCredentials()
        return .record(new)
    }
}

extension SystemReader {
    fileprivate func acrossTenantsTenants(before id: String?, limit: Int) throws -> [Tenant] {
        let ids = try all(
            """
            SELECT id FROM tenants WHERE id < \(id ?? "u") AND tenant_id <> \(TenantID.platform) AND sandbox_of IS NULL
            ORDER BY id DESC LIMIT \(limit)
            """
        ) { TenantID(rawValue: $0.text(0)) }
        return try ids.map { try scoped(to: $0).agency.tenant() }
    }
}

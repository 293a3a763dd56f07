package import Database
internal import HTTPServer
internal import JSON
package import Records

/// Something that an agency still lacks, or has, to work.
package struct SetupItem: Sendable {
    let key: String, title: String, isDone: Bool, reason: String, link: String

    package init(_ key: String, _ title: String, isDone: Bool, reason: String, link: String) {
        (self.key, self.title, self.isDone, self.reason, self.link) = (key, title, isDone, reason, link)
    }

    var json: JSON {
        [
            "key": .string(key), "title": .string(title), "done": .bool(isDone), "reason": .string(reason),
            "link": .string(link),
        ]
    }
}

/// `/v1/setup`: what the slices say is still missing.
package func setupRoutes(_ routes: inout Routes, _ sources: [@Sendable (Reader) throws -> [SetupItem]]) {
    let item: JSON = .schema(
        [
            "key": ["type": "string"], "title": ["type": "string"], "done": ["type": "boolean"],
            "reason": ["type": "string"], "link": ["type": "string"],
        ], required: ["key", "title", "done", "reason", "link"])
    routes.get(
        "/v1/setup", .permission("settings:read"), "Tells what the agency still lacks to work",
        .list(of: item)
    ) { call in
        try call.allowQuery()
        return .read { reader in
            let items = try platformSetup(reader) + sources.flatMap { try $0(reader) }
            return .list(items.map(\.json))
        }
    }
}

private func platformSetup(_ reader: Reader) throws -> [SetupItem] {
    let tenant = try reader.ownTenant()
    let colleagues = try reader.int("SELECT count(*) FROM users WHERE tenant_id = \(reader.tenant)") ?? 0
    return [
        SetupItem(
            "time_zone", "Set the agency's time zone", isDone: tenant.timeZone != "UTC",
            reason: "Schedules run by it; it is \(tenant.timeZone) now.", link: "/v1/settings"),
        SetupItem(
            "country", "Say where the agency is", isDone: tenant.country != nil,
            reason: "Telephone numbers without a country code are read as of there.", link: "/v1/settings"),
        SetupItem(
            "team", "Invite a colleague", isDone: colleagues > 1,
            reason: "Only you can sign in so far.", link: "/v1/invitations"),
    ]
}

package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
package import Routing

/// Something that an agency still lacks, or has, to work.
package struct SetupItem: Sendable {
    let key: String, title: String, isDone: Bool, reason: String, link: String
    /// An agency may say that it has no need of it.
    let isDismissible: Bool

    package init(
        _ key: String, _ title: String, isDone: Bool, reason: String, link: String,
        isDismissible: Bool = false
    ) {
        (self.key, self.title, self.isDone, self.reason, self.link) = (key, title, isDone, reason, link)
        self.isDismissible = isDismissible
    }

    var json: JSON {
        [
            "key": .string(key), "title": .string(title), "done": .bool(isDone), "reason": .string(reason),
            "link": .string(link), "dismissible": .bool(isDismissible),
        ]
    }
}

/// `/v1/setup`: what the slices say is still missing.
package func setupRoutes(_ routes: inout Routes, _ sources: [@Sendable (Reader) throws -> [SetupItem]]) {
    let item: JSON = .schema(
        [
            "key": ["type": "string"], "title": ["type": "string"], "done": ["type": "boolean"],
            "reason": ["type": "string"], "link": ["type": "string"], "dismissible": ["type": "boolean"],
        ], required: ["key", "title", "done", "reason", "link", "dismissible"])
    let items: @Sendable (Reader) throws -> [SetupItem] = { reader in
        try platformSetup(reader) + sources.flatMap { try $0(reader) }
    }
    routes.get(
        "/v1/setup", .permission("settings:read"), "Get the remaining steps of the agency's setup",
        named: "list_setup_steps", query: ParameterDoc.page, .list(of: item)
    ) { call in
        let window = try call.window()
        return .read { window.page(of: try items($0).map(\.json)) }
    }
    routes.post(
        "/v1/setup/{name}/dismiss", .permission("settings:write"),
        "Dismiss a step of the setup that the agency does not need", named: "dismiss_setup_step",
        .empty("The step is dismissed.")
    ) { call in
        let key = call.parameters["name"] ?? ""
        let known = try call.read { try items($0).first { $0.key == key } }
        guard let known else { throw Problem(.notFound) }
        guard known.isDismissible else {
            throw Problem(
                .conflict, "The step cannot be dismissed, as nothing works without it: see \(known.link).")
        }
        return .write { tx in
            if try tx.agency.dismissSetup(key) {
                try tx.auditLog.add(
                    call.actor, "setup.dismissed", tx.agency.tenant().subject, ["key": .string(key)])
            }
            return .noContent
        }
    }
}

extension AgencyStore {
    /// Returns whether somebody has said that the agency has no need of an item.
    package func isSetupDismissed(_ key: String) throws -> Bool { try tx.counters.find(dismissed(key)) > 0 }
}

extension AgencyStore where Base == Transaction {
    /// Notes that an item is not needed. Answers whether that is new.
    @discardableResult
    package func dismissSetup(_ key: String) throws -> Bool {
        guard try !isSetupDismissed(key) else { return false }
        try tx.counters.count(dismissed(key), 1)
        try tx.publish("setup.dismissed", tenant().subject, ["key": .string(key)])
        return true
    }
}

private func dismissed(_ key: String) -> String { "setup.dismissed.\(key)" }

private func platformSetup(_ reader: Reader) throws -> [SetupItem] {
    let tenant = try reader.agency.tenant()
    let colleagues = try reader.int("SELECT count(*) FROM users WHERE tenant_id = \(reader.tenant)") ?? 0
    return [
        SetupItem(
            "time_zone", "Set the agency's time zone", isDone: tenant.timeZone != "UTC",
            reason: "Schedules use it. It is \(tenant.timeZone) now.", link: "/v1/settings"),
        SetupItem(
            "country", "Set the agency's country", isDone: tenant.country != nil,
            reason: "Phone numbers without a country code are read as numbers of this country.",
            link: "/v1/settings"),
        SetupItem(
            "team", "Invite a colleague", isDone: colleagues > 1,
            reason: "Only you can sign in so far.", link: "/v1/invitations"),
    ]
}

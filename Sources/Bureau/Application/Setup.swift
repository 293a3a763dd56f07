internal import Database
internal import JSON
internal import Platform
internal import Records

/// Something that an agency needs to work well: whether it has it, and where to get it.
struct SetupQuestion: Sendable {
    let key: String
    let title: String
    let reason: String
    /// Where in the web console.
    let link: String
    /// Work goes on without it.
    var isOptional = false
    let isDone: @Sendable (Reader) throws -> Bool

    func json(in reader: Reader) throws -> JSON {
        [
            "key": .string(key), "title": .string(title), "reason": .string(reason), "link": .string(link),
            "optional": .bool(isOptional), "done": .bool(try isDone(reader)),
        ]
    }
}

let platformSetup: [SetupQuestion] = [
    SetupQuestion(
        key: "time_zone", title: "Set the agency's time zone",
        reason: "Schedules and quiet hours follow it; it is UTC now.", link: "/#/settings",
        isDone: { try $0.ownTenant().timeZone != "UTC" }),
    SetupQuestion(
        key: "team", title: "Invite the team", reason: "Decisions and approvals reach whoever is responsible.",
        link: "/#/users", isOptional: true,
        isDone: { reader in
            try reader.exists("SELECT 1 FROM users WHERE tenant_id = \(reader.tenant) LIMIT 1 OFFSET 1")
                || reader.exists("SELECT 1 FROM invitations WHERE tenant_id = \(reader.tenant)")
        }),
    SetupQuestion(
        key: "mail", title: "Connect a mail provider",
        reason: "Without one, invitations and links are shown for you to pass on.", link: "/#/integrations",
        isDone: { _ in false }),
    SetupQuestion(
        key: "model", title: "Connect a language model",
        reason: "Scoring and qualification work without one; texts get better with one.", link: "/#/integrations",
        isOptional: true, isDone: { _ in false }),
]

let discoverySetup: [SetupQuestion] = [
    SetupQuestion(
        key: "leads", title: "Import your leads", reason: "The agents work on leads, and there are none yet.",
        link: "/#/import",
        isDone: { try $0.exists("SELECT 1 FROM leads WHERE tenant_id = \($0.tenant)") })
]

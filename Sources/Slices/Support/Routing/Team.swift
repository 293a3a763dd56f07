internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
internal import Telemetry
internal import Tenancy

/// People who share the work on tickets: one row of `teams`.
package struct Team: ManagedRecord {
    package var head = Head<Nouns.Team>()
    package var name = ""
    package var categories: [String] = []
    package var tiers: [String] = []
    package var leadID: UserID?
    package var members = Parts<TeamMember>()

    package init() {}

    package static let resource = Resource<Team>(
        "teams", named: "Team", rule: .everyone,
        console: ConsoleForm(
            columns: ["lead_id", "categories"],
            form: ["name", "lead_id", "categories", "tiers"]),
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .filterable, .about("The name of the team.")),
            .texts(
                "categories", \.categories, max: 50, length: 60,
                .about(
                    "The categories of tickets that the team handles; empty: those that no other team does.")),
            .texts(
                "tiers", \.tiers, max: 10, length: 40,
                .about("The tiers of clients whose tickets the team handles; empty: all.")),
            .id(
                "lead_id", \.leadID, of: .colleague, .label("Team lead"),
                .about("The user who gets escalated tickets.")),
            .parts("members", \.members, max: 200, .about("The users in the team.")),
        ])

    package func prepare(replacing old: Team?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults(), seen: Set<UserID> = []
        for (index, member) in members.list.enumerated() {
            let pointer = "/members/\(index)/user_id"
            if !seen.insert(member.userID).inserted {
                faults.add(pointer, "invalid_choice", "The user is in the team already: name each user once.")
            }
        }
        try faults.throwIfAny()
    }
}

/// One who works in a team.
package struct TeamMember: Part {
    package var userID = UserID.unset
    package var capacity = 20
    package var isAvailable = true

    package init() {}
    package static let schema = Schema<TeamMember>(
        "TeamMember",
        [
            .id("user_id", \.userID, of: .colleague, .required),
            .integer(
                "capacity", \.capacity, in: 0...10_000, .standard(20),
                .about(
                    "How many open tickets the user can handle at a time.")),
            .boolean("available", \.isAvailable, .standard(true)),
        ])
}

/// A skill of a user: one row of `skills`.
package struct Skill: ManagedRecord {
    package var head = Head<Skill>()
    package var userID: UserID?
    package var name = ""
    package var level = 3

    package init() {}

    package static let idPrefix = "skill"
    package static let resource = Resource<Skill>(
        "skills", named: "Skill", rule: .everyone,
        console: ConsoleForm(columns: ["user_id", "level"], form: ["name", "user_id", "level"]),
        [
            .id(
                "user_id", \.userID, of: .colleague, .required, .writeOnce, .filterable,
                .label("Person"), .about("The user who has the skill.")),
            .text(
                "name", \.name, max: 60, .required, .writeOnce, .filterable,
                .about("A category of tickets, or a language."), .example("billing")),
            .integer(
                "level", \.level, in: 1...5, .standard(3), .about("How well the user can do it, from 1 to 5.")
            ),
        ])

    package func prepare(replacing old: Skill?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil, let userID else { return }
        if try tx.exists(
            "SELECT 1 FROM skills WHERE tenant_id = \(tx.tenant) AND user_id = \(userID) AND name = \(name)")
        {
            throw Problem(.alreadyExists, "The user already has this skill: change the existing one.")
        }
    }
}

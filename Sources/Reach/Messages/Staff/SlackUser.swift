internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Tenancy

/// A person of the agency's workspace at Slack, and the user as whom they decide: one row of `slack_users`. Without a
/// user it is the one with the same address.
package struct SlackUser: ManagedRecord {
    package var head = Head<SlackUser>()
    package var team = ""
    package var member = ""
    package var name: String?
    package var email: String?
    package var userID: UserID?

    package init() {}

    package static let idPrefix = "slack", noun = "slack_user"
    package static let resource = Resource<SlackUser>(
        "slack_users", named: "SlackUser", rule: .hidden, personal: .nobody,
        console: ConsoleForm(
            title: "slack_id", columns: ["name", "email", "user_id"],
            form: ["team_id", "slack_id", "user_id"]),
        [
            .text(
                "team_id", \.team, max: 32, .required, .writeOnce, .filterable,
                .about("The workspace, whose id begins with T."), .example("T0123456789")),
            .text(
                "slack_id", \.member, max: 32, .required, .writeOnce, .filterable,
                .about("The person's id at Slack, which begins with U."), .example("U0123456789")),
            .text(
                "name", \.name, max: 200, .readOnly, .personal, .about("The person's name at Slack.")),
            .text(
                "email", \.email, max: 320, .readOnly, .personal, .about("The person's address at Slack.")),
            .id(
                "user_id", \.userID, of: .colleague,
                .about("The user as whom the person decides; null: the one with the same address.")),
        ])

    package func prepare(replacing old: SlackUser?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil, try tx.staff.find(member, of: team) != nil else { return }
        throw Problem(.alreadyExists, "The person is mapped already: update that record.")
    }
}

/// Staff in their own chat: `tx.staff`.
package struct StaffStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var staff: StaffStore<Self> { StaffStore(tx: self) }
}

extension StaffStore {
    func find(_ id: String, of team: String) throws -> SlackUser? {
        try SlackUser.resource.first(where: "team_id = \(team) AND slack_id = \(id)", in: tx)
    }

    /// Returns the colleague who somebody at Slack is: the one that an owner has named, else the one with their
    /// address. Clients' people, and who no longer works here, are none.
    func colleague(_ id: String, of team: String, email: String?) throws -> User? {
        let known = try find(id, of: team)
        let user: User?
        if let named = known?.userID {
            user = try User.resource.find(named, in: tx)
        } else if let address = email?.trimmed.lowercased(), !address.isEmpty {
            user = try User.resource.first(
                where: "email = \(address)", suffix: "ORDER BY row LIMIT 1", in: tx)
        } else {
            user = nil
        }
        guard let user, user.status == .active, user.portal == nil else { return nil }
        return user
    }
}

extension StaffStore where Base == Transaction {
    /// Keeps how somebody of the workspace is called, so that an owner can map them.
    func note(_ person: StaffPerson, of team: String) throws {
        guard let old = try find(person.id, of: team) else {
            var user = SlackUser.new(id: tx.nextID(), now: tx.now)
            (user.team, user.member) = (team, person.id)
            (user.name, user.email) = (person.name, person.email)
            return try tx.create(&user, by: .system)
        }
        guard old.name != person.name || old.email != person.email else { return }
        var user = old
        (user.name, user.email) = (person.name, person.email)
        try tx.update(old, to: &user, by: .system)
    }
}

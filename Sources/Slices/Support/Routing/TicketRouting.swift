internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
package import Nouns
internal import People
internal import Records
package import Telemetry
internal import Templates
internal import Tenancy

/// One who could take a ticket, and what speaks for them.
private struct Candidate {
    let user: UserID
    var factors: [TriageFactor] = []

    var score: Double { factors.reduce(0) { $0 + $1.contribution } }

    mutating func add(_ name: String, _ value: String, _ contribution: Double, _ evidence: Saying) {
        factors.append(
            TriageFactor(name, value, contribution, evidence))
    }
}

extension [Candidate] {
    fileprivate var best: Candidate? { self.max { ($0.score, $1.user) < ($1.score, $0.user) } }
}

/// A ticket or a chat that is to be given to somebody.
struct RoutedMatter {
    var category: String?, language: String?, tier: String?, clientID: ClientID?
    var team: TeamID?
    /// Somebody waits for an answer now: whoever is off duty does not get it.
    var isWaitedFor = false

    init(_ ticket: Ticket) {
        (category, language, tier) = (ticket.category, ticket.language, ticket.tier)
        (clientID, team) = (ticket.clientID, ticket.teamID)
    }

    init(_ chat: Conversation, language: String?, tier: String?) {
        (category, self.language, self.tier) = (chat.category, language, tier)
        (clientID, team) = (chat.clientID, chat.teamID)
        isWaitedFor = true
    }
}

package extension RoutingStore where Base == Transaction {
    /// Gives a new ticket to a team and to one of it. Where an agency has no teams, or somebody was named already,
    /// nothing is chosen.
    internal func route(_ ticket: inout Ticket) throws {
        guard ticket.assigneeID == nil,
            let chosen = try route(
                RoutedMatter(ticket), key: ticket.id, ticket.subjectOfEvents,
                ["ticket_id": JSON(ticket.id)])
        else { return }
        (ticket.teamID, ticket.assigneeID) = (chosen.team, chosen.person)
    }

    /// Returns the member of a team, other than the assignee, who knows most about a ticket and has room.
    internal func whoKnowsMost(of team: Team, about ticket: Ticket) throws -> UserID? {
        let others = try candidates(of: team, for: RoutedMatter(ticket)).filter {
            $0.user != ticket.assigneeID
        }
        return others.best?.user
    }

    /// Chooses a team and one of it, and keeps why as a decision; `nil`: no team is for it.
    internal func route(
        _ matter: RoutedMatter, key: some Key, _ subject: Subject, _ inputs: JSONObject
    ) throws -> (team: TeamID, person: UserID?)? {
        let teams = try Team.resource.all(where: "id > ''", suffix: "ORDER BY id LIMIT 200", in: tx)
        guard let team = Self.team(for: matter, of: teams) else { return nil }
        let candidates = try candidates(of: team, for: matter), best = candidates.best
        let names = candidates.map { JSON.object(["user_id": JSON($0.user), "score": .number($0.score)]) }
        try tx.decisions.conclude(
            for: supportAgent, on: "routing/\(key.keyText)", subject,
            Conclusion(
                outcome: ["team_id": JSON(team.id), "assignee_id": JSON(best?.user)],
                confidence: best == nil ? 0.3 : candidates.count == 1 ? 0.6 : 0.8,
                factors: .array(
                    best?.factors.map(\.json) ?? [
                        TriageFactor("nobody", "", 0, Saying("evidence.nobody")).json
                    ]),
                model: ["name": "routing_rules", "version": "1"],
                inputs: JSON.object(inputs).merging(["candidates": .array(names)])))
        return (team.id, best?.user)
    }

    private func candidates(of team: Team, for matter: RoutedMatter) throws -> [Candidate] {
        try team.members.list.filter(\.isAvailable).compactMap { try candidate($0, for: matter) }
    }

    /// The team that was named, else one for the category and tier, else one for the category, else one for all.
    private static func team(for matter: RoutedMatter, of teams: [Team]) -> Team? {
        if let named = matter.team { return teams.first { $0.id == named } }
        func fits(_ list: [String], _ value: String?) -> Bool { value.map(list.contains) ?? false }
        let open = teams.filter { $0.tiers.isEmpty || fits($0.tiers, matter.tier) }
        return open.first { fits($0.categories, matter.category) && !$0.tiers.isEmpty }
            ?? open.first { fits($0.categories, matter.category) }
            ?? open.first { $0.categories.isEmpty && !$0.tiers.isEmpty }
            ?? open.first { $0.categories.isEmpty }
    }

    private func candidate(_ member: TeamMember, for matter: RoutedMatter) throws -> Candidate? {
        let id = member.userID
        guard let user = try User.resource.find(id, in: tx),
            user.status == .active, try !matter.isWaitedFor || tx.notifications.isOnDuty(user)
        else { return nil }
        let load = try tx.counters.find("tickets.open.assignee.\(id)") + chats(of: id)
        guard load < member.capacity else { return nil }
        var candidate = Candidate(user: id)
        let wanted = [matter.category, matter.language].compactMap(\.self)
        for skill in try Skill.resource.all(
            where: "user_id = \(id) AND name IN \(list: wanted)", suffix: "ORDER BY id LIMIT 10", in: tx)
        {
            candidate.add(
                "skill", skill.name, 0.6 * Double(skill.level),
                Saying("evidence.skill", ["skill": .text(skill.name), "level": .number(skill.level)]))
        }
        let room = 1 - Double(load) / Double(max(1, member.capacity))
        candidate.add(
            "load", "\(load)", 2 * room,
            Saying("evidence.load", ["open": .number(load), "capacity": .number(member.capacity)]))
        if let client = matter.clientID,
            try tx.exists(
                """
                SELECT 1 FROM (
                    SELECT assignee_id FROM tickets WHERE tenant_id = \(tx.tenant) AND client_id = \(client)
                    ORDER BY created_at DESC LIMIT 10) AS recent
                WHERE assignee_id = \(id)
                """)
        {
            candidate.add("history", "\(client)", 1.5, Saying("evidence.helped_before"))
        }
        let taught = try tx.counters.find(Self.taught(matter.category, id))
        if taught != 0 {
            candidate.add(
                "learned", "\(taught)", max(-2, min(2, 0.25 * Double(taught))),
                Saying("evidence.chosen_before"))
        }
        return candidate
    }

    /// Returns the number of somebody's chats; from here on they have no room for another.
    private func chats(of id: UserID) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM conversations
                    WHERE tenant_id = \(tx.tenant) AND assignee_id = \(id) AND status = 'open'
                        AND channel <> 'email' LIMIT 1000) AS chats
                """) ?? 0)
    }

    internal func isAtWork(_ id: UserID) throws -> Bool {
        try User.resource.find(id, in: tx)?.status == .active
    }

    /// Gives a chat that asks for a person to a team and to one of it who is on duty; `nil` where an agency has no team
    /// for it.
    func route(
        _ chat: Conversation, language: String?, at moment: Instant
    ) throws -> (team: TeamID, person: UserID?)? {
        let tier = try chat.clientID.flatMap { try tx.contacts.clientStanding($0) }?.tier
        let matter = RoutedMatter(chat, language: language, tier: tier)
        return try route(
            matter, key: "\(chat.id)/\(moment)", chat.subjectOfEvents,
            ["conversation_id": JSON(chat.id)])
    }

    /// Counts for somebody the next time, or against: people's choices by hand, and how satisfied clients were.
    internal func teachRouting(_ category: String?, _ user: UserID, _ change: Int) throws {
        try tx.counters.count(Self.taught(category, user), change)
    }

    private static func taught(_ category: String?, _ user: UserID) -> String {
        "tickets.taught.\(user).\(category ?? "general")"
    }
}

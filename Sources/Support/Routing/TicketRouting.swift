internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// One who could take a ticket, and what speaks for them.
private struct Candidate {
    let user: String
    var factors: [TriageFactor] = []

    var score: Double { factors.reduce(0) { $0 + $1.contribution } }

    mutating func add(_ name: String, _ value: String, _ contribution: Double, _ evidence: String) {
        factors.append(
            TriageFactor(name, value, contribution, evidence))
    }
}

extension [Candidate] {
    fileprivate var best: Candidate? { self.max { ($0.score, $1.user) < ($1.score, $0.user) } }
}

extension Transaction {
    /// Gives a new ticket to a team and to one of it, and keeps why as a decision. Where an agency has no teams, or
    /// somebody was named already, nothing is chosen.
    func route(_ ticket: inout Ticket) throws {
        guard ticket.assigneeID == nil else { return }
        let teams = try Team.resource.all(where: "id > ''", suffix: "ORDER BY id LIMIT 200", in: self)
        guard let team = Self.team(for: ticket, of: teams) else { return }
        ticket.teamID = team.id
        let candidates = try candidates(of: team, for: ticket), best = candidates.best
        if let best, let user = ID<User>(best.user) { ticket.assigneeID = user }
        let names = candidates.map { JSON.object(["user_id": .string($0.user), "score": .number($0.score)]) }
        try conclude(
            for: supportAgent, on: "routing/\(ticket.id)", ticket.subjectOfEvents,
            Conclusion(
                outcome: ["team_id": .string(team.id.text), "assignee_id": JSON(best?.user)],
                confidence: best == nil ? 0.3 : candidates.count == 1 ? 0.6 : 0.8,
                factors: .array(
                    best?.factors.map(\.json) ?? [
                        TriageFactor("nobody", "", 0, "Nobody of the team is there and has room.").json
                    ]),
                model: ["name": "routing_rules", "version": "1"],
                inputs: ["ticket_id": .string(ticket.id.text), "candidates": .array(names)]))
    }

    /// Who of a team, beside whoever has a ticket, knows most of it and has room.
    func whoKnowsMost(of team: Team, about ticket: Ticket) throws -> ID<User>? {
        let others = try candidates(of: team, for: ticket).filter { $0.user != ticket.assigneeID?.text }
        return others.best.flatMap { ID<User>($0.user) }
    }

    private func candidates(of team: Team, for ticket: Ticket) throws -> [Candidate] {
        try team.members.list.filter(\.isAvailable).compactMap { try candidate($0, for: ticket) }
    }

    /// The team that was named, else one for the category and tier, else one for the category, else one for all.
    private static func team(for ticket: Ticket, of teams: [Team]) -> Team? {
        if let named = ticket.teamID { return teams.first { $0.id == named } }
        func fits(_ list: [String], _ value: String?) -> Bool { value.map(list.contains) ?? false }
        let open = teams.filter { $0.tiers.isEmpty || fits($0.tiers, ticket.tier) }
        return open.first { fits($0.categories, ticket.category) && !$0.tiers.isEmpty }
            ?? open.first { fits($0.categories, ticket.category) }
            ?? open.first { $0.categories.isEmpty && !$0.tiers.isEmpty }
            ?? open.first { $0.categories.isEmpty }
    }

    private func candidate(_ member: TeamMember, for ticket: Ticket) throws -> Candidate? {
        guard let id = ID<User>(member.userID), try isAtWork(id) else { return nil }
        let load = try counter("tickets.open.assignee.\(id)")
        guard load < member.capacity else { return nil }
        var candidate = Candidate(user: member.userID)
        let wanted = [ticket.category, ticket.language].compactMap(\.self)
        for skill in try Skill.resource.all(
            where: "user_id = \(id) AND name IN \(list: wanted)", suffix: "ORDER BY id LIMIT 10", in: self)
        {
            candidate.add(
                "skill", skill.name, 0.6 * Double(skill.level), "Knows \(skill.name) (\(skill.level) of 5).")
        }
        let room = 1 - Double(load) / Double(max(1, member.capacity))
        candidate.add("load", "\(load)", 2 * room, "Has \(load) of \(member.capacity) open.")
        if let client = ticket.clientID,
            try exists(
                """
                SELECT 1 FROM (
                    SELECT assignee_id FROM tickets WHERE tenant_id = \(tenant) AND client_id = \(client)
                    ORDER BY created_at DESC LIMIT 10) AS recent
                WHERE assignee_id = \(id)
                """)
        {
            candidate.add("history", client, 1.5, "Has helped this client before.")
        }
        let taught = try counter(Self.taught(ticket.category, id))
        if taught != 0 {
            candidate.add(
                "learned", "\(taught)", max(-2, min(2, 0.25 * Double(taught))),
                "People have chosen so before, and clients have said how it went.")
        }
        return candidate
    }

    func isAtWork(_ id: ID<User>) throws -> Bool {
        try User.resource.find(id, in: self)?.status == .active
    }

    /// What people choose by hand, and how satisfied clients were, speaks for somebody the next time, or against.
    func teachRouting(_ category: String?, _ user: ID<User>, _ change: Int) throws {
        try count(Self.taught(category, user), change)
    }

    private static func taught(_ category: String?, _ user: ID<User>) -> String {
        "tickets.taught.\(user).\(category ?? "general")"
    }
}

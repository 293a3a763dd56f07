import JSON
import Testing

/// Where colleagues are signed in, seen and ended by those who look after people.
@Suite(.ownThread) struct ColleagueSessions {
    let server = BureauProcess.shared

    private func userID(of caller: Caller) throws -> String {
        try #require(try caller.get("/v1/me").ok()["user"]).id
    }

    @Test func `a colleague's session is seen and ended, and its token stops at once`() throws {
        let agency = try server.signUp()
        let joe = try agency.colleague("member")
        let id = try userID(of: joe)
        let list = try agency.owner.get("/v1/users/\(id)/sessions").ok().items
        #expect(list.count == 1 && list[0]["current"] == false && list[0].text("user_id") == id)
        for member in ["created_at", "last_used_at", "last_seen_at", "address"] {
            #expect(list[0][member] != .null && list[0][member] != nil, "\(member)")
        }
        try agency.owner.delete("/v1/users/\(id)/sessions/\(list[0].id)").ok(204)
        try joe.get("/v1/me").problem(401, "unauthenticated")
        try agency.owner.get("/v1/me").ok()
        #expect(try agency.owner.get("/v1/users/\(id)/sessions").ok().items.isEmpty)
        let told = try agency.owner.every("/v1/audit?action=session.revoked")
        #expect(told.count == 1 && told[0]["subject"]?.id == list[0].id)
        #expect(told[0]["actor"]?.id == agency.user.id && told[0]["changes"] == ["user_id": .string(id)])
    }

    @Test func `a session is its user's: under another's name it is not found, and goes on`() throws {
        let agency = try server.signUp()
        let (joe, jill) = (try agency.colleague("member"), try agency.colleague("viewer"))
        let (joesID, jillsID) = (try userID(of: joe), try userID(of: jill))
        let session = try agency.owner.get("/v1/users/\(joesID)/sessions").ok().items[0]
        try agency.owner.delete("/v1/users/\(jillsID)/sessions/\(session.id)").problem(404, "not_found")
        try joe.get("/v1/me").ok()
    }

    @Test func `another agency's users and sessions are not found`() throws {
        let (agency, stranger) = (try server.signUp(), try server.signUp())
        let session = try agency.owner.get("/v1/auth/sessions").ok().items[0]
        let path = "/v1/users/\(agency.user.id)/sessions"
        try stranger.owner.get(path).problem(404, "not_found")
        try stranger.owner.delete("\(path)/\(session.id)").problem(404, "not_found")
        try stranger.owner.delete("/v1/users/\(stranger.user.id)/sessions/\(session.id)")
            .problem(404, "not_found")
        try agency.owner.get("/v1/me").ok()
    }

    @Test(arguments: ["member", "viewer"])
    func `who may not change users sees nobody's sessions but their own`(_ role: String) throws {
        let agency = try server.signUp()
        let colleague = try agency.colleague(role)
        let session = try agency.owner.get("/v1/auth/sessions").ok().items[0]
        for id in [agency.user.id, try userID(of: colleague)] {
            try colleague.get("/v1/users/\(id)/sessions").problem(403, "forbidden")
        }
        try colleague.delete("/v1/users/\(agency.user.id)/sessions/\(session.id)").problem(403, "forbidden")
        #expect(try colleague.get("/v1/auth/sessions").ok().items.count == 1)
        try agency.owner.get("/v1/me").ok()
    }

    @Test func `a manager ends no session of an owner, whose role is above theirs`() throws {
        let agency = try server.signUp()
        let manager = try agency.colleague("manager")
        let path = "/v1/users/\(agency.user.id)/sessions"
        let session = try #require(try manager.get(path).ok().items.first)
        try manager.delete("\(path)/\(session.id)").problem(403, "forbidden")
        try agency.owner.get("/v1/me").ok()
    }
}

internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing

/// The sessions of colleagues, which those who look after people see and end: a lost telephone, somebody who has left.
func userSessionRoutes(_ routes: inout Routes) {
    routes.get(
        "/v1/users/{id}/sessions", .permission("users:write"), "List the sessions of a user",
        query: ParameterDoc.page, .list(UserSession.resource)
    ) { call in
        let (id, window) = (try call.id("id", of: User.self), try call.window())
        return .read { reader in
            let user = try User.resource.get(id, in: reader)
            return window.page(
                of: try reader.sessions.open(of: user.id).map { $0.json(current: call.principal?.sessionID) })
        }
    }
    routes.delete(
        "/v1/users/{id}/sessions/{session_id}", .permission("users:write"),
        "End a session of a user: its tokens stop at once", .empty("Ended.")
    ) { call in
        let (id, sessionID) = try (call.id("id", of: User.self), call.id("session_id", of: UserSession.self))
        return .write { tx in
            let user = try User.resource.get(id, in: tx)
            let session = try UserSession.resource.get(sessionID, in: tx)
            guard session.userID == user.id else { throw Problem(.notFound) }
            try requireRole(user.role, grantedBy: call.principal, in: tx)
            try tx.sessions.end(session.id)
            try tx.auditLog.add(
                call.actor, "session.revoked", Subject(session.id),
                ["user_id": JSON(user.id)])
            return .noContent
        }
    }
}

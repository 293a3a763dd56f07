internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// Declares the routes of the register of privacy requests. No request is deleted: the register is the agency's proof.
func privacyRequestRoutes(_ routes: inout Routes) {
    let resource = SubjectRequest.resource
    routes.standard(
        resource, read: "privacy_requests:read", write: "privacy_requests:write", patch: false, delete: false)
    routes.event("privacy_request.completed", "A privacy request was completed.")
    routes.event("privacy_request.refused", "A privacy request was refused.")
    routes.event("privacy_request.extended", "The time for a privacy request was extended.")
    routes.change(
        of: resource, "privacy_requests:write", "Update an open privacy request",
        allow: { try $0.requireOpen() })
    routes.declare(PrivacyReason.self)
    routes.declare(PrivacyOutcome.self)
    routes.post(
        "/v1/privacy/requests/{id}/extend", .permission("privacy_requests:write"),
        "Update the time for an answer: two months more, with the reason that the person was told",
        named: "extend_privacy_request", body: .json(.reference("PrivacyReason")), .record(resource)
    ) { call in
        let reason = try call.body(PrivacyReason.self).reason
        return try call.change("extended") { request, tx in
            guard request.extendedAt == nil, let due = request.dueAt, tx.now <= due else {
                throw Problem(
                    .conflict,
                    "A request is extended once, and before its month is over: the person must be told until then."
                )
            }
            (request.extendedAt, request.extensionReason) = (tx.now, reason)
        }
    }
    routes.post(
        "/v1/privacy/requests/{id}/refuse", .permission("privacy_requests:write"),
        "Decline a privacy request, with the reason that the person was told",
        named: "refuse_privacy_request", body: .json(.reference("PrivacyReason")), .record(resource)
    ) { call in
        let reason = try call.body(PrivacyReason.self).reason
        return try call.change("refused") { request, tx in
            (request.status, request.refusalReason, request.closedAt) = (.refused, reason, tx.now)
        }
    }
    routes.post(
        "/v1/privacy/requests/{id}/complete", .permission("privacy_requests:write"),
        "Complete a privacy request that was answered by hand, with what was done",
        named: "complete_privacy_request", body: .json(.reference("PrivacyOutcome")), .record(resource)
    ) { call in
        let outcome = try call.body(PrivacyOutcome.self).outcome
        return try call.change("completed") { request, tx in
            try request.requireIdentity()
            (request.status, request.outcome, request.closedAt) = (.completed, outcome, tx.now)
        }
    }
}

struct PrivacyReason: Declared {
    var reason = ""
    static let schema = Schema<PrivacyReason>(
        "PrivacyReason",
        [
            .text(
                "reason", \.reason, max: 2000, .required, .about("The reason, as the person was told."),
                .example("You have asked for mails of nine years."))
        ])
}

struct PrivacyOutcome: Declared {
    var outcome = ""
    static let schema = Schema<PrivacyOutcome>(
        "PrivacyOutcome",
        [
            .text(
                "outcome", \.outcome, max: 2000, .required, .about("The outcome of the request."),
                .example("The address was corrected in all records."))
        ])
}

extension Call {
    /// Changes the open request that the path names, and publishes that it did.
    fileprivate func change(
        _ event: String, _ edit: @escaping @Sendable (inout SubjectRequest, Transaction) throws -> Void
    ) throws -> Outcome {
        let named = try self.id("id", of: SubjectRequest.self)
        return .write { tx in
            let old = try SubjectRequest.resource.get(named, in: tx)
            try self.checkVersion(old.version)
            try old.requireOpen()
            var request = old
            try edit(&request, tx)
            request.handledBy = request.handledBy ?? self.actor.userID
            try tx.update(old, to: &request, by: self.actor, action: "privacy_request.\(event)")
            try tx.publish("privacy_request.\(event)", request.subject)
            return .record(request)
        }
    }
}

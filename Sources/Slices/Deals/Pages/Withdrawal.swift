internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy

/// Adds the routes by which an agency takes back a paper that it has sent and nobody has answered yet.
func withdrawalRoutes(
    _ routes: inout Routes, _ services: DealsServices, telling: @escaping Telling<Proposal>
) {
    routes.declare(WithdrawBody.self)
    withdrawal(
        &routes, Proposal.resource, "proposals", "Withdraw a proposal that is not answered yet",
        telling: telling
    ) {
        try services.withdraw($0, $1.reason, by: $2, in: $3)
    }
    withdrawal(
        &routes, Contract.resource, "contracts", "Withdraw a contract that is not signed yet"
    ) {
        try services.withdraw($0, $1.reason, by: $2, in: $3)
    }
}

private func withdrawal<R: ManagedRecord>(
    _ routes: inout Routes, _ resource: Resource<R>, _ plural: String, _ summary: String,
    telling: Telling<R>? = nil,
    _ withdraw: @escaping @Sendable (R, WithdrawBody, Actor, Transaction) throws -> R
) {
    routes.post(
        "/v1/\(plural)/{id}/withdraw", .permission(Permission("\(plural):write")), summary,
        body: .json(.reference("WithdrawBody"), isOptional: true), .record(resource)
    ) { call in
        let id = try call.id("id", of: R.self)
        let body = call.request.bytes.isEmpty ? WithdrawBody() : try call.body(WithdrawBody.self)
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            let withdrawn = try withdraw(old, body, call.actor, tx)
            return .record(withdrawn, extra: try telling?(withdrawn, call, tx) ?? [:])
        }
    }
}

struct WithdrawBody: Declared {
    var reason: String?

    static let schema = Schema<WithdrawBody>(
        "WithdrawBody",
        [
            .text(
                "reason", \.reason, max: 2000,
                .about("Why it is withdrawn, for the agency: the client never sees the reason."))
        ])
}

extension DealsServices {
    /// Takes back a proposal: its page says so, it can be answered no more, and what has not left yet does not leave.
    fileprivate func withdraw(
        _ old: Proposal, _ reason: String?, by actor: Actor, in tx: Transaction
    ) throws -> Proposal {
        guard old.isOpen else { throw Problem.notWithdrawable("proposal", old.status.rawValue) }
        var proposal = old
        (proposal.status, proposal.withdrawnAt, proposal.withdrawReason) = (.withdrawn, tx.now, reason)
        try tx.update(old, to: &proposal, by: actor, action: "proposal.withdrawn")
        if let job = try tx.jobs.live(ProposalExpiryJob.self, uniqueKey: old.id) {
            _ = try tx.jobs.cancel(job)
        }
        try tx.publish(
            "proposal.withdrawn", proposal.subject, proposal.payload.adding(["reason": JSON(reason)]))
        try cancelMail(old.messageID, tx)
        if let client = proposal.clientID {
            try tx.portal.noteActivity(
                ofClient: client, by: actor, "proposal.withdrawn", proposal.subject,
                .quoted(proposal.title ?? ""))
        }
        return proposal
    }

    /// Takes back a contract; its document stays kept, as it was presented.
    fileprivate func withdraw(
        _ old: Contract, _ reason: String?, by actor: Actor, in tx: Transaction
    ) throws -> Contract {
        guard old.status == .sent else { throw Problem.notWithdrawable("contract", old.status.rawValue) }
        var contract = old
        (contract.status, contract.withdrawnAt, contract.withdrawReason) = (.withdrawn, tx.now, reason)
        try voidSignature(of: &contract, in: tx)
        try tx.update(old, to: &contract, by: actor, action: "contract.withdrawn")
        try tx.publish(
            "contract.withdrawn", contract.subject, contract.payload.adding(["reason": JSON(reason)]))
        try cancelMail(old.messageID, tx)
        if let client = contract.clientID {
            try tx.portal.noteActivity(
                ofClient: client, by: actor, "contract.withdrawn", contract.subject,
                .quoted(contract.title ?? ""))
        }
        return contract
    }

    /// A mail that still waits would bring a link to something that is withdrawn.
    private func cancelMail(_ id: MessageID?, _ tx: Transaction) throws {
        guard let id, let message = try Message.resource.find(id, in: tx),
            message.status == .queued || message.status == .held
        else { return }
        try outbox.cancel(
            message, because: Reason("withdrawn", "The subject of the mail was withdrawn before it left."),
            in: tx)
    }
}

extension Problem {
    /// Only what has been sent, and nobody has answered, can be withdrawn.
    fileprivate static func notWithdrawable(_ what: String, _ status: String) -> Problem {
        Problem(
            .invalidTransition,
            "The \(what) is \(status): only one that was sent and is not answered yet can be withdrawn.",
            extra: ["allowed": status == "draft" ? ["send"] : []])
    }
}

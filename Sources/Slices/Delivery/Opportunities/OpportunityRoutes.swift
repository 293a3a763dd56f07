internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// Adds the routes of opportunities: the records, and what people do with them.
func opportunityRoutes(_ routes: inout Routes, _ drafting: ProposalDrafting) {
    routes.events(
        "opportunity",
        [
            "open": "An opportunity is open again.", "offered": "An opportunity was offered to its client.",
            "won": "A client has taken an opportunity.", "lost": "A client has declined an opportunity.",
            "dismissed": "An opportunity was dismissed.",
        ],
        [
            "client_id": .anyText, "kind": .choice(Opportunity.Kind.self),
            "status": .choice(Opportunity.Status.self), "value": ["type": ["object", "null"]],
        ])
    routes.standard(Opportunity.resource, read: "opportunities:read", write: "opportunities:write")
    routes.declare(DismissOpportunityBody.self)
    routes.post(
        "/v1/opportunities/{id}/offer", .permission("opportunities:write"),
        "Draft the proposal of an opportunity", .record(Opportunity.resource)
    ) { call in
        let id = try call.id("id", of: Opportunity.self)
        return .write { tx in
            let old = try Opportunity.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard old.status == .open else { return try refuse(old) }
            var opportunity = old
            opportunity.proposalID = ID(try drafting.draft(offer(old, in: tx), by: call.actor, in: tx))
            opportunity.status = .offered
            try tx.update(old, to: &opportunity, by: call.actor, action: "opportunity.offered")
            return .record(opportunity)
        }
    }
    routes.post(
        "/v1/opportunities/{id}/dismiss", .permission("opportunities:write"),
        "Dismiss an opportunity, with a reason; it is not raised again for 90 days",
        body: .json(.reference("DismissOpportunityBody")), .record(Opportunity.resource)
    ) { call in
        let (id, body) = (
            try call.id("id", of: Opportunity.self), Result { try call.body(DismissOpportunityBody.self) }
        )
        return .write { tx in
            let old = try Opportunity.resource.get(id, in: tx), body = try body.get()
            try call.checkVersion(old.version)
            try old.requireOpen()
            var opportunity = old
            (opportunity.status, opportunity.dismissedAt) = (.dismissed, tx.now)
            opportunity.dismissReason = body.reason
            try tx.update(old, to: &opportunity, by: call.actor, action: "opportunity.dismissed")
            return .record(opportunity)
        }
    }
}

private func refuse(_ opportunity: Opportunity) throws(Problem) -> Response {
    throw Problem(
        .invalidTransition,
        "The opportunity is \(opportunity.status.rawValue), and only an open one can be offered.",
        extra: ["allowed": JSON(opportunity.status == .offered ? ["dismiss"] : [])])
}

/// Returns what is to be offered; throws where the client or the package is not known well enough.
private func offer(_ opportunity: Opportunity, in tx: Transaction) throws -> ProposalDrafting.Offer {
    let client = try Client.resource.get(opportunity.clientID, in: tx)
    try opportunity.requireCalm(client)
    guard let lead = client.leadID else {
        throw Problem(.conflict, "The client came from no lead, to whom proposals are made: set lead_id.")
    }
    guard let package = opportunity.packageID ?? client.packageID else {
        throw Problem(.conflict, "The opportunity names no package: set package_id.")
    }
    return ProposalDrafting.Offer(to: client.id, lead, package)
}

/// Why an opportunity is left.
private struct DismissOpportunityBody: Declared {
    var reason = ""
    static let schema = Schema<DismissOpportunityBody>(
        "DismissOpportunityBody",
        [.text("reason", \.reason, max: 2000, .required, .about("Why it is left."))])
}

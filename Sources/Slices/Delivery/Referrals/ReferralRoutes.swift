internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

extension Referral {
    /// The client's view: not how the agency works on the lead.
    static let portal = PortalView(resource, hiding: ["client_id", "lead_id"])
}

/// Adds the routes of referrals: by hand, in the portal, and by a client's own link.
func referralRoutes(_ routes: inout Routes, _ desk: ReferralDesk) {
    referralEvents(&routes)
    routes.standard(
        Referral.resource, read: "referrals:read", write: "referrals:write", create: false, patch: false)
    routes.creation(of: Referral.resource, "referrals:write", "Record a referral") { referral, call, tx in
        try desk.register(&referral, by: call.actor, in: tx)
    }
    routes.schema("ReferralLink", .schema(["url": .anyText], required: ["url"]))
    routes.get(
        "/v1/clients/{id}/referral-link", .permission("referrals:read"),
        "Get the link by which a client refers others", .json(.reference("ReferralLink"), "The link.")
    ) { call in
        let id = try call.id("id", of: Client.self)
        return .read { reader in
            let client = try Client.resource.get(id, in: reader)
            return .json(["url": .string(try desk.link(of: client.id, call.tenant))])
        }
    }
    referralPortal(&routes, desk)
    referralPage(&routes, desk)
}

private func referralEvents(_ routes: inout Routes) {
    routes.events(
        "referral",
        [
            "qualified": "A referred lead has qualified.", "won": "A referred lead has become a client.",
            "lost": "A referred lead was lost.", "rejected": "A referred lead does not qualify.",
            "rewarded": "A client was granted the reward of a referral.",
            "revoked": "The rest of a referral's reward was taken back.",
        ],
        [
            "client_id": .textOrNull, "lead_id": .textOrNull, "status": .choice(Referral.Status.self),
            "reward": .choice(ReferralReward.Status.self),
        ])
}

private func referralPortal(_ routes: inout Routes, _ desk: ReferralDesk) {
    let view = Referral.portal
    routes.declare(PortalReferralCreate.self)
    routes.portal(view)
    routes.post(
        view.path, .portal("portal:write"), "Record a referral of your own",
        body: .json(.reference("PortalReferralCreate")),
        .json(.reference(view.schemaName), status: 201, "The agency has it.")
    ) { call in
        let (body, portal) = (try call.body(PortalReferralCreate.self), try call.portal)
        return .write { tx in
            var referral = Referral.new(id: tx.nextID(), now: tx.now)
            (referral.referrer, referral.source) = (Referrer(portal.clientID), .portal)
            (referral.referred, referral.thanked) = (body.referred, portal.contactID)
            try desk.register(&referral, by: call.actor, in: tx)
            return view.response(referral, status: 201)
        }
    }
    let money: JSON = .record(["amount": .anyInteger, "currency": .anyText])
    routes.schema(
        "ReferralCredit",
        .record([
            "amount": money, "rest": money, "expires_on": .textOrNull, "expired": ["type": "boolean"],
            "invoices": ["type": "array", "items": .anyText],
        ]))
    routes.get(
        "\(view.path)/{id}/credit", .portal("portal:read"),
        "Get the credit of one of your referrals, and the invoices that it was taken off",
        .json(.reference("ReferralCredit"), "The rest of the credit, and where it was used.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Referral.self), try call.portal)
        return .read { reader in
            let reward = try view.get(id, portal, in: reader).reward
            guard let amount = reward.amount,
                let use = try reward.creditID.flatMap({ try desk.dependencies.credit(reader, $0) })
            else { throw Problem(.notFound) }
            let isExpired = try use.isExpired(on: reader.agency.tenant().today(reader.now))
            return .json([
                "amount": amount.json, "rest": use.rest.json, "expires_on": JSON(use.expiresOn?.iso),
                "expired": .bool(isExpired), "invoices": JSON(use.invoices),
            ])
        }
    }
    routes.get(
        "/v1/portal/referral-link", .portal("portal:read"), "Get the link by which you refer others",
        .json(.reference("ReferralLink"), "The link.")
    ) { call in
        let portal = try call.portal
        return .read { _ in .json(["url": .string(try desk.link(of: portal.clientID, call.tenant))]) }
    }
}

extension ReferralDesk {
    fileprivate func link(of client: ClientID, _ tenant: TenantID) throws -> String {
        try services.platform.links.url(.referral, tenant, "\(client)")
    }
}

/// The body that a client sends to refer somebody. The credential says who refers.
private struct PortalReferralCreate: Declared {
    var referred: ReferredPerson?
    static let schema = Schema<PortalReferralCreate>(
        "PortalReferralCreate",
        [.part("referred", \.referred, .required, .about("The person whom you name."))])
}

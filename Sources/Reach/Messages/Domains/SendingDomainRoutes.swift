internal import Agents
internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Mail
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

func sendingDomainRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let services = outbox.services
    routes.standard(
        SendingDomain.resource, read: "sending_domains:read", write: "sending_domains:write", list: false,
        get: false, create: false,
        telling: { domain, call, reader in
            let reader = reader.reading
            var members = try reader.wordings.told(domain, to: call)
            for (name, value) in try reader.sendingDomains.standing(of: domain).members {
                members[name] = value
            }
            return members
        })
    routes.get(
        "/v1/sending-domains", .permission("sending_domains:read"), "List sending domains",
        query: ParameterDoc.list(SendingDomain.resource), .list(SendingDomain.resource)
    ) { call in
        .read { reader in
            try ListQuery(
                SendingDomain.resource, call.request.head.query, dialect: reader.dialect,
                computed: SendingDomain.told
            ).page(toldTo: call, in: reader)
        }
    }
    routes.post(
        "/v1/sending-domains", .permission("sending_domains:write"),
        "Create a sending domain with a key of its own, and get the DNS records to publish",
        body: .json(.reference("SendingDomainCreate")), .record(SendingDomain.resource, status: 201)
    ) { call in
        var draft = SendingDomain(), faults = Faults()
        SendingDomain.schema.create(&draft, from: try call.object(), faults: &faults)
        let selector = draft.dkimSelector
        draft.domain = EmailAddress("postmaster@\(draft.domain.trimmed)")?.domain.lowercased() ?? ""
        let key = SigningKey(generating: .rsa)
        let signer: DKIMSigner?
        do throws(DKIMError) {
            signer = try DKIMSigner(domain: draft.domain, selector: selector, key: key)
        } catch {
            signer = nil
            let isSelector = !draft.domain.isEmpty
            faults.add(
                isSelector ? "/dkim_selector" : "/domain", "invalid_text",
                isSelector
                    ? "dkim_selector must be one label of a host name, such as bureau."
                    : "domain must be a domain name, such as agency.example.")
        }
        try faults.throwIfAny()
        guard let signer else { throw Problem(.badRequest) }
        draft.sealedKey = Base64.encode(try services.secrets.close(Array(key.pem.utf8), call.tenant))
        return .write { [draft] tx in
            var domain = draft
            domain.beginLife(id: tx.nextID(), now: tx.now)
            domain.describe(signer, try outbox.mechanisms(of: domain, in: tx))
            // Nothing that a sandbox sends leaves it.
            if tx.sandboxClock.isSandbox { domain.sealedKey = nil }
            try tx.create(&domain, by: call.actor)
            return try .told(
                domain, to: call, in: tx, status: 201, location: "/v1/sending-domains/\(domain.id)",
                extra: tx.sendingDomains.standing(of: domain))
        }
    }
    standingRoutes(&routes, outbox)
}

/// Routes for a domain's standing, and for checking its DNS records.
private func standingRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    routes.get(
        "/v1/sending-domains/{id}", .permission("sending_domains:read"),
        "Get a sending domain, with the outcome of its mails and how much it may send today",
        .record(SendingDomain.resource)
    ) { call in
        let id = try call.id("id", of: SendingDomain.self)
        return .read { reader in
            let domain = try SendingDomain.resource.get(id, in: reader)
            return try .told(
                domain, to: call, in: reader, extra: reader.sendingDomains.standing(of: domain))
        }
    }
    routes.post(
        "/v1/sending-domains/{id}/check", .permission("sending_domains:write"),
        "Check the DNS records of a sending domain, and get what each means", .record(SendingDomain.resource)
    ) { call in
        let id = try call.id("id", of: SendingDomain.self)
        return .task {
            guard let plan = try call.read({ try outbox.checkPlan(of: id, in: $0) })
            else {
                let domain = try call.read {
                    try SendingDomain.resource.get(id, in: $0)
                }
                throw Problem(
                    .conflict,
                    "\(domain.domain) has no key, as a sandbox sends nothing: check it in the agency.")
            }
            let findings = await plan.check.run()
            return try await call.commit { tx in
                guard
                    let domain = try tx.sendingDomains.store(
                        findings, plan.check.mechanisms, of: id, plan.signer)
                else {
                    throw Problem(.notFound)
                }
                return try .told(
                    domain, to: call, in: tx, extra: tx.sendingDomains.standing(of: domain))
            }
        }
    }
}

extension SendingDomainStore {
    /// Returns the reputation that a domain has from its emails of 30 days, and how many may leave today.
    fileprivate func standing(of domain: SendingDomain) throws -> JSONObject {
        let tenant = try tx.agency.tenant()
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let allowance = try allowance(of: domain, tenant, zone)
        return [
            "reputation": try figures(of: domain.domain, days: 30, zone).json,
            "daily_limit": JSON(allowance.limit), "warming_up": .bool(allowance.isWarmingUp),
            "sent_today": JSON(try tx.sendCounts.today(SendScope.domain(domain.domain), zone)),
        ]
    }
}

internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// Takes referrals: checks whom they name, and makes their leads.
struct ReferralDesk: Sendable {
    let services: DeliveryServices
    let dependencies: ReferralDependencies

    /// Completes and stores a referral. Its lead, what its referrer did, and the thanks come with it; the referred
    /// person is written to by nobody.
    func register(_ referral: inout Referral, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        let referrer = try referrer(of: &referral, &faults, in: tx)
        if referral.referred == nil { faults.add("/referred", "required", "referred is required.") }
        try faults.throwIfAny()
        guard let person = referral.referred, let address = EmailAddress(person.email) else { return }
        let all = tx.unlimited
        try check(person, address, of: referrer, in: all)
        referral.referredKey = address.key
        referral.leadID = try dependencies.makeLead(all, person)
        promise(&referral, try all.referrals.settings())
        try store(&referral, by: actor, in: tx)
        if let client = referrer.client { try all.clients.countReferral(by: client) }
        if let contact = referral.thanked {
            try all.engagement.record(.referralMade, of: contact, on: nil, fact: "referral:\(referral.id)")
        }
        try all.jobs.enqueue(
            ReferralThanksJob.self, .init(referral: referral.id, occasion: .registered),
            JobOptions(subject: referral.subject))
    }

    /// Registers whoever was named on a page or in a form that anybody may open: strangers do not learn there whom the
    /// agency knows already.
    func take(
        _ person: JSONObject, from source: Referral.Source, by referrer: Referrer, in tx: Transaction
    ) throws {
        var referred = ReferredPerson(), faults = Faults()
        ReferredPerson.schema.create(&referred, from: person, faults: &faults)
        try faults.throwIfAny()
        do {
            try tx.attempt {
                var referral = Referral.new(id: tx.nextID(), now: tx.now)
                (referral.referrer, referral.source, referral.referred) = (referrer, source, referred)
                try register(&referral, by: .system, in: tx)
            }
        } catch let problem as Problem where problem.faults.contains(where: { $0.code == "already_known" }) {
            return
        }
    }

    /// Two who name the same person at the same time are told apart by the table.
    private func store(_ referral: inout Referral, by actor: Actor, in tx: Transaction) throws {
        var record = referral
        do {
            try tx.attempt { try tx.create(&record, by: actor) }
        } catch let error as DatabaseError {
            guard case .constraint(.unique) = error else { throw error }
            throw Problem(faults: [Self.known])
        }
        referral = record
    }

    private func promise(_ referral: inout Referral, _ settings: ReferralSettings) {
        referral.reward = ReferralReward()
        guard let reward = settings.reward, referral.clientID != nil else { return }
        (referral.reward.status, referral.reward.amount) = (.pending, reward)
    }

    // MARK: Checks

    /// The addresses and domains of whoever refers.
    private struct Own {
        var client: Client?
        var emails: Set<String> = [], domains: Set<String> = []

        mutating func add(_ email: String?) {
            guard let address = email.flatMap({ EmailAddress($0) }) else { return }
            emails.insert(address.key)
            if let domain = address.firmDomain { domains.insert(domain) }
        }
    }

    private func referrer(
        of referral: inout Referral, _ faults: inout Faults, in tx: Transaction
    ) throws -> Own {
        var own = Own()
        switch referral.referrer.type {
        case .client:
            let id = referral.referrer.clientID
            guard let client = try id.flatMap({ try Client.resource.find($0, in: tx) }) else {
                faults.add(
                    "/referrer/id", "unknown_reference",
                    "The client does not exist: choose another.")
                return own
            }
            own.client = client
            referral.thanked =
                try referral.thanked
                ?? tx.contacts.addressee(client.contactID, email: client.contactEmail, named: client.name)?.id
        case .contact:
            let id = referral.referrer.contactID
            guard let contact = try id.flatMap({ try Contact.resource.find($0, in: tx) }) else {
                faults.add(
                    "/referrer/id", "unknown_reference",
                    "The contact does not exist: choose another.")
                return own
            }
            own.client = try contact.clientID.flatMap { try Client.resource.find($0, in: tx) }
            referral.thanked = contact.id
        }
        referral.clientID = own.client?.id
        own.add(own.client?.contactEmail)
        for id in [own.client?.contactID, referral.thanked] {
            own.add(try id.flatMap { try Contact.resource.find($0, in: tx.unlimited) }?.email)
        }
        let lead = try own.client?.leadID.flatMap { try dependencies.lead(tx.unlimited, $0) }
        if let domain = lead?.domain { own.domains.insert(domain) }
        return own
    }

    private func check(
        _ person: ReferredPerson, _ address: EmailAddress, of own: Own, in tx: Transaction
    ) throws {
        let key = address.key
        let isColleague =
            try own.client.map { client in
                try tx.exists(
                    """
                    SELECT 1 FROM contacts
                    WHERE tenant_id = \(tx.tenant) AND email = \(key) AND client_id = \(client.id)
                    """)
            } ?? false
        let isSame = own.emails.contains(key) || address.firmDomain.map(own.domains.contains) ?? false
        if isSame || isColleague {
            throw Problem(faults: [
                Fault(
                    "/referred/email", "self_referral",
                    "The address is the referrer's own, or one of their company: name somebody else.")
            ])
        }
        if try dependencies.isLead(tx, key) || tx.referrals.isClient(key) || tx.referrals.isReferred(key) {
            throw Problem(faults: [Self.known])
        }
        if let company = person.company, try tx.referrals.isClient(named: company) {
            throw Problem(faults: [
                Fault(
                    "/referred/company", "already_known",
                    "The company is a client of the agency already: name another.")
            ])
        }
    }

    private static let known = Fault(
        "/referred/email", "already_known", "The agency knows the person already: name somebody else.")
}

extension EmailAddress {
    /// The domain of the company that the address is at; `nil` where many have theirs.
    fileprivate var firmDomain: String? {
        isFreeMail || isDisposable ? nil : WebAddress.registrableDomain(of: domain)
    }
}

extension ReferralStore {
    fileprivate func isReferred(_ key: String) throws -> Bool {
        try tx.exists("SELECT 1 FROM referrals WHERE tenant_id = \(tx.tenant) AND referred_key = \(key)")
    }

    fileprivate func isClient(_ key: String) throws -> Bool {
        try tx.exists("SELECT 1 FROM clients WHERE tenant_id = \(tx.tenant) AND contact_email = \(key)")
            || tx.exists(
                """
                SELECT 1 FROM contacts
                WHERE tenant_id = \(tx.tenant) AND email = \(key) AND client_id IS NOT NULL
                """)
    }

    fileprivate func isClient(named company: String) throws -> Bool {
        try tx.exists("SELECT 1 FROM clients WHERE tenant_id = \(tx.tenant) AND name = \(company)")
    }
}

package import Agents
package import Database
internal import Integrations
internal import JSON
internal import Jobs
package import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The questions that forms of networks ask the slices beside leads.
package struct LeadFormDependencies: Asking {
    /// Returns the campaign of the agency that a campaign at a network is part of.
    @ModuleNeed("the campaign that one at a network is part of", for: "lead forms")
    package var campaign: @Sendable (any Queryable, _ remote: String) throws -> CampaignID?
    /// Returns the post that stands at a network under an id.
    @ModuleNeed("the post that stands under an id", for: "lead forms")
    package var post: @Sendable (any Queryable, _ remote: String) throws -> SocialPostID?

    package init() {}
}

/// Takes in what people fill in at a network: each response once, matched against the leads that are there.
struct LeadFormIntake: Sendable {
    let integration: Integration
    let dependencies: LeadFormDependencies

    /// Takes a response in, unless it is known already.
    func take(_ remote: LeadResponse, by way: LeadFormResponse.Way, in tx: Transaction) throws {
        guard try tx.leadForms.response(remote.id, on: integration.provider) == nil else { return }
        var response = LeadFormResponse.new(id: tx.nextID(), now: tx.now)
        (response.integrationID, response.clientID) = (integration.id, integration.clientID)
        (response.network, response.remoteID, response.way) = (integration.provider, remote.id, way)
        response.formID = try form(remote.form, in: tx)
        try place(&response, remote, in: tx)
        response.consents = .array(
            remote.consents.map {
                ["text": .string(String($0.words.prefix(2000))), "accepted": .bool($0.isAccepted)]
            })
        let lead = try judge(remote, &response, in: tx)
        if response.reason != Self.unwanted { keepAnswers(of: remote, in: &response) }
        try tx.create(&response, by: .system)
        guard let lead else { return }
        try agree(remote, lead, in: tx)
        try tx.publish(
            "lead.form_filled_in", Subject(lead.id),
            [
                "form_id": JSON(response.formID), "response_id": JSON(response.id),
                "network": .string(response.network), "created": .bool(response.outcome == .created),
            ])
    }

    /// Takes back what a person has taken back at the network: the lead stays, for people to decide about.
    func withdraw(_ remote: String, in tx: Transaction) throws {
        guard let old = try tx.leadForms.response(remote, on: integration.provider),
            old.outcome != .withdrawn
        else { return }
        var response = old
        (response.outcome, response.answers, response.hiddenFields) = (.withdrawn, .null, .null)
        try tx.update(old, to: &response, by: .system, action: "lead_form_response.withdrawn")
    }

    private func form(_ named: LeadResponse.Named, in tx: Transaction) throws -> ID<LeadForm> {
        let network = integration.provider, name = String((named.name ?? named.id).prefix(300))
        let found = try LeadForm.resource.first(
            where: "network = \(network) AND remote_id = \(named.id)", suffix: "LIMIT 1", in: tx)
        if let old = found {
            guard named.name != nil, old.name != name else { return old.id }
            var form = old
            form.name = name
            try tx.update(old, to: &form, by: .system)
            return old.id
        }
        var form = LeadForm.new(id: tx.nextID(), now: tx.now)
        (form.integrationID, form.clientID, form.network) = (integration.id, integration.clientID, network)
        (form.remoteID, form.name) = (named.id, name)
        try tx.create(&form, by: .system)
        return form.id
    }

    private func place(
        _ response: inout LeadFormResponse, _ remote: LeadResponse, in tx: Transaction
    ) throws {
        (response.kind, response.submittedAt) = (remote.kind, remote.submittedAt)
        response.remoteCampaign = remote.campaign?.id
        response.campaignName = remote.campaign?.name.map { String($0.prefix(400)) }
        response.remotePost = remote.post
        response.campaignID = try remote.campaign.flatMap { try dependencies.campaign(tx, $0.id) }
        response.socialPostID = try remote.post.flatMap { try dependencies.post(tx, $0) }
    }

    private func keepAnswers(of remote: LeadResponse, in response: inout LeadFormResponse) {
        response.answers = .array(
            remote.answers.prefix(100).map {
                [
                    "question": .string(String($0.question.prefix(500))), "field": JSON($0.trait?.rawValue),
                    "value": .string(String($0.value.prefix(5000))),
                ]
            })
        response.hiddenFields = .array(
            remote.hidden.prefix(50).map {
                [
                    "name": .string(String($0.name.prefix(200))),
                    "value": .string(String($0.value.prefix(2000))),
                ]
            })
    }

    // MARK: Leads

    private static let unwanted = "no_consent"

    /// Decides what becomes of a response; returns its lead, where it has one.
    private func judge(
        _ remote: LeadResponse, _ response: inout LeadFormResponse, in tx: Transaction
    ) throws -> Lead? {
        func refused(_ reason: String) -> Lead? {
            (response.outcome, response.reason) = (.refused, reason)
            return nil
        }
        if remote.isTest {
            response.outcome = .test
            return nil
        }
        var draft = Lead.new(id: tx.nextID(), now: tx.now)
        fill(&draft, from: remote)
        guard draft.email != nil || draft.phone != nil else { return refused("no_address") }
        if try hasRefused(draft, since: remote.submittedAt, in: tx) { return refused(Self.unwanted) }
        draft.derive()
        if let old = try known(as: draft, in: tx) {
            var lead = old
            lead.takeMissing(from: draft)
            try tx.update(old, to: &lead, by: .system, action: "lead.learned")
            (response.outcome, response.leadID) = (.known, lead.id)
            return lead
        }
        do {
            try tx.attempt { try tx.create(&draft, by: .system) }
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            return refused(problem.problem.faults.first?.code ?? problem.problem.type.code)
        }
        (response.outcome, response.leadID) = (.created, draft.id)
        return draft
    }

    /// Fills in what can be: what people have written that is no address or number stays with the answers.
    private func fill(_ lead: inout Lead, from remote: LeadResponse) {
        let parts = [remote.value(.firstName), remote.value(.lastName)].compactMap(\.self)
        let name = remote.value(.name) ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
        var fields: JSONObject = [
            "company": JSON(remote.value(.company) ?? name ?? remote.value(.workEmail, .email)),
            "source": .string("\(integration.provider)_form"),
        ]
        let wanted: [(String, String?)] = [
            ("contact_name", name), ("contact_title", remote.value(.title)),
            ("email", remote.value(.workEmail, .email)), ("country", remote.value(.country)),
            ("phone", remote.value(.workPhone, .phone)), ("website", remote.value(.website)),
            ("industry", remote.value(.industry)), ("location", remote.value(.city)),
            ("linkedin_url", remote.value(.profile)),
        ]
        for (field, value) in wanted { value.map { fields[field] = .string($0) } }
        for _ in 0..<4 {
            var draft = lead, faults = Faults()
            Lead.schema.create(&draft, from: fields, faults: &faults)
            guard !faults.isEmpty else {
                lead = draft
                break
            }
            for fault in faults.list { fields.remove(String(fault.pointer.dropFirst())) }
            if fields["company"] == nil { fields["company"] = .string(remote.form.name ?? remote.form.id) }
        }
        lead.clientID = integration.clientID
    }

    /// Returns whether the person has said, after they sent the form off, that they want no data collected.
    private func hasRefused(_ lead: Lead, since moment: Instant, in tx: Transaction) throws -> Bool {
        guard let email = lead.email else { return false }
        let people = try tx.contacts.people(at: email)
        guard !people.isEmpty else { return false }
        let last = try Consent.resource.first(
            where: """
                contact_id IN \(list: people.map(\.text))
                    AND purpose = \(ConsentPurpose.dataCollection.rawValue)
                """, suffix: "ORDER BY given_at DESC, id DESC LIMIT 1", in: tx)
        return last.map { $0.status == .withdrawn && ($0.givenAt ?? tx.now) >= moment } ?? false
    }

    /// Returns the lead of the same person: by the address, the telephone, or company and name. One that a person has
    /// archived counts, too: it does not come back.
    private func known(as draft: Lead, in tx: Transaction) throws -> Lead? {
        if let email = draft.email, let found = try first("email = \(email)", in: tx) { return found }
        if let phone = draft.phone, let found = try first("phone = \(phone)", in: tx),
            found.contradiction(to: draft) == nil
        {
            return found
        }
        guard draft.email == nil, draft.contactName != nil, let key = draft.identityKey,
            let found = try first("identity_key = \(key)", in: tx), found.contradiction(to: draft) == nil
        else { return nil }
        return found
    }

    private func first(_ condition: SQL, in tx: Transaction) throws -> Lead? {
        let found = try Lead.resource.all(where: condition, suffix: "ORDER BY row LIMIT 20", in: tx)
        guard var lead = found.first(where: { $0.clientID == integration.clientID }) else { return nil }
        for _ in 0..<8 {
            guard let target = lead.mergedInto, let next = try Lead.resource.find(target, in: tx) else {
                break
            }
            lead = next
        }
        return lead
    }

    /// Records that the person agrees to be written to, where the agency says that its boxes ask for that.
    private func agree(_ remote: LeadResponse, _ lead: Lead, in tx: Transaction) throws {
        guard integration.settings[LeadFormSetting.consents]?.flag == true, lead.email != nil,
            let contact = lead.contactID, let box = remote.consents.first(where: \.isAccepted)
        else { return }
        var consent = Consent.new(id: tx.nextID(), now: tx.now)
        (consent.contactID, consent.channel, consent.clientID) = (contact, .email, integration.clientID)
        let name = remote.form.name ?? remote.form.id
        consent.source = String("\(integration.provider) form: \(name)".prefix(200))
        consent.evidence = String(box.words.prefix(2000))
        consent.givenAt = remote.submittedAt
        try tx.create(&consent, by: .system)
    }
}

extension Lead {
    /// Takes over what another one says where this says nothing.
    fileprivate mutating func takeMissing(from other: Lead) {
        contactName = contactName ?? other.contactName
        contactTitle = contactTitle ?? other.contactTitle
        email = email ?? other.email
        phone = phone ?? other.phone
        website = website ?? other.website
        industry = industry ?? other.industry
        location = location ?? other.location
        country = country ?? other.country
        linkedinURL = linkedinURL ?? other.linkedinURL
    }
}

internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import HTTPServer
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Support

/// What messaging asks of the slices above it, answered by those.
func messagingSources() -> MessagingSources {
    var sources = MessagingSources()
    sources.clientStanding = TenantQuestions.platform.clientStanding
    sources.lead = { reader, contact in
        try Lead.ofContact(contact, in: reader).map { try $0.templateValues(in: reader) }
    }
    sources.leadByID = { reader, id in
        guard let id = ID<Lead>(id), let lead = try Lead.resource.find(id, in: reader) else { return nil }
        return (try lead.templateValues(in: reader), lead.contactID)
    }
    sources.isInSalesProcess = { reader, contact in try reader.isInSalesProcess(contact) }
    sources.upsertLead = { tx, fields in try tx.upsertLead(fields, by: .system).text }
    sources.contacted = { tx, id in
        guard let id = ID<Lead>(id) else { return }
        try tx.advanceLead(id, to: .contacted)
    }
    sources.matchingLeads = { reader, filter, after, limit in
        let query = filter.members.map {
            QueryItem(name: $0.key, value: $0.value.text ?? $0.value.serialized)
        }
        var list = try ListQuery(Lead.resource, query, dialect: reader.dialect, oldestFirst: true)
        list.add("contact_id IS NOT NULL AND id > \(after)")
        return try reader.all(try list.select(["id"], limit: limit, after: nil, in: reader)) { $0.text(1) }
    }
    sources.dailyCap = { reader, agent in
        guard agent == OutreachAgent.agentName else { return nil }
        return try OutreachAgent(DealsSources(), MessagingSources()).dailyCap(in: reader)
    }
    sources.offerFaults = { reader, experiment in try reader.offerFaults(experiment) }
    sources.adopt = { tx, experiment, winner, actor in try tx.adopt(experiment, winner, by: actor) }
    sources.answerTicket = { outbox, tx, ticket, approval in
        try TicketDesk(outbox).decided(approval, about: ticket, in: tx)
    }
    return sources
}

/// How a file says which lead and which package a client came from.
func clientReferences() -> [TransferReference] {
    [.lead("lead_id", byEmail: "lead_email").lenient, .package("package_id", by: "package").lenient]
}

/// What selling asks of the slices beside it.
func dealsSources() -> DealsSources {
    var sources = DealsSources()
    sources.lead = { reader, id in
        try ID<Lead>(id).flatMap { try Lead.resource.find($0, in: reader) }.map(LeadFacts.init)
    }
    sources.dealReferences = [.lead("lead_id", byEmail: "lead_email", company: "company")]
    sources.leadOfContact = { reader, contact in try Lead.ofContact(contact, in: reader).map(LeadFacts.init) }
    sources.learn = { tx, known, actor in
        guard let id = ID<Lead>(known.id), let old = try Lead.resource.find(id, in: tx) else { return }
        var lead = old
        (lead.budget, lead.timelineDays, lead.authority) = (known.budget, known.timelineDays, known.authority)
        lead.painPoints = known.painPoints
        try tx.update(old, to: &lead, by: actor, action: "lead.learned")
    }
    sources.outreachLeads = { reader, priorities, scoreMin, place, limit in
        var condition: SQL = "status = 'qualified'"
        if scoreMin > 0 { condition += " AND score >= \(scoreMin)" }
        if !priorities.isEmpty { condition += " AND priority IN \(list: priorities)" }
        if let place {
            condition += """
                 AND (coalesce(score, -1) < \(place.score)
                    OR (coalesce(score, -1) = \(place.score) AND id > \(place.id)))
                """
        }
        return try Lead.resource.all(
            where: condition, suffix: "ORDER BY coalesce(score, -1) DESC, id LIMIT \(limit)", in: reader
        ).map(LeadFacts.init)
    }
    sources.advanceLead = { tx, id, status in
        guard let id = ID<Lead>(id), let status = Lead.Status(rawValue: status) else { return }
        try tx.advanceLead(id, to: status)
    }
    sources.tagLead = { tx, id, tag, actor in
        guard let id = ID<Lead>(id), let old = try Lead.resource.find(id, in: tx), !old.tags.contains(tag)
        else { return }
        var lead = old
        lead.tags.append(tag)
        try tx.update(old, to: &lead, by: actor)
    }
    sources.makeClient = { tx, new, actor in
        var client = Client.new(id: tx.nextID(), now: tx.now)
        (client.name, client.packageID, client.leadID) = (new.name, new.packageID, new.leadID)
        (client.dealID, client.contactID) = (new.dealID, new.contact)
        client.tier = Client.Tier(rawValue: new.tier) ?? .starter
        (client.monthlyFee, client.handover) = (new.monthlyFee, new.handover)
        client.contactEmail = try new.contact.flatMap { try Contact.resource.find($0, in: tx) }?.email
        try tx.create(&client, by: actor)
        return client.id.text
    }
    sources.clientOfLead = { reader, lead in
        try Client.resource.first(
            where: "lead_id = \(lead)", suffix: "ORDER BY row LIMIT 1", in: reader)?.id.text
    }
    sources.setMonthlyFee = { tx, id, fee in
        guard let id = ID<Client>(id), let old = try Client.resource.find(id, in: tx) else { return }
        var client = old
        client.monthlyFee = fee
        try tx.update(old, to: &client, by: .system)
    }
    sources.client = { reader, id in
        try ID<Client>(id).flatMap { try Client.resource.find($0, in: reader) }.map { client in
            ClientFacts(
                id: client.id.text, name: client.name, contact: client.contactID, email: client.contactEmail)
        }
    }
    return sources
}

/// Whose clients may come into the portal, and as whom their people are known.
func portalClients() -> Portal.Clients {
    Portal.Clients(
        name: { reader, id in
            guard let id = ID<Client>(id), let client = try Client.resource.find(id, in: reader),
                client.status != .former
            else { return nil }
            return client.name
        },
        contact: { tx, client, name, email, actor in
            try tx.portalContact(ofClient: client, name: name, email: email, by: actor).text
        },
        mainContact: { reader, id in
            guard let id = ID<Client>(id), let client = try Client.resource.find(id, in: reader),
                client.status != .former
            else { return nil }
            return client.contactID?.text
        })
}

/// What delivery asks of the slices beside it.
func deliverySources() -> DeliverySources {
    var sources = DeliverySources()
    sources.reportCadence = { reader, id in
        try ID<ServicePackage>(id).flatMap { try ServicePackage.resource.find($0, in: reader) }?
            .reportCadence.rawValue
    }
    sources.unpaid = { reader, client in
        let unpaid = try reader.unpaidInvoices(of: client)
        return UnpaidInvoices(open: unpaid.count, overdue: unpaid.count { $0.status == .overdue })
    }
    sources.tickets = { reader, client in
        let tickets = try reader.openTickets(ofClient: client)
        return OpenTickets(open: tickets.open, urgent: tickets.urgent)
    }
    sources.profile = { reader, client in
        var known = try reader.support(ofClient: client)
        for (name, value) in try reader.people(ofClient: client).members { known[name] = value }
        known["invoices"] = .array(try reader.unpaidInvoices(of: client).map { Invoice.schema.json($0) })
        return known
    }
    sources.milestones = { reader, client in
        try Contract.resource.all(
            where: "client_id = \(client) AND signed_at IS NOT NULL", suffix: "ORDER BY id DESC LIMIT 20",
            in: reader
        ).map { RelationshipMilestone("contract_signed", $0.title ?? "", $0.signedAt ?? $0.createdAt) }
    }
    sources.brand = { try $0.paperBrand() }
    sources.set = { try await Paper("report", .document($0)).bytes() }
    return sources
}

extension Queryable {
    /// What a client owes, the newest first.
    fileprivate func unpaidInvoices(of client: String) throws -> [Invoice] {
        try Invoice.resource.all(
            where: "client_id = \(client) AND status IN ('open', 'overdue')",
            suffix: "ORDER BY id DESC LIMIT 100", in: self)
    }
}

extension LeadFacts {
    fileprivate init(_ lead: Lead) {
        self.init(
            id: lead.id.text, company: lead.company, contact: lead.contactID, clientID: lead.clientID,
            budget: lead.budget, industry: lead.industry, country: lead.country,
            employeeCount: lead.employeeCount, timelineDays: lead.timelineDays, authority: lead.authority,
            painPoints: lead.painPoints, tags: lead.tags, notes: lead.notes, score: lead.score,
            status: lead.status.rawValue, values: lead.templateValues)
    }
}

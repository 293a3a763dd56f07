internal import Agents
internal import Campaigns
internal import Content
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Posts
internal import Quality
internal import Records
internal import Support
internal import Tenancy
internal import Transfer

/// The answers of slices to one another. A slice does not see the others, so the executable speaks for it, and only
/// where it is in the product.
let answersBetweenSlices: [ModuleAnswer] =
    [
        ModuleAnswer(for: "discovery", to: DealsDependencies.self) { answerAboutLeads(&$0) },
        ModuleAnswer(for: "discovery", to: DeliveryDependencies.self) { dependencies in
            dependencies.leadReference = .lead("lead_id", byEmail: "lead_email").lenient
            dependencies.industry = { reader, id in try Lead.resource.find(id, in: reader)?.industry }
        },
        ModuleAnswer(for: "discovery", to: QualityDependencies.self) { dependencies in
            dependencies.keepScores = { tx, type, scores in
                guard type == Nouns.Lead.noun else { return }
                try tx.leads.keep(quality: scores)
            }
            dependencies.compareRecords = { database, tenant in
                try await database.compareChanged(Lead.self, of: tenant)
                try await database.compareChanged(Contact.self, of: tenant)
                try await database.compareChanged(Company.self, of: tenant)
                try await database.compareChanged(Client.self, of: tenant)
            }
            dependencies.mergeSurest = { tx, least in try tx.leads.mergeSurest(from: least) }
            dependencies.scoreAgain = { tx, type, ids in
                guard type == Nouns.Lead.noun else { return }
                try tx.leads.scoreAgain(ids)
            }
        },
        ModuleAnswer(for: "deals", to: OutcomeDependencies.self) { dependencies in
            dependencies.worth = { reader, moment in
                let currency = try reader.reading.agency.tenant().currency
                let won = try reader.reading.deals.closed(since: moment).filter(\.isWon).compactMap { deal in
                    deal.value.flatMap { $0.currency == currency ? (deal.lead, $0.amount) : nil }
                }
                return Dictionary(won, uniquingKeysWith: +)
            }
            dependencies.packages = { reader in
                try reader.reading.packages.offered().compactMap { package in
                    package.tier.map { tier in
                        OfferedPackage(
                            tier: tier.rawValue,
                            budgetFrom: package.budgetFrom.map {
                                ScoringInput.Amount(amount: $0.amount, currency: $0.currency)
                            })
                    }
                }
            }
        },
        ModuleAnswer(for: "delivery", to: OutcomeDependencies.self) { dependencies in
            dependencies.deliveries = { try $0.reading.clients.tasksDone(since: $1) }
            dependencies.satisfaction = { try $0.reading.clients.satisfaction() }
            dependencies.capacity = { try $0.reading.clients.capacityState() }
        },
        ModuleAnswer(for: "deals", to: QualityDependencies.self) { dependencies in
            dependencies.brand = { try $0.reading.salesPages.paperBrand() }
            dependencies.set = { try await SaleDocumentCopy("report", .document($0)).bytes() }
        },
        ModuleAnswer(for: "delivery", to: DealsDependencies.self) { answerAboutClients(&$0) },
        ModuleAnswer(for: "deals", to: DeliveryDependencies.self) { answerAboutSales(&$0) },
        ModuleAnswer(for: "content", to: PostsDependencies.self) { dependencies in
            dependencies.isApproved = { reader, id in
                try ContentItem.resource.find(id, in: reader)?.status.isGiven
            }
            dependencies.isCalledOff = { reader, id in
                guard let item = try ContentItem.resource.find(id, in: reader), let day = item.plannedAt
                else { return false }
                return item.status == .archived && day > reader.now
            }
            dependencies.isMadeWithAI = { reader, id in
                try ContentItem.resource.find(id, in: reader)?.isMadeWithAI ?? false
            }
            dependencies.words = { reader, id in
                try ContentItem.resource.find(id, in: reader).map { $0.body.isEmpty ? $0.title : $0.body }
            }
            dependencies.sentences = { try $0.reading.content.approvedSentences(of: $1) }
        },
        ModuleAnswer(for: "delivery", to: ContentDependencies.self) { dependencies in
            dependencies.clientApproves = { reader, id in
                try Client.resource.find(id, in: reader)?.approvesContent ?? false
            }
        },
        ModuleAnswer(for: "campaigns", to: ContentDependencies.self) { dependencies in
            dependencies.campaign = { reader, id in
                try reader.reading.campaigns.standing(of: id).map {
                    $0.isActive ? .active : $0.isOver ? .over : .resting
                }
            }
        },
        ModuleAnswer(for: "campaigns", to: PostsDependencies.self) { dependencies in
            dependencies.campaign = { reader, id in
                try reader.reading.campaigns.standing(of: id).map {
                    $0.isActive ? .active : $0.isOver ? .over : .resting
                }
            }
        },
        ModuleAnswer(for: "support", to: DeliveryDependencies.self) { answerAboutTickets(&$0) },
    ] + answersToConversations + answersToDashboards + answersToMarket + answersToReferrals + answersToNurture
    + answersToOpportunities + answersToPortfolio + answersToCampaigns + answersToWriting
    + answersToNetworks

private func answerAboutLeads(_ dependencies: inout DealsDependencies) {
    dependencies.lead = { reader, id in
        try Lead.resource.find(id, in: reader).map(LeadFacts.init)
    }
    dependencies.dealReferences = [.lead("lead_id", byEmail: "lead_email", company: "company")]
    dependencies.leadOfContact = { reader, contact in
        try Lead.ofContact(contact, in: reader).map(LeadFacts.init)
    }
    dependencies.learn = { tx, known, actor in
        guard let old = try Lead.resource.find(known.id, in: tx) else { return }
        var lead = old
        (lead.budget, lead.timelineDays, lead.authority) = (known.budget, known.timelineDays, known.authority)
        lead.painPoints = known.painPoints
        try tx.update(old, to: &lead, by: actor, action: "lead.learned")
    }
    dependencies.outreachLeads = { reader, priorities, scoreMin, place, limit in
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
    dependencies.advanceLead = { tx, id, status in
        guard let status = Lead.Status(rawValue: status) else { return }
        try tx.leads.advance(id, to: status)
    }
    dependencies.tagLead = { tx, id, tag, actor in
        guard let old = try Lead.resource.find(id, in: tx), !old.tags.contains(tag)
        else { return }
        var lead = old
        lead.tags.append(tag)
        try tx.update(old, to: &lead, by: actor)
    }
}

private func answerAboutClients(_ dependencies: inout DealsDependencies) {
    dependencies.makeClient = { tx, new, actor in
        var client = Client.new(id: tx.nextID(), now: tx.now)
        (client.name, client.packageID, client.leadID) = (new.name, new.packageID, new.leadID)
        (client.dealID, client.contactID) = (new.dealID, new.contact)
        client.tier = Client.Tier(rawValue: new.tier) ?? .starter
        (client.monthlyFee, client.handover) = (new.monthlyFee, new.handover)
        client.contactEmail = try new.contact.flatMap { try Contact.resource.find($0, in: tx) }?.email
        try tx.create(&client, by: actor)
        return client.id
    }
    dependencies.story = { reader, id in
        try Client.resource.find(id, in: reader).map { client in
            ClientStory(
                of: client.name, client.leadID,
                try reader.reading.metrics.grown(of: id).map { figure in
                    var evidence = StoryEvidence()
                    (evidence.source, evidence.metric) = (figure.first.source, figure.first.metric)
                    evidence.unit = figure.last.unit
                    (evidence.from, evidence.to) = (figure.first.value, figure.last.value)
                    (evidence.fromOn, evidence.toOn) = (figure.first.date, figure.last.date)
                    evidence.metricIDs = [figure.first.id, figure.last.id]
                    return evidence
                })
        }
    }
    dependencies.clientOfLead = { reader, lead in
        try Client.resource.first(
            where: "lead_id = \(lead)", suffix: "ORDER BY row LIMIT 1", in: reader)?.id
    }
    dependencies.setMonthlyFee = { tx, id, fee in
        guard let old = try Client.resource.find(id, in: tx) else { return }
        var client = old
        client.monthlyFee = fee
        try tx.update(old, to: &client, by: .system)
    }
    dependencies.client = { reader, id in
        try Client.resource.find(id, in: reader).map { client in
            ClientFacts(
                id: client.id, name: client.name, contact: client.contactID, email: client.contactEmail)
        }
    }
}

private func answerAboutSales(_ dependencies: inout DeliveryDependencies) {
    dependencies.reportCadence = { reader, id in
        try ServicePackage.resource.find(id, in: reader)?.reportCadence.rawValue
    }
    dependencies.packageName = { reader, id in try ServicePackage.resource.find(id, in: reader)?.name }
    dependencies.unpaid = { reader, client in
        let unpaid = try reader.unpaidInvoices(of: client)
        return UnpaidInvoices(open: unpaid.count, overdue: unpaid.count { $0.status == .overdue })
    }
    dependencies.milestones = { reader, client in
        try Contract.resource.all(
            where: "client_id = \(client) AND signed_at IS NOT NULL", suffix: "ORDER BY id DESC LIMIT 20",
            in: reader
        ).map { RelationshipMilestone("contract_signed", $0.title ?? "", $0.signedAt ?? $0.createdAt) }
    }
    dependencies.brand = { try $0.reading.salesPages.paperBrand() }
    dependencies.set = { try await SaleDocumentCopy("report", .document($0)).bytes() }
    dependencies.packageReference = .package("package_id", by: "package").lenient
}

private func answerAboutTickets(_ dependencies: inout DeliveryDependencies) {
    dependencies.tickets = { reader, client in
        let tickets = try reader.reading.clientTickets.open(ofClient: client)
        return OpenTickets(open: tickets.open, urgent: tickets.urgent)
    }
    dependencies.profile = { reader, client in
        var known = try reader.reading.clientTickets.support(ofClient: client)
        for (name, value) in try reader.reading.conversations.people(ofClient: client).members {
            known[name] = value
        }
        known["invoices"] = .array(try reader.unpaidInvoices(of: client).map { Invoice.schema.json($0) })
        return known
    }
}

extension Queryable {
    /// Returns the client's open and overdue invoices, newest first.
    fileprivate func unpaidInvoices(of client: ClientID) throws -> [Invoice] {
        try Invoice.resource.all(
            where: "client_id = \(client) AND status IN ('open', 'overdue')",
            suffix: "ORDER BY id DESC LIMIT 100", in: self)
    }
}

extension LeadFacts {
    fileprivate init(_ lead: Lead) {
        self.init(
            id: lead.id, company: lead.company, contact: lead.contactID, clientID: lead.clientID,
            budget: lead.budget, industry: lead.industry, country: lead.country,
            employeeCount: lead.employeeCount, timelineDays: lead.timelineDays, authority: lead.authority,
            painPoints: lead.painPoints, tags: lead.tags, notes: lead.notes, score: lead.score,
            status: lead.status.rawValue, values: lead.templateValues)
    }
}

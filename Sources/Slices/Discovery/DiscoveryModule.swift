internal import Addresses
internal import Agents
internal import Crawling
internal import Database
internal import Facts
internal import HTTPClient
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Sequences
package import Tenancy
internal import Transfer
internal import Wire

extension Module {
    /// Leads: how they come in, what is known of them, and who of them fits.
    package static let discovery = Module(
        "discovery", migrations: discoveryMigrations, sandboxTables: { discoverySandboxTables },
        permissions: discoveryPermissions, asks: [OutcomeDependencies.self, LeadFormDependencies.self],
        answers: [
            ModuleAnswer(to: MessagingDependencies.self) { answerMessages(&$0) },
            ModuleAnswer(to: SequenceDependencies.self) { answerSequences(&$0) },
        ],
        offers: [
            ModuleOffer(AddressedRecords.self) { _ in
                [AddressedRecords(noun: Lead.noun, table: Lead.resource.table)]
            },
            ModuleOffer((any FactTrace).self) { _ in [ImportTraces()] },
            ModuleOffer((any HookHandler).self) { parts in
                [
                    LeadFormHooks(
                        services: try parts[IntegrationServices.self], dependencies: parts.answers())
                ]
            },
        ],
        setup: discoverySetup,
        seeding: Seeding(counter: sourcesSeeded, seedSources),
        tidying: { _ in [expiringWords, expiringPageFacts, unstoredLeadAnswers] },
        services: { parts in
            let services = parts.services
            let crawler = Crawler(
                services.outbound, userAgent: services.settings.crawlerName,
                delay: services.settings.crawlDelay, sharing: CrawlTurns(services.database))
            parts.add(crawler)
            let visit = PublicVisit(crawler: crawler)
            parts.add(
                PublicPages {
                    try await visit.ask($0)
                } subscribe: {
                    await visit.subscribe($0)
                })
        },
        agents: { parts in
            let (services, crawler) = (try parts[IntegrationServices.self], try parts[Crawler.self])
            let reach = SourceReach(crawler: crawler, integrations: services, outcomes: parts.answers())
            return discoveryAgents(reach)
                + [ProspectResearchAgent(EnrichmentTools(services, crawler)), LifecycleAgent()]
        },
        slots: [CrawlJob.queue: 400, EnrichmentStart.queue: 2],
        jobs: { registration, parts in
            registration.add(ImportJob())
            registration.add(EnrichmentStart())
            registration.add(HeldEnrichments())
            registration.add(DecidedFacts())
            registration.add(EngagedLeads())
            registration.add(LifecycleMoveJob())
            registration.add(EnrichCompanyTool())
            registration.add(EnrichmentData())
            registration.add(SheetExportJob(integrations: try parts[IntegrationServices.self]))
            registration.add(CrawlJob(crawler: try parts[Crawler.self]))
            registration.add(ListCompaniesTool())
            leadFormJobs(&registration, try parts[IntegrationServices.self], parts.answers())
            registration.undoImports(of: Lead.self) { try $2.leads.archive($0, by: $1) }
            discoveryRecords(&registration)
        },
        routes: { routes, parts, runtime in
            discoveryRoutes(&routes, runtime, uploads: parts.uploads)
            let addresses = parts.services.outbound.addresses
            let integrations = try parts[IntegrationServices.self]
            sheetRoutes(&routes, integrations, runtime, folder: parts.uploads)
            crawlRoutes(&routes, runtime, addresses)
            enrichmentRoutes(&routes, runtime, integrations)
            let reach = SourceReach(
                crawler: try parts[Crawler.self], integrations: integrations, outcomes: parts.answers())
            leadSourceRoutes(&routes, reach, runtime, addresses)
            searchRoutes(&routes, runtime, reach.outcomes)
            leadFormRoutes(&routes)
        })
}

private let discoveryPermissions: [DeclaredPermission] = [
    .init("crawls:read", for: .viewer, "Read crawls and what became of their pages."),
    .init("crawls:write", for: .member, "Crawl sites, and cancel crawls."),
    .init("enrichment:read", for: .viewer, "Read which sources are asked for what, and what each costs."),
    .init("enrichment:write", for: .manager, "Change which sources are asked, and what that may cost."),
    .init("lead_sources:read", for: .viewer, "Read lead sources and how they do."),
    .init("lead_sources:write", for: .manager, "Declare, change, disable and delete lead sources."),
    .init("leads:export", for: .member, "Export leads to files."),
    .init("leads:import", for: .member, "Import leads from files."),
    .init("leads:read", for: .viewer, "Read leads, their timelines and their scores."),
    .init("leads:write", for: .member, "Create, update, merge and archive leads."),
    .init("searches:read", for: .viewer, "Read searches for leads."),
    .init("searches:write", for: .member, "Create, update, delete and run searches for leads."),
]

/// Answers what messages ask about leads.
private func answerMessages(_ dependencies: inout MessagingDependencies) {
    dependencies.lead = { reader, contact in
        try Lead.ofContact(contact, in: reader).map { try $0.templateValues(in: reader) }
    }
    dependencies.leadByID = { reader, id in
        guard let lead = try Lead.resource.find(id, in: reader) else { return nil }
        return (try lead.templateValues(in: reader), lead.contactID)
    }
    dependencies.kin = { reader, contacts in try reader.reading.leads.kin(of: contacts) }
    dependencies.upsertLead = { tx, fields in try tx.leads.upsert(fields, by: .system) }
}

/// Answers what sequences ask about leads.
private func answerSequences(_ dependencies: inout SequenceDependencies) {
    dependencies.contacted = { tx, id in
        try tx.leads.advance(id, to: .contacted)
    }
    dependencies.matchingLeads = { reader, filter, after, limit in
        let query = filter.members.map {
            QueryItem(name: $0.key, value: $0.value.text ?? $0.value.serialized)
        }
        var list = try ListQuery(Lead.resource, query, dialect: reader.dialect, oldestFirst: true)
        list.add("contact_id IS NOT NULL AND id > \(after)")
        return try reader.all(try list.select(["id"], limit: limit, after: nil, in: reader)) { LeadID($0, 1) }
    }
}

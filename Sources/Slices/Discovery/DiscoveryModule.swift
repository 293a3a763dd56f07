internal import Database
internal import HTTPClient
internal import HTTPServer
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
        permissions: discoveryPermissions,
        answers: [
            ModuleAnswer(to: MessagingDependencies.self) { answerMessages(&$0) },
            ModuleAnswer(to: SequenceDependencies.self) { answerSequences(&$0) },
        ],
        setup: discoverySetup,
        services: { parts in
            let services = parts.services
            parts.add(
                Crawler(
                    services.outbound, userAgent: services.settings.crawlerName,
                    delay: services.settings.crawlDelay))
        },
        agents: { _ in discoveryAgents },
        slots: [CrawlJob.queue: 256],
        jobs: { registration, parts in
            registration.add(ImportJob())
            registration.add(CrawlJob(crawler: try parts[Crawler.self]))
            registration.undoImports(of: Lead.self) { try $2.leads.archive($0, by: $1) }
            discoveryRecords(&registration)
        },
        routes: { routes, parts, runtime in
            discoveryRoutes(&routes, runtime, uploads: parts.uploads)
            crawlRoutes(&routes, runtime, parts.services.outbound.addresses)
        })
}

private let discoveryPermissions: [DeclaredPermission] = [
    .init("crawls:read", for: .viewer, "Read crawls and what became of their pages."),
    .init("crawls:write", for: .member, "Crawl sites, and cancel crawls."),
    .init("leads:export", for: .member, "Export leads to files."),
    .init("leads:import", for: .member, "Import leads from files."),
    .init("leads:read", for: .viewer, "Read leads, their timelines and their scores."),
    .init("leads:write", for: .member, "Create, update, merge and archive leads."),
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

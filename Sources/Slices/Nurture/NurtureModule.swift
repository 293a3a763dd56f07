internal import Agents
internal import Jobs
internal import Messages
internal import Records
package import Tenancy

extension Module {
    /// Nurture: keeping in touch with those who are not clients yet.
    package static let nurture = Module(
        "nurture", resources: [.standard(SpecialOffer.resource, writers: .manager, migration: 1322)],
        migrations: nurtureMigrations, sandboxTables: { nurtureSandboxTables },
        asks: [NurtureDependencies.self],
        answers: [ModuleAnswer(to: MessagingDependencies.self) { answerMessages(&$0) }],
        offers: [
            ModuleOffer((any TextEvidence).self) { [OfferEvidence(dependencies: $0.answers())] }
        ],
        seeding: Seeding(counter: nurtureRenewed, seedNurture),
        agents: { parts in
            [LeadNurturingAgent(dependencies: parts.answers(), outbox: try parts[Outbox.self])]
        },
        jobs: { registration, parts in
            registration.add(NurtureRhythmJob(dependencies: parts.answers()))
            registration.add(OfferEndJob())
            registration.add(NurtureWatch(dependencies: parts.answers(), messaging: parts.answers()))
            registration.add(ReferringColumn("nurture_leads", "contact_id", of: "contacts", once: "lead_id"))
            registration.add(ReferringColumn("nurture_people", "contact_id", of: "contacts"))
        },
        routes: { routes, parts, _ in nurtureFigures(&routes, parts.answers()) })
}

internal import Addresses
internal import Agents
internal import Crawling
internal import Database
internal import Jobs
internal import Media
internal import Messages
internal import Records
internal import Sequences
internal import Social
package import Tenancy

extension Module {
    /// The words that the agency writes for many, and whom they reach: segments of its records, content with its
    /// distribution, and the calendar of it.
    package static let content = Module(
        "content", migrations: contentMigrations + qualityMigrations,
        sandboxTables: { contentSandboxTables + qualitySandboxTables },
        permissions: contentPermissions,
        asks: [CalendarDependencies.self, ContentDependencies.self, WritingDependencies.self],
        answers: [
            ModuleAnswer(to: SequenceDependencies.self) { $0.segmentPeople = segmentPeople }
        ],
        offers: [
            ModuleOffer((any MessageListener).self) { parts in
                [DistributionListener(dependencies: parts.answers(), messaging: parts.answers())]
            },
            ModuleOffer((any TextEvidence).self) { _ in
                [PublishedNews(), PublishedInsights(), PublishedResource(), SeasonEvidence()]
            },
            ModuleOffer((any AddressListener).self) { _ in [SegmentAddresses()] },
            ModuleOffer(NotificationKind.self) { _ in NotificationKind.ofContent },
        ],
        seeding: Seeding(counter: calendarSeeded, seedCalendar),
        agents: { parts in
            let writing: WritingDependencies = parts.answers(), outbox = try parts[Outbox.self]
            return [
                ContentDistributionAgent(outbox, parts.answers()),
                ContentStrategyAgent(dependencies: writing),
                MultiFormatGenerator(dependencies: writing, content: parts.answers()),
                ContentQualityAgent(outbox: outbox),
            ]
        },
        jobs: { registration, parts in
            let outbox = try parts[Outbox.self]
            registration.add(DistributionPlanJob(outbox: outbox))
            registration.add(DistributionSendJob(outbox: outbox))
            registration.add(DistributionStopJob(outbox: outbox))
            registration.add(DistributionApprovals())
            registration.add(ContentReminderJob())
            registration.add(ContentReviewJob())
            publishingTools(&registration)
            registration.add(
                PublishItemJob(
                    services: outbox.integrations, preparation: try MediaPreparation(parts),
                    dependencies: parts.answers()))
            registration.add(EndedDistributions())
            registration.add(SegmentWatch())
            registration.add(SegmentMerges())
            registration.add(
                ReferringColumn("content_deliveries", "contact_id", of: "contacts", once: "content_item_id"))
            registration.add(WithdrawnStories())
            registration.add(ContentCorpusWatch())
            registration.add(ContentLinkJob(pages: try parts[PublicPages.self]))
            registration.add(PictureWordsJob(worker: try parts[MediaWorker.self]))
            registration.add(SegmentFillJob())
            registration.add(SegmentChangeJob())
        },
        routes: { routes, parts, runtime in
            segmentRoutes(&routes, runtime)
            clusterRoutes(&routes, runtime)
            contentRoutes(
                &routes, ContentDesk(outbox: try parts[Outbox.self], dependencies: parts.answers()))
            adaptRoutes(&routes)
            contentPublishingRoutes(&routes, parts.answers())
            contentFigureRoutes(&routes)
            qualityRoutes(&routes)
            brandRoutes(&routes)
            calendarRoutes(&routes, try parts[Outbox.self], parts.answers(), parts.answers())
        })
}

private let contentPermissions: [DeclaredPermission] = [
    .init("brands:read", for: .viewer, "Read how brands want to be written about."),
    .init("brands:write", for: .manager, "Create, update and delete brands."),
    .init("content_calendar:read", for: .viewer, "Read the content calendar and its rules."),
    .init(
        "content_calendar:write", for: .manager,
        "Change the rules of the content calendar, and give out links to it."),
    .init("content_items:read", for: .viewer, "Read content, its distributions and their results."),
    .init("content_items:write", for: .member, "Create, update, delete and distribute content."),
    .init("segments:read", for: .viewer, "Read segments, and which records that you may read are in them."),
    .init("segments:write", for: .member, "Create, update and delete segments."),
]

internal import Agents
internal import Database
internal import Jobs
internal import Messages
internal import Records
internal import Sequences
internal import Social
package import Tenancy
internal import Transfer

extension Module {
    /// Accounts on social networks, and the posts that are planned, checked and published there, each once.
    package static let posts = Module(
        "posts", resources: [.standard(Sound.resource, writers: .member, migration: 1510)],
        migrations: postsMigrations, sandboxTables: { postsSandboxTables },
        permissions: postsPermissions, asks: [PostsDependencies.self, PieceDependencies.self],
        answers: [
            ModuleAnswer(to: SequenceDependencies.self) { dependencies in
                dependencies.filmFaults = { reader, experiment in
                    try reader.reading.filmTrials.faults(experiment)
                }
                dependencies.beginFilm = { tx, experiment in try tx.filmTrials.begin(experiment) }
                dependencies.setFilm = { tx, experiment, variant, actor in
                    try tx.filmTrials.set(experiment, variant, by: actor)
                }
            }
        ],
        offers: [ModuleOffer(NotificationKind.self) { _ in NotificationKind.ofPosts }],
        agents: { parts in
            let pieces: PieceDependencies = parts.answers(), networks = NetworkAgents(pieces)
            return [
                SocialMediaCoordinator(dependencies: pieces, agents: networks),
                ContentPerformanceAgent(dependencies: pieces),
            ] + networks.all
        },
        slots: [PreparePostMediaJob.queue: 2],
        jobs: { registration, parts in
            postTools(&registration)
            registration.add(PlannedPostApprovals())
            registration.add(MentionWatch())
            registration.add(WatchMoodJob())
            registration.add(CompletedCampaigns())
            registration.add(HeldPosts())
            registration.add(HeldPostsJob())
            let dependencies: PostsDependencies = parts.answers()
            registration.add(ChangedContentWatch(dependencies: dependencies))
            registration.add(dependencies.transfer)
            registration.undoPostImports()
            registration.add(Sound.transfer)
            registration.add(RecyclePostJob(dependencies: dependencies))
            let preparation = try MediaPreparation(parts)
            registration.add(
                PublishPostJob(
                    services: try parts[Outbox.self].integrations, preparation: preparation,
                    dependencies: dependencies))
            registration.add(PreparePostMediaJob(preparation: preparation))
            registration.add(
                ChangePostJob(services: try parts[Outbox.self].integrations, dependencies: dependencies))
            registration.add(FilmTrialJob(services: try parts[Outbox.self].integrations))
            registration.add(ReadFiguresJob(services: try parts[Outbox.self].integrations))
            registration.add(ReadTrendsJob(services: try parts[Outbox.self].integrations))
            registration.add(ReadSpacesJob(services: try parts[Outbox.self].integrations))
        },
        routes: { routes, parts, runtime in
            let preparation = try MediaPreparation(parts)
            socialAccountRoutes(&routes)
            socialPostRoutes(&routes, parts.answers(), preparation, uploads: parts.uploads)
            soundRoutes(&routes, uploads: parts.uploads)
            soundFigureRoutes(&routes)
            postMediaRoutes(&routes, preparation, parts.services)
            postChangeRoutes(&routes)
            productRoutes(&routes, try parts[Outbox.self].integrations)
            figureRoutes(&routes)
            trendRoutes(&routes)
            spaceRoutes(&routes)
            mentionRoutes(&routes)
            predictionRoutes(&routes, parts.answers())
            comparisonRoutes(&routes, parts.answers())
        })
}

private let postsPermissions: [DeclaredPermission] = [
    .init("social_accounts:read", for: .viewer, "Read accounts on social networks, and what networks take."),
    .init("social_accounts:write", for: .manager, "Create, update and delete accounts on social networks."),
    .init("social_posts:export", for: .member, "Export posts on social networks to files."),
    .init("social_posts:import", for: .member, "Plan posts on social networks from files."),
    .init("social_posts:read", for: .viewer, "Read and check posts on social networks."),
    .init("social_posts:write", for: .member, "Create, plan, publish and cancel posts on social networks."),
    .init("sounds:export", for: .member, "Export sounds to files."),
    .init("sounds:import", for: .member, "Import sounds from files."),
]

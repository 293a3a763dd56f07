internal import Database
internal import Messages
internal import Records
package import Tenancy

extension Module {
    /// Messages one after the other, and experiments with them.
    package static let sequences = Module(
        "sequences", migrations: sequencesMigrations, sandboxTables: { sequencesSandboxTables },
        permissions: sequencesPermissions,
        asks: [SequenceDependencies.self],
        offers: [
            ModuleOffer((any MessageListener).self) { parts in [EnrollmentListener(parts.answers())] },
            ModuleOffer((any ReplyListener).self) { _ in [PrivacyTasks(), SequenceReplies()] },
            ModuleOffer(NotificationKind.self) { _ in [.privacyRequested] },
        ],
        jobs: { registration, parts in
            sequencesJobs(
                &registration, try parts[Outbox.self], parts.answers(),
                evidence: try parts.composition.offers(of: (any TextEvidence).self, parts))
        },
        routes: { routes, parts, _ in sequencesRoutes(&routes, try parts[Outbox.self], parts.answers()) })
}

private let sequencesPermissions: [DeclaredPermission] = [
    .init("experiments:read", for: .viewer, "Read experiments and their results."),
    .init("experiments:write", for: .manager, "Create, update, stop and apply experiments."),
    .init("sequences:read", for: .viewer, "Read sequences, enrolments and outreach tasks."),
    .init(
        "sequences:write", for: .manager,
        "Create, update and delete sequences, enrol contacts and leads, and handle outreach tasks."),
]

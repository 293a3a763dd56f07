internal import Database
package import Platform
internal import Records
internal import Runtime

extension Module {
    /// Messages one after the other, and experiments with them.
    package static let sequences = Module(
        "sequences", migrations: sequencesMigrations, sandboxTables: { sequencesSandboxTables },
        asks: [SequenceSources.self],
        offers: [
            ModuleOffer((any MessageListener).self) { parts in [EnrollmentListener(parts.answers())] },
            ModuleOffer((any ReplyListener).self) { _ in [PrivacyTasks(), SequenceReplies()] },
        ],
        jobs: { registration, parts in
            sequencesJobs(&registration, try parts[Outbox.self], parts.answers())
        },
        routes: { routes, parts, _ in sequencesRoutes(&routes, try parts[Outbox.self], parts.answers()) })
}

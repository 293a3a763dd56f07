internal import Agents
internal import JSON
package import Jobs
package import Messages
internal import Records
package import Routing
internal import Workflows

/// Declares the routes of sequences and of experiments with them.
package func sequencesRoutes(_ routes: inout Routes, _ outbox: Outbox, _ dependencies: SequenceDependencies) {
    sequenceEvents(&routes)
    sequenceRoutes(&routes, outbox, dependencies)
    experimentRoutes(&routes, dependencies)
    routes.openToLimited("POST /v1/sequences/{id}/enrollments")
    // The jobs of these calls reach all leads, and everybody in the sequence.
    routes.closeToLimited("POST /v1/sequences/{id}/enroll-matching", "POST /v1/sequences/{id}/migrate")
}

/// Registers what takes people through sequences, and looks at experiments.
package func sequencesJobs(
    _ registration: inout JobRegistration, _ outbox: Outbox, _ dependencies: SequenceDependencies,
    evidence: [any TextEvidence] = []
) {
    registration.add(workflow: SequenceWorkflow(outbox, evidence: evidence))
    registration.add(SequenceExits())
    registration.add(
        ReferringColumn("experiment_subjects", "contact_id", of: "contacts", once: "experiment_id"))
    registration.add(SequenceWakeJob())
    registration.add(EnrollMatchingJob(outbox, dependencies))
    registration.add(EnrollSegmentJob(dependencies: dependencies))
    registration.add(ExperimentEvaluation(dependencies: dependencies))
}

package let sequencesSandboxTables: [SandboxTable] = [
    .copied(MessageSequence.resource),
    .copied("sequence_versions"),
    .left("enrollments", because: "whoever is under way outside must not get everything twice"),
    .left("outreach_tasks", because: "they belong to enrollments, which are left behind"),
    .left("experiments", because: "they count what happens outside"),
    .left("experiment_subjects", because: "they belong to experiments, which are left behind"),
    .left("experiment_days", because: "they belong to experiments, which are left behind"),
]

private func sequenceEvents(_ routes: inout Routes) {
    routes.events(
        "enrollment",
        [
            "created": "A contact was enrolled in a sequence.", "contacted": "A step of a sequence was sent.",
            "finished": "A contact has finished a sequence.", "exited": "A contact has left a sequence.",
            "paused": "An enrolment was paused.", "resumed": "An enrolment was resumed.",
        ],
        [
            "sequence_id": .anyText, "lead_id": .textOrNull, "contact_id": .anyText, "status": .anyText,
            "position": .anyInteger, "exit_reason": .textOrNull, "author": ["type": ["object", "null"]],
        ])
    routes.event(
        "sequence.enrolled", "Contacts were enrolled in a sequence.", ["enrolled": .anyInteger])
    routes.events(
        "sequence",
        [
            "resumed": "A sequence was resumed.", "paused": "A sequence was paused.",
            "archived": "A sequence was archived.",
        ])
    routes.events(
        "outreach_task",
        [
            "open": "A step is to be done by hand.", "done": "A step was done by hand.",
            "skipped": "A step was skipped.",
        ], ["enrollment_id": .anyText])
    routes.event("experiment.concluded", "An experiment was concluded.", ["winner": .textOrNull])
    routes.event(
        "experiment.applied", "The winner of an experiment was applied.",
        ["kind": .anyText, "target": .textOrNull, "winner": .anyText, "value": [:]])
}

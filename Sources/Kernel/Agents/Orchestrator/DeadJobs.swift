internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// A job that died is told at once. Where many die of one cause a person needs one alert, not one for each:
/// beyond a few they are told together, by their kind.
extension AlertStore where Base == Transaction {
    private static var toldApart: Int { 20 }

    func raise(ofDead job: JobID, kind: String, payload: String, _ failure: JobFailure) throws {
        let agent = Self.agent(of: kind, payload)
        let severity: Alert.Severity = failure.code == JobFailure.quarantined.code ? .critical : .warning
        let cause = Saying.cause(failure.code, failure.detail)
        let action = Saying.remedy(failure.code, isOver: failure.course == .terminal)
        if try open(kind: "job_dead", limit: Self.toldApart).count < Self.toldApart {
            try raise(
                kind: "job_dead", severity: severity, subject: Subject(job), agent: agent,
                title: Saying(
                    "alert.job_dead",
                    [
                        "is_run": .flag(agent != nil), "agent": .text(agent ?? ""), "kind": .text(kind),
                        "detail": .saying(cause),
                    ]),
                action: Saying("alert.job_dead_do", ["action": .saying(action)]))
        } else {
            try raise(
                kind: "jobs_dying", severity: .critical, subject: Subject(type: "job_kind", id: kind),
                agent: agent,
                title: Saying("alert.jobs_dying", ["kind": .text(kind), "detail": .saying(cause)]),
                action: Saying("alert.jobs_dying_do"))
        }
    }

    /// A dead job was made once more, or is no longer wanted.
    func resolve(ofDead job: JobID) throws {
        try resolve(kind: "job_dead", subject: Subject(job))
    }

    private static func agent(of kind: String, _ payload: String) -> String? {
        kind == AgentRunJob.kind ? JSON(stored: payload)["agent"]?.text : nil
    }
}

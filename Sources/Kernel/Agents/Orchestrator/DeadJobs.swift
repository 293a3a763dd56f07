internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// A job that died is told at once. Where many die of one cause a person needs one alert, not one for each:
/// beyond a few they are told together, by their kind.
extension AlertStore where Base == Transaction {
    private static var toldApart: Int { 20 }

    func raise(ofDead job: JobID, kind: String, payload: String, _ failure: JobFailure) throws {
        let agent = Self.agent(of: kind, payload)
        let severity: Alert.Severity = failure.code == JobFailure.quarantined.code ? .critical : .warning
        let what = agent.map { "A run of \($0)" } ?? "A \(kind) job"
        let action = failure.json["recommended_action"]?.text ?? ""
        if try open(kind: "job_dead", limit: Self.toldApart).count < Self.toldApart {
            try raise(
                kind: "job_dead", severity: severity, subject: Subject(job), agent: agent,
                title: "\(what) failed permanently: \(failure.detail)",
                action: action + " Retry it with POST /v1/jobs/\(job)/retry.")
        } else {
            try raise(
                kind: "jobs_dying", severity: .critical, subject: Subject(type: "job_kind", id: kind),
                agent: agent, title: "Many \(kind) jobs fail permanently: \(failure.detail)",
                action: "Fix the cause, then retry the jobs that GET /v1/jobs?state=dead&kind=\(kind) lists.")
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

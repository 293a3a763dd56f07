internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns

/// The actor of an agent's turn in a conversation: a run of the agent, or a job without one, which is quicker.
enum ReplyRunner: Sendable {
    case run(AgentRunID)
    case job(JobContext)

    /// Gives the run to which what is said goes back. Of a job's turn it is kept with the words: ask once for each.
    func runID(of agent: String, _ parameters: JSON, in tx: Transaction) throws -> AgentRunID {
        switch self {
        case .run(let id): id
        case .job(let job): try tx.runs.keepTurn(of: agent, by: job, parameters)
        }
    }
}

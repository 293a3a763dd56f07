internal import Database
package import JSON
package import Jobs
package import Nouns
package import Records
internal import Telemetry

/// A wish to have a tool called.
package struct ToolRequest: Sendable {
    package var tool: String
    package var arguments: JSON
    package var caller: ToolCaller
    /// Names the effect: derived from its cause, and the same however often it is attempted. What has succeeded
    /// under a key is not done again; its result comes back.
    package var key: String
    /// The number of the attempt, from 1; a new one is a new call against budgets and quotas.
    package var attempt: Int
    /// The reason in words; shown to the person who approves.
    package var reason: String?
    /// Whether a person has said yes to it.
    package var isApproved = false
    /// Whether a person is asked first, however far its agent goes by itself otherwise: it is beyond what the agency
    /// lets the agent do alone.
    package var asksFirst = false

    package init(
        tool: String, arguments: JSON, caller: ToolCaller, key: String, attempt: Int = 1,
        reason: String? = nil
    ) {
        (self.tool, self.arguments, self.caller) = (tool, arguments, caller)
        (self.key, self.attempt, self.reason) = (key, attempt, reason)
    }
}

/// The actor, agent and run on whose behalf a tool is called.
package struct ToolCaller: Sendable {
    package var actor: Actor
    /// The agent whose autonomy and budget apply.
    package var agent: String?
    /// The agent's or workflow's run; what loops are looked for in.
    package var runID: RunID?
    /// The decision that it carries out.
    package var decisionID: DecisionID?
    package var subject: Subject?
    /// The client and the campaign whose budgets apply, too.
    package var clientID: ClientID?, campaignID: String?
    /// The permissions of the caller, where they are narrower than those of its actor; `nil`: as its actor's.
    package var permissions: Set<Permission>?
    /// The tools that its policy allows; `nil`: all.
    package var tools: Set<String>?

    package init(
        actor: Actor, agent: String? = nil, runID: RunID? = nil, subject: Subject? = nil,
        clientID: ClientID? = nil, campaignID: String? = nil, decisionID: DecisionID? = nil,
        permissions: Set<Permission>? = nil, tools: Set<String>? = nil
    ) {
        (self.actor, self.agent, self.runID, self.subject) = (actor, agent, runID, subject)
        (self.clientID, self.campaignID, self.decisionID) = (clientID, campaignID, decisionID)
        (self.permissions, self.tools) = (permissions, tools)
    }
}

/// The result of beginning a call.
package enum ToolStart: Sendable {
    /// It is done, and this is its result.
    case done(JSON)
    /// It is to be performed outside of any transaction, then settled.
    case proceed(ToolExecution)
    /// A person is asked; the id of the approval. Once approved, it is done without the caller.
    case awaitsApproval(ApprovalID)
}

/// The right to one attempt of a call, with what it holds from budgets until it is settled.
package struct ToolExecution: Sendable {
    package let call: ToolCall
    package let tool: String
    package let timeout: Duration
    /// Nothing leaves: this is the result.
    let captured: JSON?
    /// Distinguishes it from an earlier attempt with the same number, whose worker was given up.
    let round: Int
    let estimate: ToolUsage
    /// The agency's own, where the arguments name one.
    let connector: Connector?
    let argumentsHash: String
    let cacheTime: Duration?
    let work: @Sendable (ToolCall) async throws -> ToolAnswer
}

/// The outcome of an attempt.
package struct ToolOutcome: Sendable {
    package let result: Result<ToolAnswer, ToolFailure>
    /// The duration by the clock that never jumps.
    package let took: Duration

    package init(_ result: Result<ToolAnswer, ToolFailure>, took: Duration = .zero) {
        (self.result, self.took) = (result, took)
    }
}

package import Agents
internal import Database
internal import Intelligence
package import JSON
package import Jobs
internal import Messages
internal import Nouns
package import Records
internal import Wording

/// Talks with customers over chats, from what the agency has written down, and hands over to people: on request, when
/// somebody has had enough, when it has failed before, and whenever it does not know. What rules can answer, a job
/// answers at once; a run is for what a model is asked.
package struct PrimaryAgent: AgentDefinition {
    static let agentName = "primary_agent"
    /// The tool with which it notes the needs that somebody tells of.
    static let recordTool = "update_record"
    package let name = PrimaryAgent.agentName
    package let title = "Primary conversation"
    package let purpose = "Talks with customers, and hands over to people."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let messages: [any AgentMessage.Type] = [StateSync.self]
    package let sendingPriority = SendingPriority.primaryAgent
    package let tools = [SendMessage.tool, PrimaryAgent.recordTool, CallModelTool.name]
    package let initiative = Initiative.answers
    package let permissions: Set<Permission> = [
        "contacts:read", "companies:read", "leads:read", "leads:write", "articles:read", "conversations:read",
        "conversations:write", SendMessage.permission,
    ]

    package typealias Settings = PrimarySettings

    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    package func faults(parameters: JSON) -> [ValueFault] {
        guard let given = parameters["conversation_id"] else { return [] }
        guard given.text.flatMap({ ID<Conversation>($0) }) == nil else { return [] }
        return [
            ValueFault(
                pointer: "/conversation_id", code: "invalid_id",
                detail: "conversation_id must be the id of a conversation."
            )
        ]
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        try await run.receive { message, _ in run.log(message.type, message.body) }
        guard let id = run.parameters["conversation_id"]?.id(of: Conversation.self) else {
            return try await run.finish { _ in ["answered": false] }
        }
        let services = services
        let draft = try run.read { reader -> AnswerDraft? in
            guard let last = try reader.handovers.lastWords(in: id) else { return nil }
            return try AnswerDraft(of: last.id, in: id, services, reader)
        }
        guard let draft else {
            return try await run.finish { _ in ["answered": false] }
        }
        services.showThinking(about: draft, isAsking: draft.wantsModel, run.job)
        let answer = try await ModelAnswer.ask(about: draft, run)
        let needs = answer == nil ? try await ModelNeeds.ask(about: draft, run) : nil
        do {
            return try await run.finish { tx in
                let isSaid = try services.commit(
                    draft, .run(run.id), answer: answer, needs: needs, tx)
                return ["answered": .bool(isSaid), "by_model": .bool(answer != nil || needs != nil)]
            }
        } catch let problem as Problem where problem.code == ProblemType.lockLost.code {
            // The agent says it again to another state of the conversation, unless somebody else has spoken.
            guard try run.read({ try draft.isLate(in: $0) }) else { throw problem }
            let detail = problem.detail
            return try await run.finish { tx in
                try draft.reportConflict(detail, tx)
                return ["answered": false]
            }
        }
    }
}

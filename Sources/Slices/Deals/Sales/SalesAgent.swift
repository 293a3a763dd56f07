package import Agents
internal import Database
package import JSON
internal import Jobs
internal import Messages
internal import Nouns
package import Records
internal import Telemetry
internal import Wording

/// Takes deals from an answer to a signed contract: asks what is still open, proposes, follows up, answers
/// objections, sends contracts. Prices, recipients and steps come from rules and records alone.
package struct SalesAgent: AgentDefinition {
    package typealias Settings = SalesSettings

    package let name = salesAgent
    package let title = "Sales"
    package let purpose = "Moves deals: needs, proposals, follow-ups, objections, contracts."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let schedules = [DefaultSchedule(name: "Sales", cron: "daily")]
    package let dailyHour = 14
    package let events = ["message.replied", "proposal.accepted"]
    package let permissions: Set<Permission> = [
        "deals:read", "deals:write", "proposals:read", "proposals:write", "contracts:read", "contracts:write",
        "packages:read", "leads:read", "leads:write", "contacts:read", "contacts:write", "companies:read",
        "companies:write", "messages:read", "messages:write", "sequences:read", "sequences:write",
    ]
    package let tools = [
        SendMessage.tool, SendProposalTool.name, SendContractTool.name, CallModelTool.name, "create_record",
        "update_record",
    ]
    package let initiative = Initiative.writesFirst

    private let services: DealsServices

    package init(_ services: DealsServices) { self.services = services }

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        var done: [String: Int] = [:]
        for subject in try run.eventSubjects() {
            let step = try await run.step(subject.type, note: ["id": .string(subject.id)]) {
                try await take(subject, settings, run)
            }
            if let step {
                done[step, default: 0] += 1
                run.processed()
            }
        }
        if run.trigger != .event {
            let followUps = try await FollowUps(services, settings, run).send()
            if followUps > 0 { done["follow_up"] = followUps }
            run.processed(followUps)
        }
        let counts = JSONObject(done.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })
        return try await run.finish { _ in ["steps": .object(counts)] }
    }

    private func take(_ subject: Subject, _ settings: SalesSettings, _ run: AgentRun) async throws -> String?
    {
        switch subject.type {
        case Message.noun:
            guard let id = subject.id(of: Nouns.Message.self) else { return nil }
            let services = services
            let words = try await ModelReplies.ask(about: id, run)
            return try await run.write { tx in
                var turn = try SaleStep(services, settings, run, tx)
                return try turn?.answer(id, words)
            }
        case Proposal.noun:
            guard let id = subject.id(of: Proposal.self) else { return nil }
            let services = services
            return try await run.write { tx in try SaleStep(services, settings, run, tx)?.accepted(id) }
        default: return nil
        }
    }
}

package let salesAgent = "sales_automation"

package struct SalesSettings: AgentSettings {
    package var followUpFrequency = 3
    package var followUpsMax = 3
    package var sendsProposals = true
    package var sendsContracts = true

    package init() {}

    package static let schema = Schema<SalesSettings>(
        "SalesSettings",
        [
            .integer(
                "follow_up_frequency", \.followUpFrequency, in: 1...365, .standard(3),
                .about("Days between follow-ups.")),
            .integer(
                "follow_ups_max", \.followUpsMax, in: 0...20, .standard(3),
                .about("Follow-ups to one proposal, or to one round of questions.")),
            .boolean(
                "sends_proposals", \.sendsProposals, .standard(true), .about("Else it only drafts them.")),
            .boolean(
                "sends_contracts", \.sendsContracts, .standard(true), .about("Else it only drafts them.")),
        ])
}

internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Decides what is pressed in the staff's chat, as the user whom it was pressed by.
struct StaffDesk: Sendable {
    let outbox: Outbox

    private struct Answer: Sendable {
        let text: String
        /// Nothing is left to decide: the buttons go.
        var isOver = false
    }

    /// Decides and settles the receipt in one transaction, and tells whoever pressed.
    func take(
        _ press: StaffPress, through chat: any StaffChat, _ integration: Integration, _ receipt: HookReceipt,
        _ job: JobContext
    ) async throws {
        let access = try await outbox.integrations.freshAccess(to: integration, of: job.tenant, chat)
        let team = chat.workspace(integration.settings)
        var person: StaffPerson?
        // Other workspaces share channels with ours, and their people see the buttons.
        if let team, press.workspace == team, !job.isSandbox {
            person = await chat.person(press.user, access)
        }
        let known = person.flatMap { $0.isActive && $0.workspace ?? team == team ? $0 : nil }
        let answer = try await job.complete { tx in
            let answer = try decide(press, by: known, of: team, tx)
            try tx.hookReceipts.settle(receipt.id, .processed)
            return answer
        }
        if let address = press.answerAt, !job.isSandbox {
            _ = await chat.answer(answer.text, at: address, replacing: answer.isOver, access)
        }
    }

    private func decide(
        _ press: StaffPress, by person: StaffPerson?, of team: String?, _ tx: Transaction
    ) throws -> Answer {
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(tenant.locale)
        let stranger = Answer(text: words("slack.stranger", ["agency": .text(tenant.name)]))
        guard let person, let team else { return stranger }
        try tx.staff.note(person, of: team)
        guard let user = try tx.staff.colleague(person.id, of: team, email: person.email) else {
            return stranger
        }
        let held = try outbox.services.permissions.held(by: Actor(user.id), in: tx) ?? []
        guard user.clientID == nil, held.contains("approvals:decide") else {
            return Answer(text: words("slack.forbidden"))
        }
        switch press.action {
        case StaffPress.ask: return Answer(text: try waiting(words, tx))
        case StaffPress.approve:
            return try decide(press.value, .approve(changes: nil), by: user, words, tx)
        case StaffPress.reject:
            return try decide(press.value, .reject(reason: words("slack.reason")), by: user, words, tx)
        default: return Answer(text: words("slack.absent"))
        }
    }

    private func decide(
        _ value: String, _ decision: ApprovalDecision, by user: User, _ words: Wording, _ tx: Transaction
    ) throws -> Answer {
        guard let id = ApprovalID(value), let approval = try tx.approvals.find(id) else {
            return Answer(text: words("slack.absent"))
        }
        do {
            let decided = try tx.attempt { try tx.approvals.decide(id, decision, by: Actor(user.id)) }
            guard decided.status != .pending else {
                return Answer(text: words("slack.seconded", ["title": .text(approval.title(in: words))]))
            }
            return Answer(
                text: try tx.staff.decided(decided, words)
                    ?? words("slack.over", ["title": .text(approval.title(in: words))]), isOver: true)
        } catch ApprovalError.alreadyDecided {
            let now = try tx.approvals.find(id) ?? approval
            return Answer(
                text: try tx.staff.decided(now, words)
                    ?? words("slack.over", ["title": .text(approval.title(in: words))]), isOver: true)
        } catch let error as ApprovalError {
            return Answer(text: error.problem.detail)
        } catch let problem as Problem {
            return Answer(text: problem.detail)
        }
    }

    private func waiting(_ words: Wording, _ tx: Transaction) throws -> String {
        let count =
            try tx.int(
                "SELECT count(*) FROM approvals WHERE tenant_id = \(tx.tenant) AND status = 'pending'") ?? 0
        let told = words("slack.waiting", ["count": .number(Int(count))])
        return "\(told)\n\(outbox.services.settings.publicURL)/#/approvals"
    }
}

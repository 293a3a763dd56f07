internal import Agents
package import Database
package import Integrations
internal import Nouns
internal import JSON
internal import Jobs
internal import Records
internal import Workflows

/// The handler of generic hooks, which any program can call: each receipt becomes an event and, by the integration's
/// setting `on_event`, also a record, or starts a workflow.
///
///     "on_event": {"lead.submitted": {"upsert_lead": {"match_on": "email", "fields": {"company": "firm"}},
///                                     "start_workflow": {"workflow_id": "wf_…", "state": {"plan": "tier"}}}}
package struct GenericInbox: PromptHookHandler {
    package let providers: Set<String> = ["generic", "segment_source"]
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func process(_ receipt: HookReceipt, of integration: Integration, in tx: Transaction) throws {
        let data = receipt.payload["data"] ?? .null
        try tx.publish(
            "hook.received", integration.subject,
            ["type": .string(receipt.type), "data": data, "receipt_id": JSON(receipt.id)])
        guard let wanted = integration.settings["on_event"]?[receipt.type] else {
            return try tx.hookReceipts.settle(receipt.id, .processed)
        }
        var notes: [String] = []
        do {
            try tx.attempt {
                if let rule = wanted["upsert_lead"] {
                    notes.append("lead \(try Self.upsert(rule, data, outbox, tx))")
                }
                if let rule = wanted["start_workflow"] {
                    notes.append("workflow run \(try Self.start(rule, data, tx))")
                }
            }
        } catch let problem as any ProblemConvertible {
            return try tx.hookReceipts.fail(receipt, problem.problem.code, problem.problem.detail)
        }
        try tx.hookReceipts.settle(
            receipt.id, .processed, note: notes.isEmpty ? nil : notes.joined(separator: ", "))
    }

    /// Picks members of the data by names that a dot leads into: `firm.name`.
    private static func picked(_ fields: JSON?, from data: JSON) -> JSONObject {
        var result: JSONObject = [:]
        for (name, path) in fields?.object?.members ?? [] {
            let value = (path.text ?? "").split(separator: ".").reduce(JSON?.some(data)) { $0?[String($1)] }
            if let value, !value.isNull { result.append(name, value) }
        }
        return result
    }

    private static func upsert(
        _ rule: JSON, _ data: JSON, _ outbox: Outbox, _ tx: Transaction
    ) throws -> String {
        var fields = picked(rule["fields"], from: data)
        fields.append("match_on", rule["match_on"] ?? "email")
        return try outbox.dependencies.upsertLead(tx, fields).text
    }

    private static func start(_ rule: JSON, _ data: JSON, _ tx: Transaction) throws -> WorkflowRunID {
        try tx.workflows.startGraph(
            rule["workflow_id"]?.id() ?? .unset, state: picked(rule["state"], from: data), by: .system
        ).id
    }
}

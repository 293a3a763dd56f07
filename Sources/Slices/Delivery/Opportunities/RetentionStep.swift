internal import Database
internal import JSON
internal import Nouns
package import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// A step by which a client is kept, with the records that call for it.
package struct RetentionStep: Part {
    package var text = ""
    package var evidence: [String] = []

    package init() {}
    init(_ text: String, because evidence: [String]) { (self.text, self.evidence) = (text, evidence) }

    package static let schema = Schema<RetentionStep>(
        "RetentionStep",
        [
            .text("text", \.text, max: 500, .required, .about("The action to take.")),
            .texts(
                "evidence", \.evidence, max: recordsMax, length: 64,
                .about("The ids of the records that call for it.")),
        ])

    /// The records that are named of each trouble, so that all of them are evidence of the opportunity.
    static let recordsMax = 7
}

extension OpportunityStore {
    /// Returns the steps by which a client is kept: one for each trouble that there are records of.
    func plan(
        toKeep client: Client, _ dependencies: OpportunityDependencies
    ) throws -> [RetentionStep] {
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(tenant.locale)
        let today = tenant.today(tx.now).iso
        let support = try dependencies.support(tx, client.id, RetentionStep.recordsMax)
        let troubles: [(String, [String])] = [
            ("tickets", support.tickets),
            ("satisfaction", client.satisfaction.map { $0 < 7 } ?? false ? support.answers : []),
            ("invoices", try dependencies.overdue(tx, client.id, RetentionStep.recordsMax)),
            ("changes", try records("deliverables", of: client.id, "status = 'changes_requested'")),
            (
                "overdue",
                try records("tasks", of: client.id, "status IN ('todo', 'doing') AND due_on < \(today)")
            ),
            ("blocked", try records("tasks", of: client.id, "status = 'blocked'")),
        ]
        return troubles.filter { !$0.1.isEmpty }.map { trouble, records in
            RetentionStep(words("opportunity.step", ["trouble": .text(trouble)]), because: records)
        }
    }

    private func records(_ table: SQL, of client: ClientID, _ condition: SQL) throws -> [String] {
        try tx.all(
            "SELECT id FROM " + table + " WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND "
                + condition + " ORDER BY id LIMIT \(RetentionStep.recordsMax)"
        ) { $0.text(0) }
    }
}

extension Opportunity {
    /// Says how the client is to be kept, and names every record that says so.
    mutating func plan(_ steps: [RetentionStep], because own: [String]) {
        self.steps = Parts(steps)
        evidence = own + steps.flatMap(\.evidence)
    }
}

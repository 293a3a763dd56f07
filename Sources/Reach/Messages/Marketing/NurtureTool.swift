internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The input of the tool: a contact, and tags or an automation for it.
struct NurtureInput: Declared {
    var contactID: ContactID?
    var integrationID: IntegrationID?
    var tags: [String] = []
    var automation: String?

    static let schema = Schema<NurtureInput>(
        "NurtureInput",
        [
            .id("contact_id", \.contactID, .required, .about("The contact, who is on the service's list.")),
            .id("integration_id", \.integrationID, .required, .about("The marketing service.")),
            .texts("tags", \.tags, max: 20, length: 100, .about("Tags that the contact gets there.")),
            .text(
                "automation", \.automation, max: 100,
                .about("The automation that starts for the contact, by its id there.")),
        ])

    var faults: [ValueFault] {
        tags.isEmpty && automation == nil
            ? [ValueFault(pointer: "/tags", code: "required", detail: "Name tags, or an automation.")] : []
    }
}

/// Hands somebody over to a marketing service's own series of mails, by tags or an automation. Nobody is put on a list
/// by that, and nobody whom marketing may not write to.
struct NurtureTool: QueuedTool {
    static let name = "nurture_there"
    let title = "Nurture at a marketing service"
    let summary =
        "Tags a contact at a marketing service or starts an automation there; never adds one to a list."
    let effect = ToolClass.sends
    let outbox: Outbox

    func permission(for input: NurtureInput) -> Permission? { SendMessage.permission }
    func faults(_ input: NurtureInput) -> [ValueFault] { input.faults }

    func preview(_ input: NurtureInput) -> ToolPreview {
        ToolPreview(
            title: title, text: (input.tags + [input.automation].compactMap(\.self)).joined(separator: ", "),
            recipient: input.contactID?.keyText)
    }

    func queue(_ input: NurtureInput, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        try outbox.nurture(input, key: call.key, in: tx)
    }
}

extension Outbox {
    /// Stores what a marketing service is to do, after it was looked whether it may.
    func nurture(_ input: NurtureInput, key: String, in tx: Transaction) throws -> JSON {
        let contact = try Contact.resource.get(input.contactID ?? .unset, in: tx)
        let id = input.integrationID ?? .unset
        guard let integration = try Integration.resource.find(id, in: tx),
            integration.capability == .marketing,
            let service = integrations.providers[integration.provider] as? any MarketingNurture
        else {
            throw Problem(faults: [
                Fault("/integration_id", "not_found", "integration_id must name a marketing service.")
            ])
        }
        if input.automation != nil, !service.startsAutomations {
            throw Problem(faults: [
                Fault(
                    "/automation", "invalid_choice",
                    "\(service.title) starts its automations by tags: name the tag instead.")
            ])
        }
        if let reason = try nurtureRefusal(of: contact, in: tx) {
            throw Problem(.conflict, "Marketing may not write to the contact: \(reason.detail)")
        }
        // Nothing leaves a sandbox.
        guard !tx.sandboxClock.isSandbox else { return ["status": "captured"] }
        try tx.jobs.enqueue(
            NurtureJob.self,
            .init(
                integration: id, contact: contact.id, tags: input.tags, automation: input.automation, key: key
            ),
            JobOptions(uniqueKey: key, uniqueness: .untilFinished, subject: contact.subject))
        return ["status": "queued"]
    }

    /// Returns why marketing may not write to somebody, whatever the hour; `nil`: it may.
    fileprivate func nurtureRefusal(of contact: Contact, in reader: some Queryable) throws -> Reason? {
        let final: Set = [
            "brake", "no_address", "unsubscribed", "suppressed", "no_consent", "human_support_requested",
            "in_sales_process", RecordHold.code,
        ]
        return try Sendability(.init(contact, .email, .marketing), dependencies, in: reader).reasons
            .first { final.contains($0.code) }
    }
}

/// Asks a marketing service how somebody stands on its list, and tags them or starts an automation for those who are
/// on it. An automation whose start may have come through is not started again.
struct NurtureJob: JobKind {
    struct Payload: Codable, Sendable {
        let integration: IntegrationID
        let contact: ContactID
        let tags: [String]
        let automation: String?
        let key: String
    }

    static let kind = "marketing.nurture"
    static let queue = "outbox"
    static let attemptsMax = 100
    static let retry = RetryPolicy(base: .seconds(2), cap: .seconds(3600))
    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let (integration, contact) = try job.read { reader in
            (
                try Integration.resource.find(payload.integration, in: reader),
                try Contact.resource.find(payload.contact, in: reader)
            )
        }
        guard let integration, let contact, let address = contact.address(on: .email),
            let service = outbox.integrations.providers[integration.provider] as? any MarketingNurture
        else { return }
        do {
            if !payload.tags.isEmpty {
                try await perform("tags", payload, integration, service, job) {
                    access, reach async throws(ToolFailure) in
                    try await Self.checkStanding(of: address, service, access, reach)
                    try await service.tag(address, payload.tags, access, reach)
                }
            }
            if let automation = payload.automation {
                try await perform("automation", payload, integration, service, job) {
                    access, reach async throws(ToolFailure) in
                    try await Self.checkStanding(of: address, service, access, reach)
                    try await service.start(automation, for: address, access, reach)
                }
            }
        } catch let failure as ToolFailure where failure.code == "rate_limited" {
            throw JobSnooze(for: failure.retryAfter ?? .seconds(30), waitingFor: failure.code)
        } catch let failure as ToolFailure where !failure.isRetryable || failure.isAmbiguous {
            // The call says why; what may have been done is not done twice.
            return
        }
    }

    private static func checkStanding(
        of address: String, _ service: any MarketingNurture, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        guard try await service.standing(of: address, access, reach) == .subscribed else {
            throw ToolFailure(
                "not_subscribed", "The address is not on the list, or has left it.", isRetryable: false)
        }
    }

    private func perform(
        _ part: String, _ payload: Payload, _ integration: Integration, _ service: any MarketingNurture,
        _ job: JobContext, _ work: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Void
    ) async throws {
        let caller = ToolCaller(
            actor: .system, subject: Subject(payload.contact), clientID: integration.clientID)
        let key = "\(payload.key)/\(part)"
        try await outbox.integrations.perform(
            ServiceEffect(NurtureTool.name, key: key, for: caller), at: integration, as: service, job
        ) { tx in
            // Done before, or somebody has left meanwhile.
            guard try !tx.connectorCalls.isDone(key: key),
                let contact = try Contact.resource.find(payload.contact, in: tx)
            else { return false }
            return try outbox.nurtureRefusal(of: contact, in: tx) == nil
        } _: { access, permit async throws(ToolFailure) in
            try await work(access, permit.reach)
        } end: { _, _ in
        }
    }
}

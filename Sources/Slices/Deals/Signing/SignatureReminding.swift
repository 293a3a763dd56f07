internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

extension DealsServices {
    /// Has whoever is to sign a contract at a service reminded by it; at most once on a day.
    func remindOfSignature(_ old: Contract, by actor: Actor, in tx: Transaction) throws -> Contract {
        guard old.status == .sent, let signature = old.signature, signature.isPending,
            let request = try tx.signatures.request(of: old.id), request.isOut, request.state != .signed
        else {
            throw Problem(
                .invalidTransition,
                "No service waits for a signature of this contract, so none can remind of it.",
                extra: ["allowed": []])
        }
        let zone = try tx.agency.tenant().zone
        if let last = signature.remindedAt, zone.local(of: last).date == zone.local(of: tx.now).date {
            throw Problem(
                .alreadyReminded, "\(signature.via.title) was asked for a reminder today already.",
                extra: ["reminded_at": .string(last.description)])
        }
        return try remindOfSignature(old, signature, request, by: actor, in: tx)
    }

    /// Has a service remind that does not do it by itself, where it is time.
    func remindWhenDue(
        _ id: ContractID, _ request: SignatureRequest, _ provider: any Signatures, in tx: Transaction
    ) throws {
        guard !provider.remindsByItself, let contract = try Contract.resource.find(id, in: tx),
            contract.status == .sent, let signature = contract.signature,
            signature.isReminderDue(since: request.sentAt ?? request.createdAt, at: tx.now)
        else { return }
        _ = try remindOfSignature(contract, signature, request, by: .system, in: tx)
    }

    private func remindOfSignature(
        _ old: Contract, _ signature: ContractSignature, _ request: SignatureRequest, by actor: Actor,
        in tx: Transaction
    ) throws -> Contract {
        var contract = old, signature = signature
        (signature.reminders, signature.remindedAt) = (signature.reminders + 1, tx.now)
        contract.signature = signature
        try tx.update(old, to: &contract, by: actor, action: "contract.reminded")
        try tx.publish("contract.reminded", contract.subject, contract.payload)
        try tx.jobs.enqueue(
            SignatureRemindJob.self, .init(request: request.id, number: signature.reminders),
            JobOptions(uniqueKey: "\(request.id)/\(signature.reminders)", subject: contract.subject))
        return contract
    }
}

extension ContractSignature {
    /// The time for which whoever is to sign is left in peace, and the number of reminders that leave by
    /// themselves.
    private static let pause: Duration = .seconds(3 * 86_400), remindersMax = 5

    func isReminderDue(since sent: Instant, at now: Instant) -> Bool {
        isPending && reminders < Self.remindersMax && now - (remindedAt ?? sent) >= Self.pause
    }
}

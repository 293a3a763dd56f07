package import Database
internal import JSON
internal import Records
package import Runtime
internal import Telemetry

/// Works on what the hooks of some providers bring. One instance serves every tenant.
package protocol HookHandler: Sendable {
    /// The providers whose receipts it takes.
    var providers: Set<String> { get }
    /// Does what follows from a receipt. What is to happen once happens in `job.complete`, together with
    /// `tx.settle(receipt.id, …)`; a handler that returns without it has the receipt marked as processed.
    func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws
}

/// Hands a receipt to the handler of its provider.
package struct HookJob: JobKind {
    package struct Payload: Codable, Sendable { let receipt: String }

    package static let kind = "hook.process"
    package static let queue = "hooks"

    private let handlers: [String: any HookHandler]

    package init(_ handlers: [any HookHandler]) {
        var table: [String: any HookHandler] = [:]
        for handler in handlers {
            for provider in handler.providers {
                precondition(table[provider] == nil, "two handlers for the hooks of \(provider)")
                table[provider] = handler
            }
        }
        self.handlers = table
    }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        let found = try job.read { reader -> (HookReceipt, Integration?)? in
            guard let receipt = try reader.hookReceipt(payload.receipt) else { return nil }
            let integration = try ID<Integration>(receipt.integrationID).flatMap {
                try Integration.resource.find($0, in: reader)
            }
            return (receipt, integration)
        }
        guard let (receipt, integration) = found, receipt.status == .received else { return }
        guard let integration, let handler = handlers[receipt.provider] else {
            let note = integration == nil ? "its integration is gone" : "nothing here works on it"
            try await job.complete { tx in try tx.settle(receipt.id, .ignored, note: note) }
            return
        }
        try await handler.process(receipt, of: integration, job)
        if !job.isCompleted { try await job.complete { tx in try tx.settle(receipt.id, .processed) } }
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead(let failure): try tx.settle(payload.receipt, .failed, note: failure.detail)
        case .cancelled: try tx.settle(payload.receipt, .failed, note: "its job was cancelled")
        case .revived:
            try tx.run(
                """
                UPDATE hook_receipts SET status = 'received', note = NULL, processed_at = NULL
                WHERE tenant_id = \(tx.tenant) AND id = \(payload.receipt)
                """)
        case .retried, .snoozed: break
        }
    }
}

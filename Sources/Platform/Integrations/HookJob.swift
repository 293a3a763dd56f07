package import Database
internal import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Works on what the hooks of some providers bring. One instance serves every tenant.
package protocol HookHandler: Sendable {
    /// The providers whose receipts it takes.
    var providers: Set<String> { get }
    /// Does what follows from a receipt. What is to happen once happens in `job.complete`, together with
    /// `tx.settle(receipt.id, …)`; a handler that returns without it has the receipt marked as processed.
    func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws
}

/// A handler for which the transaction is enough: what came together is worked on together.
package protocol PromptHookHandler: HookHandler {
    /// Does what follows from a receipt, `tx.settle(receipt.id, …)` included.
    func process(_ receipt: HookReceipt, of integration: Integration, in tx: Transaction) throws
}

extension PromptHookHandler {
    package func process(
        _ receipt: HookReceipt, of integration: Integration, _ job: JobContext
    ) async throws {
        try await job.complete { tx in try process(receipt, of: integration, in: tx) }
    }
}

/// Hands receipts to the handlers of their providers.
package struct HookJob: JobKind {
    package struct Payload: Codable, Sendable {
        /// One after the other: hundreds of strings are slow to write as JSON.
        private let ids: String

        init(receipts: [ID<HookReceipt>]) { ids = receipts.map { "\($0)" }.joined(separator: " ") }

        var receipts: [ID<HookReceipt>] {
            ids.utf8.split(separator: UInt8(ascii: " ")).compactMap { ID(String(Substring($0))) }
        }
    }

    package static let kind = "hook.process"
    package static let queue = "hooks"

    /// The writer is not held for longer than others like to wait.
    private static let togetherMax = 25

    private let handlers: Deferred<[String: any HookHandler]>

    package init(_ handlers: [any HookHandler]) {
        self.handlers = Deferred {
            var table: [String: any HookHandler] = [:]
            for handler in handlers {
                for provider in handler.providers {
                    precondition(table[provider] == nil, "two handlers for the hooks of \(provider)")
                    table[provider] = handler
                }
            }
            return table
        }
    }

    /// A connector of an agency's own has the handler of all of them.
    private func handler(of provider: String) -> (any HookHandler)? {
        handlers.value[provider]
            ?? (provider.hasPrefix(DeclaredConnector.prefix) ? handlers.value[DeclaredConnector.prefix] : nil)
    }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        let receipts = payload.receipts
        if receipts.count == 1 { return try await process(receipts[0], job) }
        for start in stride(from: 0, to: receipts.count, by: Self.togetherMax) {
            let group = Array(receipts[start..<min(start + Self.togetherMax, receipts.count)])
            if try await processTogether(group, job) { continue }
            for receipt in group { try await processOrPostpone(receipt, job) }
        }
    }

    /// False where they have to be worked on one by one: their handler wants it so, or one of them fails.
    private func processTogether(_ receipts: [ID<HookReceipt>], _ job: JobContext) async throws -> Bool {
        let found = try job.read { reader -> ([HookReceipt], Integration)? in
            let receipts = try receipts.compactMap { try reader.hookReceipts.find($0) }.filter {
                $0.status == .received
            }
            guard let first = receipts.first,
                receipts.allSatisfy({ $0.integrationID == first.integrationID }),
                let integration = try Integration.resource.find(first.integrationID, in: reader)
            else { return nil }
            return (receipts, integration)
        }
        guard let (receipts, integration) = found,
            let handler = handler(of: integration.provider) as? any PromptHookHandler
        else { return false }
        do {
            try await job.part().complete { tx in
                for receipt in receipts { try handler.process(receipt, of: integration, in: tx) }
            }
            return true
        } catch  where !job.isCancelled && !(error is LeaseLost) {
            return false
        }
    }

    /// One that fails is tried again by itself.
    private func processOrPostpone(_ receipt: ID<HookReceipt>, _ job: JobContext) async throws {
        do {
            try await process(receipt, job.part())
        } catch  where !job.isCancelled && !(error is LeaseLost) {
            try await job.write { tx in
                guard try tx.hookReceipts.find(receipt)?.status == .received else { return }
                try tx.jobs.enqueue(Self.self, .init(receipts: [receipt]))
            }
        }
    }

    private func process(_ receipt: ID<HookReceipt>, _ job: JobContext) async throws {
        let found = try job.read { reader -> (HookReceipt, Integration?)? in
            guard let receipt = try reader.hookReceipts.find(receipt) else { return nil }
            let integration = try Integration.resource.find(receipt.integrationID, in: reader)
            return (receipt, integration)
        }
        guard let (receipt, integration) = found, receipt.status == .received else { return }
        guard let integration, let handler = handler(of: receipt.provider) else {
            let note =
                integration == nil
                ? "the integration no longer exists" : "this installation does not use this event"
            try await job.complete { tx in try tx.hookReceipts.settle(receipt.id, .ignored, note: note) }
            return
        }
        try await handler.process(receipt, of: integration, job)
        if !job.isCompleted {
            try await job.complete { tx in try tx.hookReceipts.settle(receipt.id, .processed) }
        }
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead(let failure):
            for receipt in try unsettled(payload, .received, in: tx) {
                try tx.hookReceipts.fail(receipt, failure.code, failure.detail)
            }
        case .cancelled: try settle(payload, .failed, note: "the receipt's job was cancelled", in: tx)
        case .revived: try settle(payload, .received, in: tx)
        case .retried, .snoozed: break
        }
    }

    private func settle(
        _ payload: Payload, _ status: HookReceipt.Status, note: String? = nil, in tx: Transaction
    ) throws {
        for receipt in try unsettled(payload, status == .received ? .failed : .received, in: tx) {
            try tx.hookReceipts.settle(receipt.id, status, note: note)
        }
    }

    /// Those that this job has not worked on.
    private func unsettled(
        _ payload: Payload, _ open: HookReceipt.Status, in tx: Transaction
    ) throws -> [HookReceipt] {
        try payload.receipts.compactMap { try tx.hookReceipts.find($0) }.filter { $0.status == open }
    }
}

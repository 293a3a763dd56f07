internal import Foundation
internal import Records
internal import Synchronization

/// Sets documents, one after the other, on a thread of its own: setting takes some ten milliseconds of a
/// processor, which the threads that serve everybody else must not be without.
final class PDFRenderer: Sendable {
    static let shared = PDFRenderer()
    /// More wait for nothing: who asked would have left.
    private static let waitingMax = 200

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isAtWork = false
    }

    private let state = Mutex(State())

    /// Runs `work` when its turn comes.
    func run(_ work: @escaping @Sendable () throws -> [UInt8]) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            let place = state.withLock { state -> (isTaken: Bool, starts: Bool) in
                guard state.waiting.count < Self.waitingMax else { return (false, false) }
                state.waiting.append { continuation.resume(with: Result { try work() }) }
                defer { state.isAtWork = true }
                return (true, !state.isAtWork)
            }
            if !place.isTaken {
                continuation.resume(
                    throwing: Problem(
                        .unavailable, "Too many documents are being rendered: try again shortly."))
            }
            if place.starts { Thread { [self] in serve() }.start() }
        }
    }

    /// Until nobody waits any more.
    private func serve() {
        while let next = state.withLock({ state -> (@Sendable () -> Void)? in
            guard !state.waiting.isEmpty else {
                state.isAtWork = false
                return nil
            }
            return state.waiting.removeFirst()
        }) { next() }
    }
}

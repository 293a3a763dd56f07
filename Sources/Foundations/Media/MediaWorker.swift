internal import Foundation
internal import Glibc
internal import JSON
internal import Synchronization
internal import Telemetry

/// Looks at pictures and films of strangers, each in a process of its own that has little memory and time, opens no
/// file and reaches no network. Few of them run at once; the others wait.
package final class MediaWorker: Sendable {
    private static let atOnce = 2, waitingMax = 200

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var running = 0
    }

    private let program: String
    /// Of looking at a file, and of making a film anew.
    private let limits: MediaLimits, makingLimits: MediaLimits
    private let state = Mutex(State())

    /// `program` is called with `MediaChild.word`; the running one unless said.
    package init(
        program: String = "/proc/self/exe", _ limits: MediaLimits = MediaLimits(),
        making: MediaLimits = .making
    ) {
        (self.program, self.limits, makingLimits) = (program, limits, making)
    }

    /// Makes a picture fit.
    package func fit(
        _ bytes: [UInt8], by recipe: PictureRecipe
    ) async throws(MediaWorkerError) -> FittingOutcome<PictureFinding> {
        try await fitted(["work": "picture", "recipe": recipe.json], bytes) { PictureFinding($0) }
    }

    /// Makes a film fit, which takes about twice as long as it lasts.
    package func fit(
        film bytes: [UInt8], by recipe: FilmRecipe
    ) async throws(MediaWorkerError) -> FittingOutcome<FilmFinding> {
        let request: JSON = ["work": "make_film", "recipe": recipe.json]
        return try await fitted(request, bytes, within: makingLimits) { FilmFinding($0) }
    }

    private func fitted<Finding>(
        _ request: JSON, _ bytes: [UInt8], within others: MediaLimits? = nil, _ read: (JSON?) -> Finding?
    ) async throws(MediaWorkerError) -> FittingOutcome<Finding> {
        switch try await ask(request, bytes, within: others) {
        case .failure(let refusal): return .refused(refusal.fault)
        case .success(let answer):
            if let finding = read(answer.head["fits"]) { return .fits(finding) }
            guard let finding = read(answer.head["made"]), !answer.bytes.isEmpty else {
                return .refused(.damaged)
            }
            return .made(finding, answer.bytes)
        }
    }

    /// Finds words in a picture that stand out too little from what is behind them.
    package func faintWords(in bytes: [UInt8]) async throws(MediaWorkerError) -> FaintWordsOutcome {
        switch try await ask(["work": "faint_words"], bytes) {
        case .failure(let refusal): .refused(refusal.fault)
        case .success(let answer):
            .found((answer.head["faint"]?.array ?? []).compactMap { FaintWords($0) })
        }
    }

    package func look(atFilm bytes: [UInt8]) async throws(MediaWorkerError) -> FilmOutcome {
        switch try await ask(["work": "film"], bytes) {
        case .failure(let refusal): return .refused(refusal.fault)
        case .success(let answer):
            return FilmFinding(answer.head["film"]).map { .film($0) } ?? .refused(.damaged)
        }
    }

    /// Returns the versions of what reads pictures and films.
    package func versions() async throws(MediaWorkerError) -> (pictures: String, films: String) {
        guard case .success(let answer) = try await ask(["work": "versions"], []) else {
            throw .unavailable("their process does not answer")
        }
        return (answer.head["pictures"]?.text ?? "", answer.head["films"]?.text ?? "")
    }

    /// Returns what the process could do to others when it reads a file: it tries. `isConfined`: as it reads files of
    /// strangers.
    package func openings(isConfined: Bool = true) async throws(MediaWorkerError) -> [String] {
        let request: JSON = ["work": "openings", "confined": .bool(isConfined)]
        guard case .success(let answer) = try await ask(request, []),
            let openings = answer.head["openings"]?.array
        else { throw .unavailable("their process does not answer") }
        return openings.compactMap(\.text)
    }

    private struct Refusal: Error { let fault: MediaFault }

    private func ask(
        _ head: JSON, _ bytes: [UInt8], within others: MediaLimits? = nil
    ) async throws(MediaWorkerError) -> Result<MediaMessage, Refusal> {
        let limits = others ?? limits
        let child = ChildProcess(
            program: program, arguments: [MediaChild.word] + limits.arguments, clock: limits.clock,
            answerMax: MediaChild.bytesMax)
        let request = MediaMessage(head, bytes)
        let ran = try await turn { () throws(SystemFault) in try child.run([request.front, request.bytes]) }
        let (end, answer): (ChildProcess.End, [UInt8])
        switch ran {
        case .success(let found): (end, answer) = found
        case .failure(let fault): throw .unavailable("their process does not start: \(fault)")
        }
        switch end {
        // A file that takes long uses up its time of the processor first, and one that takes much its own memory:
        // here the machine had none left.
        case .late, .killed(SIGKILL): throw .busy
        // A library ends like this without memory or time, and where a broken file misleads it.
        case .wordy, .killed: return .failure(Refusal(fault: .costly))
        case .exited(let status):
            guard status == 0, let message = MediaMessage(answer) else {
                throw .unavailable("their process ended with \(status)")
            }
            if let words = message.head["unavailable"]?.text { throw .unavailable(words) }
            if let fault = message.head["fault"]?.text.flatMap(MediaFault.init) {
                return .failure(Refusal(fault: fault))
            }
            return .success(message)
        }
    }

    // MARK: Turns

    private typealias Ran = (end: ChildProcess.End, answer: [UInt8])

    /// Runs what blocks on a thread of its own when its turn comes.
    private func turn(
        _ work: @escaping @Sendable () throws(SystemFault) -> Ran
    ) async throws(MediaWorkerError) -> Result<Ran, SystemFault> {
        let ran: Result<Ran, SystemFault>? = await withCheckedContinuation { continuation in
            let place = state.withLock { state -> (isTaken: Bool, starts: Bool) in
                guard state.waiting.count < Self.waitingMax else { return (false, false) }
                state.waiting.append {
                    continuation.resume(returning: Result { () throws(SystemFault) in try work() })
                }
                guard state.running < Self.atOnce else { return (true, false) }
                state.running += 1
                return (true, true)
            }
            if !place.isTaken { continuation.resume(returning: nil) }
            // The process dies with its thread, which therefore lives as long as it.
            if place.starts { Thread { [self] in serve() }.start() }
        }
        guard let ran else { throw .busy }
        return ran
    }

    /// Until nobody waits any more.
    private func serve() {
        while let next = state.withLock({ state -> (@Sendable () -> Void)? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }) { next() }
    }
}

import Synchronization

/// The results of posts at a network, as its stand-in tells them: figures by their names there.
package final class FigureShelf: Sendable {
    private struct State {
        var figures: [String: [String: Int]] = [:]
        var gone: Set<String> = []
        var isForbidden = false
        var unknown: Set<String> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Sets the figures of something that stands there.
    package func set(_ id: String, _ figures: [String: Int]) {
        state.withLock { $0.figures[id] = figures }
    }
    /// It stands there no more.
    package func remove(_ id: String) { state.withLock { _ = $0.gone.insert(id) } }
    /// Returns whether nobody may read figures.
    package func forbid(_ isForbidden: Bool = true) { state.withLock { $0.isForbidden = isForbidden } }
    /// The network does not have such a figure any more, and refuses whoever asks for it.
    package func drop(_ name: String) { state.withLock { _ = $0.unknown.insert(name) } }

    var isForbidden: Bool { state.withLock { $0.isForbidden } }
    func isGone(_ id: String) -> Bool { state.withLock { $0.gone.contains(id) } }
    func isUnknown(_ name: String) -> Bool { state.withLock { $0.unknown.contains(name) } }
    subscript(id: String) -> [String: Int]? { state.withLock { $0.figures[id] } }
}

internal import Agents
package import Jobs
internal import Records
package import Routing
internal import Synchronization

/// The sample data of the console: leads and tickets with the source and the tag `sample`, whatever was made with them,
/// and what agents have made of them since.
package final class SampleData: Sendable {
    package static let mark = "sample"

    /// The resources by their tables, and all tables that agencies have rows in.
    struct Known: Sendable {
        var kinds: [String: any ManagedRecord.Type] = [:]
        var tables: [String] = []
    }

    private enum State: Sendable {
        /// The records of all routes and the tables: which of them are resources is looked for when somebody first
        /// asks, as a start has no time for it.
        case told([any Record.Type], [SandboxTable])
        case known(Known)
    }

    private let state = Mutex(State.told([], []))

    package init() {}

    /// Takes the resources from all routes, once every module has added its own.
    package func know(_ routes: Routes, _ tables: [SandboxTable]) {
        let told = State.told(routes.records, tables)
        state.withLock { $0 = told }
    }

    var known: Known {
        state.withLock { state in
            switch state {
            case .known(let known): return known
            case .told(let records, let tables):
                let kinds = records.compactMap { $0.managed }
                let known = Known(
                    kinds: Dictionary(kinds.map { ($0.table, $0) }, uniquingKeysWith: { first, _ in first }),
                    tables: tables.map(\.name))
                state = .known(known)
                return known
            }
        }
    }
}

internal import Records
package import Routing
internal import Synchronization

/// The lists of the API, each with who may read it: only of these there are views.
package final class KnownLists: Sendable {
    private struct State: Sendable {
        var candidates: [Route] = []
        var limits: ClientLimits?
        /// Looked for when somebody first asks: a start has no time for it.
        var found: [String: Route]?
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes the lists from all routes, once every module has added its own.
    package func know(_ routes: Routes) {
        let known = State(candidates: routes.all, limits: ClientLimits(routes))
        state.withLock { $0 = known }
    }

    /// Returns the names of the lists that a caller may read.
    func readable(by principal: Principal?) -> Set<String> {
        guard let principal else { return [] }
        let (lists, limits) = self.lists()
        return Set(
            lists.filter { _, route in
                let isHeld = route.permission.map { principal.permissions.contains($0) } ?? true
                return isHeld && limits?.isOpen(route, to: principal) == true
            }.keys)
    }

    private func lists() -> ([String: Route], ClientLimits?) {
        state.withLock { state -> ([String: Route], ClientLimits?) in
            if let found = state.found { return (found, state.limits) }
            let named = state.candidates.compactMap { route in Self.name(of: route).map { ($0, route) } }
            let found = Dictionary(named, uniquingKeysWith: { first, _ in first })
            (state.found, state.candidates) = (found, [])
            return (found, state.limits)
        }
    }

    /// Returns the name of the list that a route answers with: `leads` of `/v1/leads`; `nil` where it does not.
    private static func name(of route: Route) -> String? {
        guard route.method == "GET", route.answersPage, route.pattern.hasPrefix("/v1/"),
            !route.pattern.contains("{"),
            !["/v1/portal/", "/v1/admin/"].contains(where: { route.pattern.hasPrefix($0) })
        else { return nil }
        return String(route.pattern.dropFirst("/v1/".count)).replacing("/", with: "-")
    }
}

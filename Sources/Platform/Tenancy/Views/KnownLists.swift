internal import Records
package import Routing
internal import Synchronization

/// The lists of the API, each with who may read it: only of these there are views.
package final class KnownLists: Sendable {
    private struct Lists: Sendable {
        let byName: [String: Route]
        let limits: ClientLimits
        /// The permissions that open nothing to whoever is limited to a client.
        let closed: Set<Permission>
    }

    private struct State: Sendable {
        var routes: Routes?
        /// The lists, which are looked for when somebody first asks: a start has no time for it.
        var lists: Lists?
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes the lists from all routes, once every module has added its own.
    package func know(_ routes: Routes) {
        state.withLock { $0 = State(routes: routes) }
    }

    /// Returns the names of the lists that a caller may read.
    func readable(by principal: Principal?) -> Set<String> {
        guard let principal, let lists = self.lists() else { return [] }
        return Set(
            lists.byName.filter { _, route in
                let isHeld = route.permission.map { principal.permissions.contains($0) } ?? true
                return isHeld && lists.limits.isOpen(route, to: principal)
            }.keys)
    }

    /// Returns what a caller may do: of the permissions held by whoever is limited to a client, those that open an
    /// operation to them.
    func permissions(of principal: Principal) -> Set<Permission> {
        guard principal.limit != nil, let closed = lists()?.closed else { return principal.permissions }
        return principal.permissions.subtracting(closed)
    }

    private func lists() -> Lists? {
        state.withLock { state -> Lists? in
            guard state.lists == nil, let routes = state.routes else { return state.lists }
            let named = routes.all.compactMap { route in Self.name(of: route).map { ($0, route) } }
            let limits = ClientLimits(routes)
            let lists = Lists(
                byName: Dictionary(named, uniquingKeysWith: { first, _ in first }), limits: limits,
                closed: limits.closed(routes))
            state = State(lists: lists)
            return lists
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

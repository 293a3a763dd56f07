internal import Records
package import Tenancy

extension Module {
    /// The dashboards, and the controls of the seed documents.
    package static let insights = Module(
        "insights", permissions: insightsPermissions, asks: [DashboardDependencies.self],
        routes: { routes, parts, runtime in insightsRoutes(&routes, runtime, parts.answers()) })
}

private let insightsPermissions: [DeclaredPermission] = [
    .init("dashboard:read", for: .viewer, "Read the dashboards, and the metrics of messages.")
]

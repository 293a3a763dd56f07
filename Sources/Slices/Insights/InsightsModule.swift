package import Platform
internal import Records
internal import Runtime

extension Module {
    /// The dashboards, and the controls of the seed documents.
    package static let insights = Module(
        "insights", asks: [DashboardSources.self],
        routes: { routes, parts, runtime in insightsRoutes(&routes, runtime, parts.answers()) })
}

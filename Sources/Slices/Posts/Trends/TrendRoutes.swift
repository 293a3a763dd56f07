internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes

/// `/v1/network-trends`: what people speak of where accounts are, as networks have told it.
func trendRoutes(_ routes: inout Routes) {
    routes.standard(
        NetworkTrend.resource, read: "social_accounts:read", write: "social_accounts:write", create: false,
        patch: false, delete: false)
    routes.event("network_trends.read", "A network has told what people speak of at an account's place.")
}

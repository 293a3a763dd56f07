internal import Database
internal import HTTPServer
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wire

/// `/feed/…`: where hubs ask whether their word is wanted, and give it.
func feedHubRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.get(
        "/feed/{token}", .anyone, "Answer a hub that asks whether changes of a feed are waited for",
        named: "confirm_feed_hub", .media("text/plain", "The challenge of the hub.")
    ) { call in
        let link = try opened(call, services)
        func asked(_ name: String) -> String {
            call.request.head.query.first { $0.name == "hub.\(name)" }?.value ?? ""
        }
        let (mode, topic, challenge) = (asked("mode"), asked("topic"), asked("challenge"))
        let lease = Int64(asked("lease_seconds"))
        return .task {
            try await services.database.write(link.tenant) { tx in
                guard var row = try tx.market.hub(link.subject), row.topic == topic else {
                    throw Problem(.notFound)
                }
                switch mode {
                case "subscribe":
                    guard row.state != .denied, (1...challengeMax).contains(challenge.utf8.count) else {
                        throw Problem(.notFound)
                    }
                    let seconds = min(max(lease ?? leaseUsual, 60), leaseMax)
                    (row.state, row.endsAt) = (.confirmed, tx.now + .seconds(seconds))
                case "denied": (row.state, row.endsAt) = (.denied, nil)
                // Nobody has asked for anything else.
                default: throw Problem(.notFound)
                }
                try tx.market.keep(row)
                return Response(
                    status: 200, headers: [("Content-Type", "text/plain; charset=utf-8")],
                    body: .bytes(Array((mode == "subscribe" ? challenge : "").utf8)))
            }
        }
    }
    routes.post(
        "/feed/{token}", .anyone, "Receive the word of a hub that a feed has changed",
        named: "receive_feed_change", body: .raw(limit: bodyMax, .anything),
        .empty("It is heard; only what the hub has signed counts.")
    ) { call in
        let link = try opened(call, services)
        let (body, signature) = (call.request.bytes, call.request.head.header("X-Hub-Signature"))
        return .task {
            try await services.database.write(link.tenant) { tx in
                guard let row = try tx.market.hub(link.subject), row.state != .denied else {
                    // Nobody waits for it any more: the hub is not to call again.
                    try tx.market.forgetHubs()
                    return Response(status: 410, headers: [], body: .empty)
                }
                let secret = try services.secrets.openText(row.sealedSecret, link.tenant)
                // The feed is read from its site, which says who may read it, and not from the hub's call.
                if HubSignature.isValid(signature, of: body, by: secret) { try tx.market.wake(row.url) }
                return .noContent
            }
        }
    }
}

private let challengeMax = 1000, bodyMax = 5 << 20
private let leaseUsual: Int64 = 10 * 86_400, leaseMax: Int64 = 90 * 86_400

private func opened(_ call: Call, _ services: PlatformServices) throws -> PublicLinks.Opened {
    guard let link = services.links.open(.feed, call.parameters["token"] ?? "") else {
        throw Problem(.notFound)
    }
    return link
}

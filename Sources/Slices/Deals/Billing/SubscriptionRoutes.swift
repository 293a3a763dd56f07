internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

struct CancelBody: Declared {
    var cancelAt: CivilDate?

    static let schema = Schema<CancelBody>(
        "CancelBody",
        [
            .date(
                "cancel_at", \.cancelAt,
                .about(
                    "The day from which no further month is invoiced; the end of the last invoiced month by default."
                )
            )
        ])
}

func subscriptionRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(
        Subscription.resource, read: "subscriptions:read", write: "subscriptions:write", create: false,
        delete: false)
    routes.declare(CancelBody.self)

    routes.creation(
        of: Subscription.resource, "subscriptions:write",
        "Create a subscription: invoice a client every month"
    )
    func step(
        _ name: String, _ summary: String, body: BodyKind = .none,
        _ change: @escaping @Sendable (inout Subscription, Call, CivilDate) throws -> Void
    ) {
        routes.add(
            "POST", "/v1/subscriptions/{id}/\(name)", .permission("subscriptions:write"), summary, body: body,
            [.record(Subscription.resource)]
        ) { call in
            let id = try call.id("id", of: Subscription.self)
            return .write { tx in
                let old = try Subscription.resource.get(id, in: tx)
                try call.checkVersion(old.version)
                var new = old
                try change(&new, call, tx.billing.today(try tx.agency.tenant()))
                try tx.update(old, to: &new, by: call.actor, action: "subscription.\(name)")
                return .record(new)
            }
        }
    }
    step("pause", "Pause a subscription: nothing is invoiced until it is resumed") { subscription, _, _ in
        try subscription.require(.active, allowed: ["cancel"])
        subscription.status = .paused
        subscription.plan()
    }
    step("resume", "Resume a subscription with the next month that begins; those between are not invoiced") {
        subscription, _, today in
        try subscription.require(.paused, allowed: ["pause", "cancel"])
        subscription.status = .active
        while subscription.begin(of: subscription.month) < today { subscription.month += 1 }
        subscription.plan()
    }
    step(
        "cancel", "Cancel a subscription at the end of the month that was invoiced last, or on another day",
        body: .json(.reference("CancelBody"), isOptional: true)
    ) { subscription, call, today in
        guard !subscription.isOver else { throw subscription.refusal(allowed: []) }
        let body = call.request.bytes.isEmpty ? CancelBody() : try call.body(CancelBody.self)
        if let day = body.cancelAt, day < today {
            throw Problem(faults: [Fault("/cancel_at", "out_of_range", "cancel_at must not be in the past.")])
        }
        subscription.cancelAt = body.cancelAt ?? max(subscription.begin(of: subscription.month), today)
        if subscription.invoiced == 0, body.cancelAt == nil { subscription.cancelAt = today }
    }
}

extension Subscription {
    fileprivate func require(_ wanted: Status, allowed: [String]) throws(Problem) {
        if status != wanted { throw refusal(allowed: isOver ? [] : allowed) }
    }

    fileprivate func refusal(allowed: [String]) -> Problem {
        Problem(
            .invalidTransition, "The subscription is \(status.rawValue), which does not allow this.",
            extra: ["allowed": JSON(allowed)])
    }
}

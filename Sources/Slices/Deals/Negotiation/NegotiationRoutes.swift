internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes

func negotiationRoutes(_ routes: inout Routes) {
    sellingRulesRoutes(&routes)
    routes.standard(Objection.resource, read: "deals:read", write: "deals:write")
    routes.standard(DealObjection.resource, read: "deals:read", write: "deals:write")
    routes.tells(DealOffer.resource, read: "deals:read")
    routes.schema("Negotiation", negotiationSchema)
    routes.get(
        "/v1/deals/{id}/negotiation", .permission("deals:read"),
        "Get a deal's negotiation: offers, objections and concessions",
        .json(.reference("Negotiation"), "The negotiation, the oldest first.")
    ) { call in
        let id = try call.id("id", of: Deal.self)
        return .read { reader in
            _ = try Deal.resource.get(id, in: reader)
            let offers = try DealOffer.resource.all(
                where: "deal_id = \(id)", suffix: "ORDER BY id LIMIT 500", in: reader)
            let objections = try DealObjection.resource.all(
                where: "deal_id = \(id)", suffix: "ORDER BY id LIMIT 500", in: reader)
            let conceded = offers.filter { $0.status == .made || $0.status == .accepted }
            return .json([
                "offers": .array(offers.map { DealOffer.schema.json($0) }),
                "objections": .array(objections.map { DealObjection.schema.json($0) }),
                "concessions": .array(conceded.map { DealOffer.schema.json($0) }),
                "rules": SellingRules.schema.json(try reader.offers.sellingRules()),
            ])
        }
    }
    routes.post(
        "/v1/deals/{id}/negotiation", .permission("deals:write"),
        "Make a concession; what goes beyond the selling rules waits for approval",
        named: "concede_in_negotiation",
        body: .json(.reference("DealOfferCreate")), .record(DealOffer.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: Deal.self), call.object())
        var draft = DealOffer(), faults = Faults()
        DealOffer.schema.create(&draft, from: body, faults: &faults)
        let isSomething =
            draft.price != nil || draft.discountPercent != nil || draft.freeMonths > 0 || draft.scope != nil
        if faults.isEmpty, !isSomething {
            faults.add(
                "/discount_percent", "required",
                "The offer is empty: send a discount, a price, free months or another scope.")
        }
        try faults.throwIfAny()
        return .write { [draft] tx in
            .record(try tx.offers.make(draft, in: id, by: call.actor), status: 201)
        }
    }
}

private func list(_ name: String) -> JSON { ["type": "array", "items": .reference(name)] }

private let negotiationSchema = JSON.schema(
    [
        "offers": list("DealOffer"), "objections": list("DealObjection"), "concessions": list("DealOffer"),
        "rules": .reference("SellingRules"),
    ], required: ["offers", "objections", "concessions", "rules"])

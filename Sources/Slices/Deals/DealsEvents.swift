internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes

/// Declares the events that deals publish, beyond the changes of their records.
func dealsEvents(_ routes: inout Routes) {
    let money: JSON = ["type": ["object", "null"]]
    let deal: JSONObject = [
        "from": .anyText, "to": .anyText, "lead_id": .anyText, "value": money, "client_id": .textOrNull,
        "reason": .textOrNull,
    ]
    routes.events(
        "deal",
        [
            "stage_changed": "A deal has moved to another stage.", "won": "A deal was won.",
            "lost": "A deal was lost.",
        ], deal)
    routes.event(
        "deal.offer_made", "A price was offered.",
        [
            "offer_id": .anyText, "price": money, "discount_percent": ["type": ["number", "null"]],
            "free_months": ["type": ["integer", "null"]],
        ])
    routes.event("selling_rules.updated", "The selling rules have changed.")
    let proposal: JSONObject = [
        "lead_id": .anyText, "deal_id": .textOrNull, "package_id": .textOrNull, "total": money,
        "status": .choice(Proposal.Status.self),
    ]
    routes.events(
        "proposal",
        [
            "sent": "A proposal was sent.", "viewed": "A proposal was read.",
            "expired": "A proposal is no longer valid.",
        ], proposal)
    routes.events(
        "proposal",
        [
            "accepted": "A proposal was accepted.", "declined": "A proposal was declined.",
            "withdrawn": "A proposal was withdrawn by the agency.",
        ],
        proposal.adding("reason", .textOrNull))
    let contract: JSONObject = [
        "lead_id": .anyText, "deal_id": .textOrNull, "proposal_id": .anyText, "client_id": .textOrNull,
        "price": money, "status": .choice(Contract.Status.self), "document_hash": .textOrNull,
    ]
    routes.events(
        "contract",
        [
            "sent": "A contract was sent.", "viewed": "A contract was read.",
            "signed": "A contract was signed.",
            "reminded": "The service at which a contract is to be signed was asked to remind.",
        ], contract)
    routes.events(
        "contract",
        [
            "declined": "A contract was declined.", "withdrawn": "A contract was withdrawn by the agency.",
        ], contract.adding("reason", .textOrNull))
    let invoice: JSONObject = [
        "client_id": .anyText, "number": .textOrNull, "status": .choice(Invoice.Status.self),
        "total": .anyObject, "due": .anyObject, "subscription_id": .textOrNull, "credit_of": .textOrNull,
    ]
    routes.events(
        "invoice",
        [
            "sent": "An invoice was sent.", "paid": "An invoice was paid.",
            "voided": "An invoice was voided.", "overdue": "An invoice was not paid in time.",
            "reminded": "A person has had the client reminded of an invoice.",
        ], invoice)
    routes.event(
        "invoice.credited", "A credit note was made for an invoice.",
        invoice.adding("credit_note", .anyText))
    routes.event(
        "payment.refunded", "A payment was refunded.", ["invoice_id": .textOrNull, "refunded": .anyObject])
    routes.events(
        "subscription",
        [
            "active": "A subscription is active.", "paused": "A subscription was paused.",
            "cancelled": "A subscription was cancelled.", "ended": "A subscription has ended.",
        ], ["client_id": .anyText])
    let meeting: JSONObject = [
        "contact_id": .textOrNull, "deal_id": .textOrNull, "starts_at": .anyInstant,
        "status": .choice(Meeting.Status.self),
    ]
    routes.events(
        "meeting",
        [
            "scheduled": "A meeting was booked.", "cancelled": "A meeting was cancelled.",
            "done": "A meeting took place.", "no_show": "The contact did not come to a meeting.",
        ], meeting)
    routes.event(
        "meeting.rescheduled", "A meeting was moved to another time.", meeting.adding("from", .anyInstant))
}

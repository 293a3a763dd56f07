internal import JSON
internal import Records

/// The handover of a won deal to delivery, so that nobody asks the client twice.
struct Handover {
    let json: JSON

    init(_ contract: Contract, _ deal: Deal?, _ lead: LeadFacts?, _ package: ServicePackage?) {
        let needs = deal?.needs.list ?? []
        let said = needs.filter { $0.kind == .explicit }.map(\.text) + (lead?.painPoints ?? [])
        json = [
            "requirements": [
                "explicit": JSON(said), "implicit": JSON(needs.filter { $0.kind == .implicit }.map(\.text)),
                "evidence": .array(needs.map(\.json)), "preferences": deal?.preferences?.json ?? .null,
                "notes": JSON(lead?.notes),
            ],
            "service_levels": contract.sla.json,
            "specifications": [
                "package": JSON(package?.name), "report_cadence": JSON(package?.reportCadence.rawValue),
                "services": contract.services.json, "items": contract.items.json,
            ],
            "timeline": [
                "starts_on": contract.startsOn.json, "months": JSON(contract.months),
                "notice_days": JSON(contract.noticeDays), "milestones": contract.milestones.json,
            ],
            "budget": [
                "monthly_fee": contract.price?.json ?? .null, "marketing_budget": lead?.budget?.json ?? .null,
            ],
            "deal_id": JSON(contract.dealID), "proposal_id": JSON(contract.proposalID),
            "contract_id": JSON(contract.id), "lead_id": JSON(contract.leadID),
        ]
    }
}

internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Records

/// Counts how often an agency was seeded.
let qualitySeeded = "quality.seeded"

/// A rule of a new agency.
private struct StandardRule {
    let name: String, resource: String, field: String, kind: QualityRule.Kind
    var parameters: JSONObject = [:]
    var severity = QualityRule.Severity.routine
    var weight = 1
    var pauses: [RecordUse] = []
}

private let standardRules = [
    StandardRule(
        name: "lead_reachable", resource: "leads", field: "email", kind: .required,
        parameters: ["or": ["phone"]], severity: .immediate, weight: 5),
    StandardRule(name: "lead_person", resource: "leads", field: "contact_name", kind: .required, weight: 2),
    StandardRule(name: "lead_website", resource: "leads", field: "website", kind: .required, weight: 2),
    StandardRule(name: "lead_industry", resource: "leads", field: "industry", kind: .required),
    StandardRule(name: "lead_country", resource: "leads", field: "country", kind: .required),
    StandardRule(
        name: "lead_name_form", resource: "leads", field: "contact_name", kind: .format,
        parameters: ["form": "person_name"], weight: 2),
    StandardRule(
        name: "lead_company_form", resource: "leads", field: "company", kind: .format,
        parameters: ["form": "company_name"], weight: 2,
        pauses: [.enrichment]),
    StandardRule(
        name: "lead_email_slip", resource: "leads", field: "email", kind: .format,
        parameters: ["form": "email_domain"], weight: 4,
        pauses: [.sequences, .sync]),
    StandardRule(
        name: "lead_email_of_company", resource: "leads", field: "email", kind: .consistent,
        parameters: ["how": "same_domain", "with": "website"], weight: 2),
    StandardRule(
        name: "lead_email_once", resource: "leads", field: "email", kind: .unique, severity: .immediate,
        weight: 4),
    StandardRule(
        name: "lead_fresh", resource: "leads", field: "updated_at", kind: .stale,
        parameters: ["after": "P365D"]),
    StandardRule(name: "lead_owner", resource: "leads", field: "owner_id", kind: .reference),
    StandardRule(
        name: "lead_size", resource: "leads", field: "employee_count", kind: .anomaly,
        parameters: ["deviations": 5]),
    StandardRule(
        name: "lead_revenue_per_head", resource: "leads", field: "employee_count", kind: .anomaly,
        parameters: ["deviations": 5, "per": "annual_revenue"]),
    StandardRule(
        name: "contact_reachable", resource: "contacts", field: "email", kind: .required,
        parameters: ["or": ["phone"]], severity: .immediate, weight: 5),
    StandardRule(
        name: "contact_name_form", resource: "contacts", field: "name", kind: .format,
        parameters: ["form": "person_name"], weight: 2),
    StandardRule(
        name: "contact_email_slip", resource: "contacts", field: "email", kind: .format,
        parameters: ["form": "email_domain"], weight: 4,
        pauses: [.sequences, .sync]),
    StandardRule(
        name: "contact_email_once", resource: "contacts", field: "email", kind: .unique,
        severity: .immediate, weight: 4),
    StandardRule(
        name: "contact_company", resource: "contacts", field: "company_id", kind: .reference, weight: 2),
    StandardRule(
        name: "contact_fresh", resource: "contacts", field: "updated_at", kind: .stale,
        parameters: ["after": "P365D"]),
    StandardRule(
        name: "company_website", resource: "companies", field: "website", kind: .required, weight: 2),
    StandardRule(
        name: "company_name_form", resource: "companies", field: "name", kind: .format,
        parameters: ["form": "company_name"], weight: 2,
        pauses: [.enrichment]),
    StandardRule(
        name: "company_domain_once", resource: "companies", field: "domain", kind: .unique, weight: 3),
    StandardRule(
        name: "lead_email_host", resource: "leads", field: "email", kind: .format,
        parameters: ["form": "mail_host"], severity: .immediate, weight: 4, pauses: [.sequences, .sync]),
    StandardRule(
        name: "contact_email_host", resource: "contacts", field: "email", kind: .format,
        parameters: ["form": "mail_host"], severity: .immediate, weight: 4, pauses: [.sequences, .sync]),
    StandardRule(
        name: "lead_name_letters", resource: "leads", field: "contact_name", kind: .format,
        parameters: ["form": "clean_text"]),
    StandardRule(
        name: "lead_company_letters", resource: "leads", field: "company", kind: .format,
        parameters: ["form": "clean_text"]),
    StandardRule(
        name: "contact_email_of_company", resource: "contacts", field: "email", kind: .consistent,
        parameters: ["how": "same_domain", "with": "company_id.website"]),
    StandardRule(
        name: "ticket_merges", resource: "tickets", field: "merged_into", kind: .reference,
        parameters: ["acyclic": true]),
    StandardRule(name: "lead_contact", resource: "leads", field: "contact_id", kind: .reference),
    StandardRule(
        name: "lead_closed_after_made", resource: "leads", field: "closed_at", kind: .consistent,
        parameters: ["how": "not_before", "with": "created_at"]),
    StandardRule(
        name: "company_size", resource: "companies", field: "employee_count", kind: .range,
        parameters: ["min": 1]),
]

/// Gives an agency its rules, once: what it has taken away does not come back. Records that are there are found by the
/// next full scan; from now on each is checked as it changes.
@Sendable func seedQuality(_ tx: Transaction) throws {
    guard try tx.counters.find(qualitySeeded) == 0 else { return }
    try tx.counters.count(qualitySeeded, 1)
    for standard in standardRules where tx.runtime.records.records(in: standard.resource) != nil {
        guard try !tx.quality.hasRule(standard.name) else { continue }
        var rule = QualityRule.new(id: tx.nextID(), now: tx.now)
        (rule.name, rule.resourceName, rule.field) = (standard.name, standard.resource, standard.field)
        (rule.kind, rule.parameters) = (standard.kind, standard.parameters)
        (rule.severity, rule.weight) = (standard.severity, standard.weight)
        rule.pauses = standard.pauses.map(\.rawValue)
        try tx.create(&rule, by: .system)
    }
    try tx.quality.setPlace(of: QualityCheckJob.place, to: "\(try tx.events.lastRow())")
}

internal import Agents
internal import ChangeSets
package import Database
package import JSON
internal import Jobs
package import Records

/// A rule for the records of one resource, which each record meets or not.
package struct QualityRule: ManagedRecord {
    package enum Kind: String, Choice {
        case required, format, range, stale, unique, reference, consistent, anomaly
    }

    package enum Severity: String, Choice { case immediate, routine }

    package var head = Head<QualityRule>()
    package var name = ""
    package var resourceName = ""
    package var field = ""
    package var kind = Kind.required
    package var parameters: JSONObject = [:]
    package var severity = Severity.routine
    package var weight = 1
    package var isEnabled = true
    package var isAutomatic = false
    package var pauses: [String] = []

    package init() {}

    package static let idPrefix = "qrule"
    package static let noun = "quality_rule"
    package static let resource = Resource<QualityRule>(
        "quality_rules", named: "QualityRule",
        console: ConsoleForm(
            title: "name", columns: ["resource", "field", "kind", "severity", "weight", "enabled"],
            form: ["name", "resource", "field", "kind", "parameters", "severity", "weight", "enabled"],
            filters: ["resource", "kind", "severity"]),
        [
            .text(
                "name", \.name, max: 100, .required, .writeOnce, .filterable, .sortable,
                .example("lead_website"), .about("The name of the rule, which issues refer to.")),
            .text(
                "resource", \.resourceName, max: 64, .required, .writeOnce, .filterable, .example("leads"),
                .about("The resource whose records the rule checks.")),
            .text(
                "field", \.field, max: 64, .required, .filterable, .example("website"),
                .about("The field that the rule checks.")),
            .choice(
                "kind", \.kind, .required, .writeOnce, .filterable,
                .about("The kind of check; it decides which parameters there are.")),
            .document(
                "parameters", \.parameters, .example([:]),
                .about(
                    "The parameters of the check: or (required), form (format), min and max (range), after (stale), acyclic (reference), with and how (consistent), deviations and per, another measure (anomaly)."
                )),
            .choice(
                "severity", \.severity, .standard("routine"), .filterable,
                .about("Whether an issue asks for immediate intervention, or belongs to routine maintenance.")
            ),
            .integer(
                "weight", \.weight, in: 1...100, .standard(1),
                .about("How much an issue takes from the record's score, beside the other rules.")),
            .boolean(
                "enabled", \.isEnabled, .standard(true), .filterable, .about("Whether the rule is in force.")),
            .boolean(
                "automatic", \.isAutomatic, .filterable,
                .about("Whether the data management agent may apply the remedies without being asked.")),
            .texts(
                "pauses", \.pauses, max: 3, length: 20, .example(["sequences"]),
                .about(
                    "The uses for which a record that breaks the rule is blocked until it is mended: sequences, enrichment, sync."
                )),
        ])

    package func prepare(replacing old: QualityRule?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if old == nil,
            try tx.exists("SELECT 1 FROM quality_rules WHERE tenant_id = \(tx.tenant) AND name = \(name)")
        {
            faults.add("/name", "conflict", "A rule has that name already: choose another.")
        }
        let known = [RecordUse.sequences, .enrichment, .sync].map(\.rawValue)
        for (index, use) in pauses.enumerated() where !known.contains(use) {
            faults.add(
                "/pauses/\(index)", "invalid_choice",
                "pauses must be some of \(known.joined(separator: ", ")).",
                choices: known)
        }
        _ = RuleTest(self, tx.runtime.records, &faults)
        try faults.throwIfAny()
    }

    package func saved(replacing old: QualityRule?, by actor: Actor, in tx: Transaction) throws {
        guard let old else { return }
        if !isEnabled { try tx.quality.resolve(rule: id) }
        if old.pauses != pauses { try tx.quality.holdAnew(self) }
        if old.severity != severity { try tx.quality.set(severity, ofRule: id) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.quality.resolve(rule: id) }
}

/// The areas of quality: each kind of rule belongs to one.
enum QualityArea: String, CaseIterable, Sendable {
    case completeness, validity, uniqueness, consistency, freshness, integrity, accuracy
}

extension QualityRule {
    /// The uses that wait while a record does not meet the rule: those of `pauses`, and the score, where the value is
    /// wrong rather than missing.
    var uses: [RecordUse] {
        let counts = kind.findsWrongValues && resourceName == "leads"
        return pauses.compactMap(RecordUse.init(rawValue:)) + (counts ? [.scoring] : [])
    }
}

extension QualityRule.Kind {
    /// Whether a record that breaks such a rule has a value that is probably wrong.
    var findsWrongValues: Bool {
        switch self {
        case .format, .range, .consistent, .anomaly: true
        case .required, .stale, .unique, .reference: false
        }
    }

    var area: QualityArea {
        switch self {
        case .required: .completeness
        case .format, .range: .validity
        case .unique: .uniqueness
        case .consistent: .consistency
        case .stale: .freshness
        case .reference: .integrity
        case .anomaly: .accuracy
        }
    }
}

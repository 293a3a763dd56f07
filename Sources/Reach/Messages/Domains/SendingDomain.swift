internal import Agents
internal import Cryptography
package import Database
package import JSON
internal import Jobs
internal import Mail
internal import Nouns
package import Records
package import Telemetry
internal import Templates
internal import Tenancy

/// A domain that an agency sends mail from: what has to be published for it, whether it is, and what receivers think
/// of its mail. One row of `sending_domains`.
package struct SendingDomain: ManagedRecord, ToldRecord {
    package enum Status: String, Choice {
        case unverified, verified
        /// It was verified, and is no more.
        case failing
    }
    package enum Health: String, Choice { case ok, slow, stopped }

    package var head = Head<SendingDomain>()
    package var domain = ""
    package var status = Status.unverified
    package var warmUp = true
    package var warmUpStartedOn: String?
    package var dkimSelector = "bureau"
    package var spfMechanisms: [String] = []
    package var records = JSON.null
    package var checks = JSON.null
    package var checkedAt: Instant?
    package var health = Health.ok
    package var healthReason: String?
    package var warmUpDay: Int?
    package var sealedKey: String?
    package var said = JSON.null

    package init() {}

    package static let idPrefix = "dom", noun = "sending_domain"
    package static let resource = Resource<SendingDomain>(
        "sending_domains", named: "SendingDomain", rule: .everyone,
        console: ConsoleForm(
            title: "domain",
            columns: ["status", "health", "checked_at"],
            form: ["domain", "dkim_selector", "warm_up"]),
        [
            .text(
                "domain", \.domain, max: 253, .required, .writeOnce, .filterable, .searchable,
                .about("The domain after the @ of the sender's address."), .example("agency.example")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about(
                    "Whether all required DNS records are published.")
            ),
            .boolean(
                "warm_up", \.warmUp, .standard(true),
                .about(
                    "Whether marketing begins with 20 mails a day and grows by half each day that it sends.")),
            .text(
                "warm_up_started_on", \.warmUpStartedOn, max: 10, .readOnly,
                .about("The first day on which the domain sent mail.")),
            .text(
                "dkim_selector", \.dkimSelector, max: 63, .standard("bureau"), .writeOnce,
                .about("The DKIM selector under which the key is published.")),
            .texts(
                "spf_mechanisms", \.spfMechanisms, max: 10, length: 253,
                .about(
                    "The SPF mechanisms that the record needs beside those of the connected services: include:… or ip4:…."
                )),
            .document(
                "records", \.records, schema: recordsSchema, .readOnly,
                .about(
                    "The DNS records to publish.")),
            .document(
                "checks", \.checks, schema: checksSchema, .readOnly,
                .about("The findings of the check and their meaning, in the reader's language.")),
            .instant("checked_at", \.checkedAt, .readOnly),
            .choice(
                "health", \.health, .readOnly, .filterable,
                .about(
                    "The health of the domain, by the outcome of its mails in 7 days.")),
            .text("health_reason", \.healthReason, max: 500, .readOnly),
            .integer("warm_up_day", \.warmUpDay, in: 0...10_000_000, .secret),
            .text("sealed_key", \.sealedKey, max: 40_000, .secret),
            .document("said", \.said, .secret, .added(in: 926)),
        ])

    package static let told = ["checks", "health_reason"]

    private static let perTenantMax = 200

    package mutating func prepare(replacing old: SendingDomain?, by actor: Actor, in tx: Transaction) throws {
        let mechanisms = spfMechanisms.map { $0.lowercased().trimmed }
        spfMechanisms = mechanisms.map { $0.contains(":") ? $0 : "include:\($0)" }
        if spfMechanisms.contains(where: { $0.contains { $0 == " " || $0 == "\"" || !$0.isASCII } }) {
            throw Problem(faults: [
                Fault(
                    "/spf_mechanisms", "invalid_text",
                    "Each mechanism must be one word, such as include:_spf.example.net.")
            ])
        }
        guard old == nil else { return }
        if try tx.sendingDomains.find(domain) != nil {
            throw Problem(.conflict, "The sending domain \(domain) already exists: use the existing one.")
        }
        let count = try tx.int("SELECT count(*) FROM sending_domains WHERE tenant_id = \(tx.tenant)") ?? 0
        guard count < Self.perTenantMax else {
            throw Problem(
                .conflict,
                "An agency may have at most \(Self.perTenantMax) sending domains: delete one first.")
        }
    }

    package func saved(replacing old: SendingDomain?, by actor: Actor, in tx: Transaction) throws {
        if old == nil, !tx.sandboxClock.isSandbox {
            try tx.sendingDomains.enqueueCheck(of: id, at: tx.now + .seconds(3600))
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        for kind in [DomainAlert.stopped, DomainAlert.failing] {
            try tx.alerts.resolve(kind: kind, subject: subject)
        }
    }

    // MARK: What to publish

    /// As the mail is signed; `nil` in a sandbox, which has no key.
    func signer(_ services: PlatformServices, _ tenant: TenantID) throws -> DKIMSigner? {
        guard let sealedKey else { return nil }
        let key = try services.secrets.open(Base64.decode(sealedKey) ?? [], tenant)
        return try DKIMSigner(
            domain: domain, selector: dkimSelector, privateKeyPEM: String(decoding: key, as: UTF8.self))
    }

    mutating func describe(_ signer: DKIMSigner, _ mechanisms: [String]) {
        func record(_ purpose: String, _ name: String, _ value: String, _ strings: [String]? = nil) -> JSON {
            [
                "purpose": .string(purpose), "type": "TXT", "name": .string(name), "value": .string(value),
                "strings": JSON(strings ?? [value]),
            ]
        }
        records = [
            record("spf", signer.domain, SPFCheck.record(mechanisms)),
            record("dkim", signer.recordName, signer.record, signer.recordStrings),
            record("dmarc", "_dmarc.\(signer.domain)", DomainCheck.policy(of: signer.domain)),
        ]
    }

    private static let recordsSchema: JSON = [
        "type": "array",
        "items": .schema(
            [
                "purpose": ["type": "string", "enum": ["spf", "dkim", "dmarc"]], "type": ["type": "string"],
                "name": ["type": "string"], "value": ["type": "string"],
                "strings": ["type": "array", "items": ["type": "string"]],
            ], required: ["purpose", "type", "name", "value", "strings"]),
    ]

    private static let checksSchema: JSON = {
        let finding = DomainFinding.schema
        return [
            "type": "object",
            "properties": [
                "spf": finding, "dkim": finding, "dmarc": finding, "mx": finding, "blocklists": finding,
            ],
        ]
    }()
}

enum DomainAlert { static let stopped = "domain_stopped", failing = "domain_failing" }

extension SendingDomainStore {
    func find(_ domain: String) throws -> SendingDomain? {
        try SendingDomain.resource.first(where: "domain = \(domain)", suffix: "LIMIT 1", in: tx)
    }
}

extension SendingDomainStore where Base == Transaction {
    /// Looks at what came of a domain's mails, and slows it down, stops it, or lets it go on.
    func judge(_ record: SendingDomain) throws {
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        var judged = record
        let (health, reason) = try figures(of: record.domain, days: 7, zone).health
        (judged.health, judged.healthReason) = (health, judged.say("health_reason", reason))
        guard judged.health != record.health else { return }
        try tx.update(record, to: &judged, by: .system, action: "sending_domain.\(judged.health.rawValue)")
        if judged.health == .stopped {
            try tx.alerts.raise(
                kind: DomainAlert.stopped, severity: .critical, subject: record.subject,
                title: Saying(
                    "alert.domain_stopped",
                    ["domain": .text(record.domain), "reason": reason.map { .saying($0) } ?? .text("")]),
                action: Saying("alert.domain_stopped_do"))
        } else {
            try tx.alerts.resolve(kind: DomainAlert.stopped, subject: record.subject)
        }
    }

    /// Writes down what was found.
    func store(
        _ findings: DomainFindings, _ mechanisms: [String], of id: ID<SendingDomain>, _ signer: DKIMSigner
    ) throws -> SendingDomain? {
        guard let old = try SendingDomain.resource.find(id, in: tx) else { return nil }
        var new = old
        new.describe(signer, mechanisms)
        (new.checks, new.checkedAt) = (findings.json(isStored: false), tx.now)
        new.status = findings.status(after: old.status)
        new.say("checks", findings.json(isStored: true))
        try tx.update(old, to: &new, by: .system, action: "sending_domain.checked")
        if new.status == .failing {
            let wrong = [findings.spf, findings.dkim, findings.dmarc].first {
                $0.state == .missing || $0.state == .wrong
            }
            try tx.alerts.raise(
                kind: DomainAlert.failing, severity: .warning, subject: new.subject,
                title: Saying(
                    "alert.domain_failing",
                    [
                        "domain": .text(new.domain),
                        "explanation": wrong.map { .saying($0.explanation) } ?? .text(""),
                    ]),
                action: Saying("alert.domain_failing_do"))
        } else {
            try tx.alerts.resolve(kind: DomainAlert.failing, subject: new.subject)
        }
        try judge(new)
        return try SendingDomain.resource.find(id, in: tx)
    }
}

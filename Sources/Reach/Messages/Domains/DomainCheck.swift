internal import Addresses
internal import Records
internal import Templates

/// Looks up everything that receivers look at before they believe a domain's mail.
struct DomainCheck: Sendable {
    let lookups: DomainLookups
    /// The domain's name in ASCII.
    let domain: String
    /// Where its key is published, and as what.
    let keyName: String, keyRecord: String
    let mechanisms: [String]

    func run() async -> DomainFindings {
        var spf = SPFCheck(lookups, wanted: mechanisms)
        async let dkim = dkim(), dmarc = dmarc(), mx = mx(), listed = listed()
        let found = await spf.find(domain)
        return await DomainFindings(spf: found, dkim: dkim, dmarc: dmarc, mx: mx, blocklists: listed)
    }

    private func unclear(_ detail: String, wanted: String? = nil) -> DomainFinding {
        DomainFinding(
            state: .unclear, wanted: wanted,
            explanation: Saying("domain.unclear", ["detail": .saying(.cause("lookup_failed", detail))]))
    }

    private func dkim() async -> DomainFinding {
        switch await lookups.texts(keyName) {
        case .unclear(let detail): return unclear(detail, wanted: keyRecord)
        case .absent:
            return DomainFinding(
                state: .missing, wanted: keyRecord,
                explanation: Saying("domain.no_key", ["name": .text(keyName)]))
        case .found(let texts):
            let keys = texts.compactMap { TagList($0)["p"] }, own = TagList(keyRecord)["p"]
            func finding(_ state: DomainFinding.State, _ explanation: Saying) -> DomainFinding {
                DomainFinding(state: state, found: texts, wanted: keyRecord, explanation: explanation)
            }
            if texts.count > 1 {
                return finding(.wrong, Saying("domain.many_keys", ["count": .number(texts.count)]))
            }
            guard keys.first == own else {
                return finding(
                    .wrong,
                    Saying("domain.other_key", ["revoked": .flag(keys.first?.isEmpty == true)]))
            }
            return finding(.ok, Saying("domain.key_ok"))
        }
    }

    /// The domain's own policy, else that of the domain it belongs to (RFC 7489 §6.6.3).
    private func dmarc() async -> DomainFinding {
        let wanted = DomainCheck.policy(of: domain)
        var names = ["_dmarc.\(domain)"]
        if let parent = WebAddress.registrableDomain(of: domain), parent != domain {
            names.append("_dmarc.\(parent)")
        }
        for name in names {
            switch await lookups.texts(name) {
            case .unclear(let detail): return unclear(detail, wanted: wanted)
            case .absent: continue
            case .found(let texts):
                let records = texts.filter { TagList($0)["v"] == "DMARC1" }
                if records.isEmpty { continue }
                return judge(records, at: name, wanted)
            }
        }
        return DomainFinding(
            state: .missing, wanted: wanted,
            explanation:
                Saying("domain.no_policy", ["name": .text("_dmarc.\(domain)")])
        )
    }

    static func policy(of domain: String) -> String { "v=DMARC1; p=none; rua=mailto:postmaster@\(domain)" }

    private func judge(_ records: [String], at name: String, _ wanted: String) -> DomainFinding {
        func finding(_ state: DomainFinding.State, _ explanation: Saying) -> DomainFinding {
            DomainFinding(state: state, found: records, wanted: wanted, explanation: explanation)
        }
        guard records.count == 1 else {
            return finding(
                .wrong,
                Saying("domain.many_policies", ["name": .text(name), "count": .number(records.count)]))
        }
        switch TagList(records[0])["p"]?.lowercased() {
        case "reject", "quarantine":
            return finding(.ok, Saying("domain.policy_ok"))
        case "none":
            return finding(
                .ok,
                Saying("domain.policy_watches")
            )
        default: return finding(.wrong, Saying("domain.policy_wrong", ["name": .text(name)]))
        }
    }

    private func mx() async -> DomainFinding {
        switch await lookups.mailHosts(domain) {
        case .unclear(let detail): return unclear(detail)
        case .absent:
            return DomainFinding(
                state: .missing,
                explanation:
                    Saying("domain.no_mx"))
        case .found(let hosts):
            guard hosts.contains(where: { !$0.isEmpty }) else {
                return DomainFinding(
                    state: .wrong, found: ["."],
                    explanation: Saying("domain.null_mx"))
            }
            return DomainFinding(state: .ok, found: hosts, explanation: Saying("domain.mx_ok"))
        }
    }

    // MARK: Lists

    private static let addressesMax = 10

    private func listed() async -> DomainFinding? {
        guard !lookups.blocklists.isEmpty else { return nil }
        var hosts = [domain]
        if case .found(let found) = await lookups.mailHosts(domain) {
            hosts = found.filter { !$0.isEmpty } + hosts
        }
        var addresses: [DomainLookups.Address] = []
        for host in hosts where addresses.count < Self.addressesMax {
            guard case .found(let found) = await lookups.addresses(host) else { continue }
            for address in found where !addresses.contains(where: { $0.text == address.text }) {
                addresses.append(address)
            }
        }
        var (hits, unclear): ([String], [String]) = ([], [])
        for address in addresses.prefix(Self.addressesMax) {
            for list in lookups.blocklists {
                switch await lookups.addresses("\(address.reversed).\(list)") {
                case .absent: break
                // Answers of 127.255.255.0/24 say that the list does not answer us.
                case .found(let codes) where codes.contains(where: { $0.text.hasPrefix("127.255.255.") }):
                    unclear.append("\(list) does not answer this server")
                case .found: hits.append("\(address.text) is on \(list)")
                case .unclear(let detail): unclear.append("\(list): \(detail)")
                }
            }
        }
        if !hits.isEmpty {
            return DomainFinding(
                state: .wrong, found: hits,
                explanation:
                    Saying("domain.listed"))
        }
        if !unclear.isEmpty || addresses.isEmpty {
            return DomainFinding(
                state: .unclear, found: Array(Set(unclear)).sorted(),
                explanation: addresses.isEmpty
                    ? Saying("domain.no_addresses") : Saying("domain.lists_unclear"))
        }
        return DomainFinding(
            state: .ok, explanation: Saying("domain.lists_ok", ["count": .number(addresses.count)]))
    }
}

internal import Records

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
            state: .unclear, wanted: wanted, explanation: "The record could not be looked up: \(detail)")
    }

    private func dkim() async -> DomainFinding {
        switch await lookups.texts(keyName) {
        case .unclear(let detail): return unclear(detail, wanted: keyRecord)
        case .absent:
            return DomainFinding(
                state: .missing, wanted: keyRecord,
                explanation: "The key is not published: make a TXT record \(keyName) with the wanted text.")
        case .found(let texts):
            let keys = texts.compactMap { TagList($0)["p"] }, own = TagList(keyRecord)["p"]
            func finding(_ state: DomainFinding.State, _ explanation: String) -> DomainFinding {
                DomainFinding(state: state, found: texts, wanted: keyRecord, explanation: explanation)
            }
            if texts.count > 1 {
                return finding(
                    .wrong,
                    "The name has \(texts.count) records, and receivers may take the wrong one: leave one.")
            }
            guard keys.first == own else {
                return finding(
                    .wrong,
                    keys.first?.isEmpty == true
                        ? "The key is revoked there." : "Another key, or a part of ours, is published there.")
            }
            return finding(.ok, "The key that signs your mail is published.")
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
                "The domain has no policy for forged mail: publish the wanted text as the TXT record _dmarc.\(domain)."
        )
    }

    static func policy(of domain: String) -> String { "v=DMARC1; p=none; rua=mailto:postmaster@\(domain)" }

    private func judge(_ records: [String], at name: String, _ wanted: String) -> DomainFinding {
        func finding(_ state: DomainFinding.State, _ explanation: String) -> DomainFinding {
            DomainFinding(state: state, found: records, wanted: wanted, explanation: explanation)
        }
        guard records.count == 1 else {
            return finding(
                .wrong,
                "The name \(name) has \(records.count) policies, and receivers then use none: leave one.")
        }
        switch TagList(records[0])["p"]?.lowercased() {
        case "reject", "quarantine":
            return finding(.ok, "The policy keeps forged mail away.")
        case "none":
            return finding(
                .ok,
                "The policy only watches: set p=quarantine to keep forged mail away, once all of yours passes."
            )
        default: return finding(.wrong, "The policy at \(name) has no p=none, p=quarantine or p=reject.")
        }
    }

    private func mx() async -> DomainFinding {
        switch await lookups.mailHosts(domain) {
        case .unclear(let detail): return unclear(detail)
        case .absent:
            return DomainFinding(
                state: .missing,
                explanation:
                    "The domain takes no mail: answers and bounces do not come back. Publish an MX record.")
        case .found(let hosts):
            guard hosts.contains(where: { !$0.isEmpty }) else {
                return DomainFinding(
                    state: .wrong, found: ["."],
                    explanation: "The domain says that it takes no mail (a null MX).")
            }
            return DomainFinding(state: .ok, found: hosts, explanation: "Answers and bounces come back.")
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
                    "Mail from listed addresses is refused by many: ask the list why, and have it taken off.")
        }
        if !unclear.isEmpty || addresses.isEmpty {
            return DomainFinding(
                state: .unclear, found: Array(Set(unclear)).sorted(),
                explanation: addresses.isEmpty
                    ? "The domain's hosts have no address." : "Not every list has answered.")
        }
        return DomainFinding(
            state: .ok, explanation: "None of \(addresses.count) addresses is on a list that was asked.")
    }
}

internal import Integrations
internal import Records

/// The judgement on an address without asking anybody but the domain name system.
struct LocalJudgement {
    /// `nil` where it is no address.
    let address: EmailAddress?
    let verdict: EmailVerdict

    /// `takesMail`: what is known of its domain.
    init(_ text: String, takesMail: (String) async -> Bool?) async {
        guard let address = EmailAddress(text) else {
            self.address = nil
            var verdict = EmailVerdict(.undeliverable)
            (verdict.format, verdict.score) = (false, 0)
            verdict.suggestion = EmailAddress(deobfuscating: text)?.description
            self.verdict = verdict
            return
        }
        self.address = address
        var verdict = EmailVerdict()
        (verdict.format, verdict.mx) = (true, await takesMail(address.domain))
        (verdict.disposable, verdict.role) = (address.isDisposable, address.isRole)
        (verdict.free, verdict.suggestion) = (address.isFreeMail, address.suggestion?.description)
        verdict.deliverability =
            if verdict.mx == false {
                .undeliverable
            } else if address.isDisposable || address.isRole || verdict.suggestion != nil {
                .risky
            } else {
                // Without asking the mail server, nobody knows.
                .unknown
            }
        verdict.score = Self.score(verdict)
        self.verdict = verdict
    }

    private static func score(_ verdict: EmailVerdict) -> Double {
        if verdict.mx == false { return 0.02 }
        if verdict.disposable == true { return 0.1 }
        if verdict.suggestion != nil { return 0.2 }
        if verdict.role == true { return 0.4 }
        return verdict.mx == true ? 0.7 : 0.5
    }

    /// Whether a service could tell more.
    var isWorthAsking: Bool {
        address != nil && verdict.mx != false && verdict.disposable != true
    }
}

extension EmailVerdict {
    /// Returns the verdict of a service with what is known without it.
    func completed(by local: EmailVerdict, of address: EmailAddress) -> EmailVerdict {
        var verdict = self
        verdict.format = local.format ?? format
        (verdict.mx, verdict.free) = (mx ?? local.mx, free ?? local.free)
        verdict.disposable = local.disposable == true ? true : disposable ?? local.disposable
        verdict.role = local.role == true ? true : role ?? local.role
        let meant = local.suggestion ?? suggestion
        verdict.suggestion = meant.flatMap { EmailAddress($0)?.key == address.key ? nil : $0 }
        if deliverability == .unknown { verdict.deliverability = local.deliverability }
        if verdict.deliverability != .undeliverable, verdict.disposable == true {
            verdict.deliverability = .risky
        }
        verdict.score = score ?? verdict.usualScore ?? local.score
        return verdict
    }

    private var usualScore: Double? {
        switch deliverability {
        case .deliverable: 0.95
        case .undeliverable: 0.02
        case .risky: 0.4
        case .unknown: nil
        }
    }
}

internal import Database
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A part of the series that a new client is written over the first weeks, after the welcome.
private enum WelcomePart: String, CaseIterable {
    case business, aims
    case soFar = "so_far"

    /// The days after the beginning on which it is written: never on the day of a reminder.
    var day: Int64 {
        switch self {
        case .business: 5
        case .aims: 12
        case .soFar: 19
        }
    }
}

extension DeliveryServices {
    /// The longest delay of a part; later it is left out.
    private static let late = Duration.seconds(2 * 86_400)

    /// Writes the part of the welcome that is due; answers when the next one is. Who does nothing is left alone.
    func goOn(_ client: Client, _ onboarding: Onboarding, in tx: Transaction) throws -> Instant? {
        guard let begun = onboarding.startedAt, client.status == .active else { return nil }
        var next: Instant?
        for part in WelcomePart.allCases {
            let due = begun + .seconds(part.day * 86_400)
            if due > tx.now { next = min(next ?? due, due) }
            guard due <= tx.now, tx.now < due + Self.late, onboarding.status == .active else { continue }
            try write(part, to: client, onboarding, in: tx)
        }
        return next
    }

    private func write(
        _ part: WelcomePart, to client: Client, _ onboarding: Onboarding, in tx: Transaction
    ) throws {
        try write(
            to: client, onboarding, topic: "welcome_series", why: .onboardingUpdate,
            key: "series/\(part.rawValue)", in: tx
        ) { words, agency in
            let subject = words(
                "onboarding.series_subject", ["part": .text(part.rawValue), "agency": .text(agency)])
            switch part {
            case .business:
                let industry = try industry(of: client, in: tx).map { TextFolding.fold($0) }
                return (
                    subject,
                    [words("onboarding.series_business", ["industry": .text(industry ?? "none")])]
                )
            case .aims:
                let goals = try goals(of: client, words, in: tx)
                let package = try client.packageID.flatMap { try dependencies.packageName(tx, $0) }
                let chosen = package.map {
                    words("onboarding.package", ["package": .text($0.markdownEscaped)])
                }
                let aims = words("onboarding.series_aims", ["has_goals": .flag(!goals.isEmpty)])
                return (subject, [aims] + goals + [chosen].compactMap(\.self))
            case .soFar: return (subject, [words("onboarding.series_so_far")])
            }
        }
    }

    /// The industry of the client's company, or of the lead that it was.
    private func industry(of client: Client, in reader: some Queryable) throws -> String? {
        let company = try client.contactID.flatMap { try Contact.resource.find($0, in: reader) }?.companyID
            .flatMap { try Company.resource.find($0, in: reader) }
        return try company?.industry ?? client.leadID.flatMap { try dependencies.industry(reader, $0) }
    }
}

internal import Records
internal import Synchronization
internal import Telemetry

/// Counts failed sign-ins by account and by address over 15 minutes. An attempt counts from its
/// beginning, so that parallel guesses cannot get past the limit.
package final class LoginFailures: Sendable {
    struct Attempt: Sendable {
        let keys: [String]
        let at: Instant
    }

    private static let window: Duration = .seconds(900)
    private static let keysMax = 100_000
    private let accountMax: Int, addressMax: Int
    private let attempts = Mutex<[String: [Instant]]>([:])

    package init(_ settings: PlatformSettings) {
        accountMax = settings.loginFailuresPerAccount
        addressMax = settings.loginFailuresPerAddress
    }

    /// Throws 429 when the account or the address has failed too often.
    func begin(account: String, address: String, now: Instant) throws(Problem) -> Attempt {
        let keys = [("account \(account)", accountMax), ("address \(address)", addressMax)]
        let wait: Duration? = attempts.withLock { attempts in
            if attempts.count > Self.keysMax {
                attempts = attempts.filter { $0.value.last.map { now - $0 < Self.window } ?? false }
            }
            for (key, limit) in keys {
                let recent = (attempts[key] ?? []).filter { now - $0 < Self.window }
                attempts[key] = recent.isEmpty ? nil : recent
                if recent.count >= limit { return Self.window - (now - recent[recent.count - limit]) }
            }
            for (key, _) in keys { attempts[key, default: []].append(now) }
            return nil
        }
        if let wait {
            throw Problem(.rateLimited, "Too many sign-ins have failed: wait before the next.")
                .with(header: "Retry-After", String(max(1, wait.components.seconds)))
        }
        return Attempt(keys: keys.map(\.0), at: now)
    }

    func succeeded(_ attempt: Attempt) {
        attempts.withLock { attempts in
            for key in attempt.keys {
                guard let index = attempts[key]?.lastIndex(of: attempt.at) else { continue }
                attempts[key]?.remove(at: index)
            }
        }
    }
}

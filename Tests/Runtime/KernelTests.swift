import Database
import Nouns
import Telemetry
import Testing

@testable import Jobs
@testable import RuntimeTesting

/// A kernel with the time and the randomness that a test gives it.
private struct Driver {
    var kernel: Kernel
    var random = SeededRandom(seed: 1)
    var now = Instant(seconds: 1_000_000)

    init(slots: Int = 2, isStarted: Bool = true) {
        kernel = Kernel(pools: [Kernel.Pool(queue: "default", slots: slots)])
        guard isStarted else { return }
        _ = handle(.started)
        _ = handle(.tookOver)
        _ = handle(.pumped(next: nil))
    }

    /// The commands, less the waiting, in words.
    mutating func handle(_ event: Kernel.Event) -> [String] {
        kernel.handle(event, now: now, random: &random).compactMap { command in
            switch command {
            case .takeOver: "take over"
            case .claim(let queue, let limit): "claim \(queue) \(limit)"
            case .run(let claim): "run \(letter(claim.lease.job))"
            case .store(let lease, let end): "store \(letter(lease.job)) \(end.word)"
            case .cancel(let lease): "cancel \(letter(lease.job))"
            case .pump: "pump"
            case .maintain(let leases): "maintain \(leases.map { letter($0.job) })"
            case .sweep: "sweep"
            case .wait: nil
            case .drained: "drained"
            }
        }
    }

    /// Returns how long a job waits that has failed for the time of that number.
    mutating func pause(after attempt: Int) -> Duration {
        _ = handle(.woken(queue: "default"))
        let claim = Claim(
            lease: lease("a"), kind: "test", attempt: attempt, attemptsMax: 99, timeout: .seconds(60),
            retry: RetryPolicy(), prepared: .success(nil))
        _ = handle(.claimed(queue: "default", [claim]))
        let failure = JobFailure.retryable("busy", "")
        let commands = kernel.handle(.ended(lease("a"), .failed(failure)), now: now, random: &random)
        _ = handle(.stored(lease("a")))
        for case .store(_, .retry(let pause, _)) in commands { return pause }
        return .seconds(-1)
    }

    mutating func pass(_ duration: Duration) -> [String] {
        now = now + duration
        return handle(.tick)
    }
}

extension Disposition {
    var word: String {
        switch self {
        case .completed: "completed"
        case .retry(_, let failure): "retry \(failure.code)"
        case .dead(let failure): "dead \(failure.code)"
        case .snoozed: "snoozed"
        case .released: "released"
        case .parked: "parked"
        }
    }
}

private func claim(_ job: String, attempt: Int = 1, timeout: Duration = .seconds(60)) -> Claim {
    Claim(
        lease: lease(job), kind: "test", attempt: attempt, attemptsMax: 3, timeout: timeout,
        retry: RetryPolicy(),
        prepared: .success(nil))
}

private func lease(_ job: String) -> Lease { Lease(tenant: .acme, job: id(job), epoch: 1) }

/// A job that is named by a letter.
private func id(_ letter: String) -> JobID { .numbered(UInt64(letter.utf8.first!)) }

private func letter(_ job: JobID) -> String { String(Unicode.Scalar(UInt8(job.value.low))) }

struct KernelStates {
    @Test func `it takes over first, then claims and pumps`() {
        var random = SeededRandom(seed: 1)
        var kernel = Kernel(pools: [Kernel.Pool(queue: "default", slots: 2)])
        let now = Instant(seconds: 5)
        guard case .takeOver? = kernel.handle(.started, now: now, random: &random).first else {
            return #expect(Bool(false))
        }
        guard case .wait(let retry)? = kernel.handle(.takeOverFailed, now: now, random: &random).first else {
            return #expect(Bool(false))
        }
        #expect(retry == now + .seconds(1))
        guard case .takeOver? = kernel.handle(.tick, now: retry, random: &random).first else {
            return #expect(Bool(false))
        }
    }

    @Test func `it never asks for more than its free slots, nor twice at once`() {
        var driver = Driver(slots: 2)
        #expect(driver.handle(.claimed(queue: "default", [])).isEmpty)
        #expect(driver.handle(.woken(queue: "default")) == ["claim default 2"])
        #expect(driver.handle(.woken(queue: "default")) == [])
        #expect(driver.handle(.claimed(queue: "default", [claim("a")])) == ["run a", "claim default 1"])
        #expect(driver.handle(.claimed(queue: "default", [claim("b")])) == ["run b"])
        #expect(driver.handle(.woken(queue: "default")) == [])
        #expect(driver.handle(.ended(lease("a"), .completed)) == ["store a completed"])
        #expect(driver.handle(.stored(lease("a"))) == ["claim default 1"])
        #expect(driver.handle(.claimed(queue: "default", [])) == [])
        #expect(driver.handle(.ended(lease("b"), .settled)) == [])
        #expect(driver.kernel.runningCount == 0)
    }

    @Test func `where tenants are at their limit, the end of a job makes it claim again`() {
        var driver = Driver(slots: 2)
        let atLimit = { (claims: [Claim]) in
            Kernel.Event.claimed(queue: "default", claims, areTenantsAtLimit: true)
        }
        #expect(driver.handle(atLimit([claim("a")])) == ["run a"])
        #expect(driver.handle(.ended(lease("a"), .settled)) == ["claim default 2"])
        #expect(driver.handle(.claimed(queue: "default", [claim("b")])) == ["run b"])
        #expect(driver.handle(.woken(queue: "default")) == ["claim default 1"])
        #expect(driver.handle(.ended(lease("b"), .settled)) == [])
        #expect(driver.handle(atLimit([])) == ["claim default 2"], "it may have counted one that has ended")
        #expect(driver.handle(atLimit([])) == [])
    }

    @Test func `a job that is handed over runs at once, and takes a slot`() {
        var driver = Driver(slots: 2)
        #expect(driver.kernel.handsFree.isEmpty, "it is claiming: jobs may wait")
        _ = driver.handle(.claimed(queue: "default", []))
        #expect(driver.kernel.handsFree == ["default": 2])
        #expect(driver.handle(.handed(queue: "default", claim("a"))) == ["run a"])
        #expect(driver.kernel.handsFree == ["default": 1])
        // More than there are slots: until they have ended, no other is claimed.
        _ = driver.handle(.handed(queue: "default", claim("b")))
        #expect(driver.handle(.handed(queue: "default", claim("c"))) == ["run c"])
        #expect(driver.kernel.handsFree.isEmpty)
        #expect(driver.handle(.woken(queue: "default")) == [])
        #expect(driver.handle(.ended(lease("a"), .settled)) == [])
        #expect(driver.handle(.ended(lease("b"), .settled)) == ["claim default 1"])
        #expect(driver.handle(.drain) == [])
        #expect(driver.kernel.handsFree.isEmpty)
        #expect(driver.handle(.handed(queue: "default", claim("d"))) == ["store d released"])
    }

    @Test func `a failed claim is made again after a pause`() {
        var driver = Driver()
        #expect(driver.handle(.claimFailed(queue: "default")) == [])
        #expect(driver.handle(.woken(queue: "default")) == [])
        #expect(driver.pass(.seconds(1)) == ["claim default 2"])
    }

    @Test func `an end that could not be stored is stored again`() {
        var driver = Driver()
        _ = driver.handle(.claimed(queue: "default", [claim("a")]))
        _ = driver.handle(.ended(lease("a"), .completed))
        #expect(driver.handle(.storeFailed(lease("a"))) == [])
        #expect(driver.pass(.milliseconds(500)) == [])
        #expect(driver.pass(.milliseconds(500)) == ["store a completed"])
        #expect(driver.handle(.ended(lease("a"), .failed(.terminal("x", "x")))) == [], "the first end counts")
    }

    @Test func `attempts end in a retry while there are some left`() {
        var driver = Driver(slots: 3)
        let failure = JobFailure.retryable("busy", "")
        _ = driver.handle(
            .claimed(queue: "default", [claim("a", attempt: 2), claim("b", attempt: 3), claim("c")]))
        #expect(driver.handle(.ended(lease("a"), .failed(failure))) == ["store a retry busy"])
        #expect(driver.handle(.ended(lease("b"), .failed(failure))) == ["store b dead busy"])
        #expect(driver.handle(.ended(lease("c"), .failed(.terminal("gone", "")))) == ["store c dead gone"])
    }

    @Test func `an overdue handler is cancelled, then given up`() {
        var driver = Driver()
        _ = driver.handle(.claimed(queue: "default", [claim("a", timeout: .seconds(3))]))
        #expect(driver.pass(.seconds(3)) == ["cancel a"])
        #expect(driver.pass(.seconds(5)).contains("store a retry agent_timeout"))
        #expect(driver.handle(.stored(lease("a"))) == [])
        #expect(driver.handle(.ended(lease("a"), .completed)) == [], "what it still says is nothing")
    }

    @Test func `leases are prolonged together, and lost ones cancelled`() {
        var driver = Driver()
        _ = driver.handle(.claimed(queue: "default", [claim("b"), claim("a")]))
        #expect(driver.pass(.seconds(5)) == [#"maintain ["a", "b"]"#])
        #expect(driver.handle(.maintained(lost: [lease("a")])) == ["cancel a"])
        #expect(driver.handle(.revoked(tenant: .acme, job: id("b"))) == ["cancel b"])
        #expect(driver.handle(.revoked(tenant: .globex, job: id("b"))) == [])
    }

    @Test func `what is old is swept every minute, never twice at once`() {
        var driver = Driver()
        _ = driver.handle(.claimed(queue: "default", []))
        var commands: [String] = []
        for _ in 0..<24 {
            let made = driver.pass(.seconds(5))
            commands += made
            if made.contains(where: { $0.hasPrefix("maintain") }) { _ = driver.handle(.maintained(lost: [])) }
        }
        #expect(commands.filter { $0 == "sweep" }.count == 1, "the first one has not ended")
        #expect(driver.handle(.swept) == [])
        #expect(driver.pass(.seconds(60)).contains("sweep"))
    }

    @Test func `a timer that is set while it pumps is not lost`() {
        var driver = Driver()
        _ = driver.handle(.claimed(queue: "default", []))
        #expect(driver.handle(.timerSet(driver.now)) == ["pump"])
        #expect(driver.handle(.timerSet(driver.now + .seconds(2))) == [])
        #expect(driver.handle(.pumped(next: nil)) == [])
        #expect(driver.pass(.seconds(2)) == ["pump"])
    }

    @Test func `a drain before the start ends it, and nothing begins`() {
        var driver = Driver(isStarted: false)
        #expect(driver.handle(.drain) == ["drained"])
        #expect(driver.handle(.started) == [])
    }

    @Test func `a drain waits for what runs and releases what comes late`() {
        var driver = Driver()
        _ = driver.handle(.claimed(queue: "default", [claim("a")]))
        #expect(driver.handle(.drain) == [])
        #expect(driver.handle(.woken(queue: "default")) == [])
        #expect(driver.handle(.claimed(queue: "default", [claim("b")])) == ["store b released"])
        #expect(driver.handle(.stored(lease("b"))) == [])
        #expect(driver.handle(.halt) == ["cancel a"])
        #expect(
            driver.handle(.ended(lease("a"), .failed(.retryable("interrupted", "")))) == ["store a released"])
        #expect(driver.handle(.stored(lease("a"))) == ["drained"])
    }
}

struct Backoff {
    @Test func `it grows to its cap, with full jitter, and the same for a seed`() {
        let policy = RetryPolicy(base: .seconds(10), cap: .seconds(100))
        func delays(_ seed: UInt64) -> [Duration] {
            var random = SeededRandom(seed: seed)
            return (1...60).map { policy.delay(afterAttempt: $0, using: &random) }
        }
        let (one, two) = (delays(3), delays(3))
        #expect(one == two && one != delays(4))
        // Anything up to the ceiling is as likely.
        var random = SeededRandom(seed: 5)
        for (attempt, ceiling) in [(1, 10), (2, 20), (3, 40), (4, 80), (5, 100), (60, 100)] {
            let shares = (0..<1000).map { _ in
                policy.delay(afterAttempt: attempt, using: &random) / Duration.seconds(ceiling)
            }
            #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(attempt)")
            #expect(shares.contains { $0 > 0.98 } && shares.contains { $0 < 0.02 }, "\(attempt)")
            let average = shares.reduce(0, +) / 1000
            #expect(average > 0.45 && average < 0.55, "\(attempt)")
        }
    }

    @Test func `a job waits the longer the more often it has failed`() {
        var driver = Driver()
        for attempt in [1, 4, 8] {
            let longest = (0..<100).map { _ in driver.pause(after: attempt) }.max() ?? .zero
            let ceiling = Duration.seconds(1 << (attempt - 1))
            #expect(longest <= ceiling && longest > ceiling * 0.8, "\(attempt)")
        }
    }
}

import Telemetry
import Testing

@testable import Crawling

struct `Queues of hosts` {
    private func at(_ seconds: Double) -> Instant { Instant(microseconds: Int64(seconds * 1_000_000)) }

    private func queues(_ change: (inout HostQueues<Int>.Settings) -> Void = { _ in }) -> HostQueues<Int> {
        var settings = HostQueues<Int>.Settings()
        change(&settings)
        return HostQueues(settings)
    }

    @Test func `let one request to a host run at a time, and others meanwhile`() {
        var queues = queues()
        for ticket in 1...3 { queues.add(ticket, for: "a.example") }
        queues.add(9, for: "b.example")
        let first = queues.start(at: at(0)).map(\.ticket)
        #expect(first == [1, 9])
        let started1 = queues.start(at: at(100))
        #expect(started1.isEmpty && queues.nextStart == nil)
        queues.end("a.example", .answered(took: .milliseconds(10)), at: at(0.1))
        #expect(queues.nextStart == at(2))
        let started2 = queues.start(at: at(1.9))
        #expect(started2.isEmpty)
        let started3 = queues.start(at: at(2))
        #expect(started3.map(\.ticket) == [2])
    }

    @Test func `pause longer for a site that is slow or asks for it`() {
        var queues = queues()
        queues.ask("a.example", toPause: .seconds(7))
        for ticket in 1...4 { queues.add(ticket, for: "a.example") }
        _ = queues.start(at: at(0))
        queues.end("a.example", .answered(took: .milliseconds(10)), at: at(0.1))
        #expect(queues.nextStart == at(7))
        _ = queues.start(at: at(7))
        queues.end("a.example", .answered(took: .seconds(1)), at: at(8))
        #expect(queues.nextStart == at(17))
        _ = queues.start(at: at(17))
        queues.end("a.example", .answered(took: .seconds(20)), at: at(37))
        #expect(queues.nextStart == at(47))
    }

    @Test func `leave a host alone that fails again and again, or goes on refusing`() {
        var queues = queues()
        for ticket in 1...20 { queues.add(ticket, for: "a.example") }
        for second in stride(from: 0.0, to: 10, by: 2) {
            let started4 = queues.start(at: at(second))
            #expect(started4.count == 1)
            queues.end("a.example", .failed, at: at(second))
        }
        #expect(queues.nextStart == at(8 + 600))
        for second in [1000.0, 1002, 1004] {
            let started5 = queues.start(at: at(second))
            #expect(started5.count == 1)
            queues.end("a.example", .refused(retryAfter: .seconds(3600)), at: at(second))
        }
        #expect(queues.nextStart == at(1004 + 3600))
    }

    @Test func `leave a host that refuses alone for a minute, twice as long each time, up to a day`() {
        var queues = queues(), now = 0.0, pauses: [Double] = []
        for _ in 0..<13 {
            queues.add(1, for: "a.example")
            let started = queues.start(at: at(now))
            #expect(started.count == 1)
            queues.end("a.example", .refused(retryAfter: nil), at: at(now))
            let pause = Double((queues.pause(of: "a.example", at: at(now)) ?? .zero).microseconds) / 1_000_000
            pauses.append(pause)
            now += pause
        }
        #expect(pauses.prefix(4) == [60, 120, 240, 480] && pauses.suffix(2) == [86_400, 86_400])
        queues.add(1, for: "a.example")
        _ = queues.start(at: at(now))
        queues.end("a.example", .answered(took: .milliseconds(10)), at: at(now))
        #expect(queues.pause(of: "a.example", at: at(now)) == .seconds(2))
    }

    @Test func `without a delay make nobody wait`() {
        var queues = queues { $0.delay = .zero }
        queues.ask("a.example", toPause: .seconds(7))
        queues.add(1, for: "a.example")
        queues.add(2, for: "a.example")
        _ = queues.start(at: at(0))
        queues.end("a.example", .answered(took: .seconds(1)), at: at(1))
        let started6 = queues.start(at: at(1))
        #expect(started6.map(\.ticket) == [2])
        queues.remove { $0 == 2 }
    }

    @Test func `count their pauses from when a request went out`() {
        var queues = queues()
        queues.add(1, for: "a.example")
        _ = queues.start(at: at(0))
        queues.begin("a.example", at: at(0.5))
        queues.end("a.example", .answered(took: .milliseconds(10)), at: at(0.6))
        #expect(queues.pause(of: "a.example", at: at(1)) == .milliseconds(1500))
        #expect(queues.pause(of: "a.example", at: at(2.5)) == nil)
        #expect(queues.pause(of: "b.example", at: at(0)) == nil)
    }

    @Test func `let hosts on one server have their turns one after the other, whoever waits longest first`() {
        var queues = queues()
        for ticket in 1...2 { queues.add(ticket, for: "a.example", on: "192.0.2.1") }
        queues.add(8, for: "b.example", on: "192.0.2.1")
        queues.add(9, for: "c.example", on: "192.0.2.2")
        let first = queues.start(at: at(0)).map(\.ticket)
        #expect(first == [1, 9] && queues.nextStart == nil)
        queues.end("a.example", .answered(took: .milliseconds(10)), at: at(0.1))
        #expect(queues.nextStart == at(2))
        let early = queues.start(at: at(1.9))
        #expect(early.isEmpty)
        // Both are due; the one that was never asked comes first, and the other a pause later.
        let second = queues.start(at: at(2)).map(\.ticket)
        #expect(second == [8])
        queues.end("b.example", .answered(took: .milliseconds(10)), at: at(2.1))
        let third = queues.start(at: at(3.9))
        #expect(third.isEmpty && queues.nextStart == at(4))
        let fourth = queues.start(at: at(4)).map(\.ticket)
        #expect(fourth == [2])
        // One host's wish does not hold up its neighbours.
        queues.add(7, for: "b.example", on: "192.0.2.1")
        queues.end("a.example", .refused(retryAfter: nil), at: at(4.1))
        #expect(queues.nextStart == at(6) && queues.pause(of: "a.example", at: at(4)) == .seconds(60))
    }

    @Test func `give a server free when its host has moved meanwhile`() {
        var queues = queues()
        queues.add(1, for: "a.example", on: "192.0.2.1")
        _ = queues.start(at: at(0))
        queues.add(2, for: "a.example", on: "192.0.2.2")
        queues.add(3, for: "b.example", on: "192.0.2.1")
        queues.end("a.example", .answered(took: .zero), at: at(0))
        let next = queues.start(at: at(2)).map(\.ticket)
        #expect(next.sorted() == [2, 3])
    }

    @Test func `heed what a site says about coming back`() {
        let now = Instant(seconds: 784_111_777)
        #expect(RetryAfter.pause("120", at: now) == .seconds(120))
        #expect(RetryAfter.pause("Sun, 06 Nov 1994 08:50:37 GMT", at: now) == .seconds(60))
        #expect(RetryAfter.pause("Sun, 06 Nov 1994 08:00:00 GMT", at: now) == .zero)
        #expect(RetryAfter.pause("9999999999999999999999", at: now) == .seconds(86_400))
        #expect(RetryAfter.pause("soon", at: now) == nil)
    }
}

import JSON
import Telemetry
import Testing
import Wording

@testable import Conversations

@Suite struct HandoverPlanTests {
    private func minutes(_ plan: HandoverPlan) -> [HandoverPlan.Action: Int] {
        Dictionary(uniqueKeysWithValues: plan.checks.map { ($0.action, $0.minutes) })
    }

    @Test func `who waits without urgency is looked after at 15, 30, 45 and 60 minutes`() {
        let plan = HandoverPlan(.normal)
        #expect(plan.checks.map(\.minutes) == [15, 30, 45, 60])
        #expect(
            plan.checks.map(\.action) == [.alertStaff, .waitingUpdate, .bookingMessage, .reactivatePrimary])
    }

    @Test func `the more urgent, and the more important the customer, the sooner`() {
        let all = HandoverPlan.Urgency.allCases.map { HandoverPlan($0).checks[0].minutes }
        #expect(all == all.sorted(by: >) && Set(all).count == all.count)
        for urgency in HandoverPlan.Urgency.allCases {
            let (usual, important) = (HandoverPlan(urgency), HandoverPlan(urgency, isImportant: true))
            for (one, other) in zip(usual.checks, important.checks) where one.minutes > 0 {
                #expect(other.minutes < one.minutes)
            }
        }
    }

    @Test(arguments: HandoverPlan.Urgency.allCases)
    func `at night, and in an emergency, the booking link goes at once`(urgency: HandoverPlan.Urgency) {
        #expect(HandoverPlan(urgency, isOpen: false).booksAtOnce)
        #expect(HandoverPlan(urgency).booksAtOnce == (urgency == .urgent))
        #expect(minutes(HandoverPlan(urgency, isOpen: false)) == minutes(HandoverPlan(urgency)))
    }

    @Test func `however short the times are, no two checks share a minute`() {
        let plan = HandoverPlan(.urgent, isImportant: true, pace: 0.01)
        let times = plan.checks.map(\.minutes)
        #expect(Set(times).count == times.count && times == times.sorted() && times[0] > 0)
    }
}

@Suite struct AgentStatesTests {
    private let all: [AgentStates] = [.atRest, .waitingForHuman, .booking, .humanSpeaks]

    @Test func `a request, a timeout and the last resort go through the states of the table`() throws {
        let waiting = try #require(AgentStates.atRest.after(.requested))
        #expect((waiting.primary, waiting.monitor, waiting.bridge) == (.handover, .active, .standby))
        let booking = try #require(waiting.after(.timedOut))
        #expect((booking.primary, booking.monitor, booking.bridge) == (.disabled, .active, .active))
        #expect(booking.after(.reactivated) == .atRest)
    }

    @Test func `once a person speaks, nothing but their release, or a new request, brings agents back`() {
        for states in all where states != .humanSpeaks {
            #expect(states.after(.answered) == .humanSpeaks)
        }
        #expect(AgentStates.humanSpeaks.after(.timedOut) == nil)
        #expect(AgentStates.humanSpeaks.after(.reactivated) == nil)
        #expect(AgentStates.humanSpeaks.after(.released) == .atRest)
    }

    @Test func `only the turns of the table are possible`() {
        let possible = all.flatMap { states in
            AgentStates.Transition.allCases.filter { states.after($0) != nil }
        }
        #expect(possible.count == 11)
        #expect(AgentStates.atRest.after(.timedOut) == nil && AgentStates.atRest.after(.released) == nil)
        #expect(AgentStates.booking.after(.requested) == nil)
    }

    @Test func `states are read as they were written, and nothing else is`() {
        for states in all { #expect(AgentStates(json: states.json) == states) }
        #expect(
            AgentStates(json: [
                "primary_agent": "active", "handover_monitor": "active", "calendly_bridge": "active",
            ])
                == nil)
    }
}

@Suite struct BookingMessageTests {
    private let url = "https://calendly.com/agency/priority"

    @Test func `it has the name, the wait, an apology, the call, four benefits and the link`() {
        let text = BookingMessage(
            name: "Vera Visitor", company: "Acme", request: "our shop\nis   down", minutesWaited: 45,
            url: url,
            words: Wording("en")
        ).text
        for part in [
            "Hi Vera", "45 minutes", "sorry", "15-minute", "technical expertise", "recommendation",
            "planning",
            "priority access", url, "for Acme", "“our shop is down”",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func `whom nobody knows is greeted all the same, and long requests are cut`() {
        let text = BookingMessage(
            name: nil, request: String(repeating: "very ", count: 100), minutesWaited: 0, url: url,
            words: Wording("en")
        ).text
        #expect(text.hasPrefix("Hi there") && !text.contains("0 minutes") && text.contains("…”"))
        #expect(text.count < 800)
    }

    @Test func `it is written in German to whom it concerns`() {
        let text = BookingMessage(name: "Vera", minutesWaited: 45, url: url, words: Wording("de-AT")).text
        for part in ["Guten Tag Vera", "tut uns leid", "45 Minuten", "15 Minuten", url] {
            #expect(text.contains(part), "\(part)")
        }
    }
}

import Integrations
import Telemetry
import Testing

/// The number of questions in a batch, and its time, by how the service has answered.
struct ServiceTempoTests {
    private func tempo(_ hours: [(Int, Double, Double, Double)]) -> ServiceTempo {
        ServiceTempo(
            hours: hours.map { hour, calls, failures, each in
                ServiceTempo.Hour(hour, calls: calls, failures: failures, milliseconds: each * calls)
            })
    }

    @Test func `a batch of leads grows and shrinks with what was measured, within what is set`() {
        let pace = ServicePace(concurrent: 5)
        let batch = ServiceTempo.Batch(first: 10, within: .seconds(300), most: 100)
        func size(_ hours: [(Int, Double, Double, Double)]) -> Int { tempo(hours).batchSize(pace, batch) }
        #expect(size([]) == 10, "nothing is known")
        #expect(size([(3, 20, 0, 30_000)]) == 50, "half a minute each, five at once")
        #expect(size([(3, 20, 10, 30_000)]) == 12, "half of them fail")
        #expect(size([(3, 20, 0, 600_000)]) == 2 && size([(3, 20, 20, 600_000)]) == 1)
        #expect(size([(3, 20, 0, 100)]) == 100, "ten times what is set")
    }

    @Test(
        arguments: [
            ([], 10), ([(3, 20, 0, 600)], 100), ([(3, 20, 0, 100)], 200), ([(3, 20, 10, 600)], 25),
            ([(3, 20, 20, 60_000)], 1),
        ] as [([(Int, Double, Double, Double)], Int)])
    func `a batch holds what is answered within a minute`(
        hours: [(Int, Double, Double, Double)], size: Int
    ) { #expect(tempo(hours).batchSize() == size) }

    @Test func `the pace of the service bounds a batch, and lanes widen it`() {
        let fast = tempo([(3, 20, 0, 100)])
        #expect(fast.batchSize(ServicePace(concurrent: 1, interval: .seconds(1))) == 60)
        #expect(tempo([(3, 20, 0, 2000)]).batchSize(ServicePace(concurrent: 4)) == 120)
    }

    @Test(
        arguments: [
            ([], 1), ([(14, 50, 0, 10)], 1), ([(2, 9, 0, 900), (3, 9, 0, 300)], 3),
            ([(3, 1, 0, 1), (4, 9, 0, 5)], 4),
            ([(3, 9, 0, 900), (14, 9, 0, 100)], 14), ([(3, 9, 0, 150), (14, 9, 0, 100)], 3),
            ([(3, 9, 8, 100), (4, 9, 0, 200)], 4),
        ] as [([(Int, Double, Double, Double)], Int)])
    func `what is not urgent is asked in the quiet hours, or in those in which the service is clearly better`(
        hours: [(Int, Double, Double, Double)], best: Int
    ) { #expect(tempo(hours).bestHour(among: 1..<5) == best) }
}

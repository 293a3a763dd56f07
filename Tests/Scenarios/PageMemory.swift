import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// A page that is read costs a bounded piece of memory, whatever it is made of.
@Suite(.ownThread) struct PageMemory {
    private static let meadows = [
        String(repeating: "<div>", count: 200_000), String(repeating: "<br>", count: 1_300_000),
    ]

    @Test func `no page costs more than 64 MB, crawled and read for facts`() throws {
        let web = try CrawledWeb(), server = try BureauProcess.start(web.settings)
        let agency = try server.quietAgency()
        web.company("usual.example")
        let lead = try agency.bareLead("usual.example")
        func page(of host: String) throws -> JSON? {
            let more: JSON = ["pages_max": 1, "depth": 0, "lead_id": .string(lead.id)]
            return try agency.owner.crawled("http://\(host)", more).pages["/"]
        }
        // With the first page come the words by which all are read.
        #expect(try page(of: "usual.example")?["outcome"] == "stored")
        let before = server.memory
        func check(_ host: String, _ outcome: String, _ answer: StandInAnswer) throws {
            web.set("\(host)/") { _ in answer }
            let (peak, page) = try server.peak { try page(of: host) }
            #expect(page?["outcome"]?.text == outcome, "\(host): \(page ?? .null)")
            #expect(peak - before < 64, "\(host): \(peak - before) MB")
        }
        for (number, html) in (HarmfulPages.all + Self.meadows).enumerated() {
            try check("harm\(number).example", "stored", StandInAnswer(200, html, headers: Searching.page))
        }
        let bomb = StandInAnswer(200, headers: Searching.page + [("Content-Encoding", "gzip")])
        try check("bomb.example", "failed", bomb.with(try bombBytes(server.file("bomb.gz"))))
        #expect(try page(of: "bomb.example")?["reason"] == "too_large")
    }

    /// 100 MB of a page in 100 KB.
    private func bombBytes(_ path: String) throws -> [UInt8] {
        let script =
            "import gzip, sys; open(sys.argv[1], 'wb').write(gzip.compress(b'<p>' + b'x' * 100_000_000))"
        let made = try BureauProcess.run(["/usr/bin/env", "python3", "-c", script, path])
        try #require(made.status == 0, "\(made.output)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

extension StandInAnswer {
    fileprivate func with(_ body: [UInt8]) -> StandInAnswer {
        var answer = self
        answer.body = body
        return answer
    }
}

extension BureauProcess {
    /// Does something, and returns the most memory that the server has meanwhile, in MB, beside what came of it.
    fileprivate func peak<T>(during work: () throws -> T) throws -> (megabytes: Double, result: T) {
        let most = Mutex(memory), isOver = DispatchSemaphore(value: 0), hasEnded = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while isOver.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
                let now = self.memory
                most.withLock { $0 = max($0, now) }
            }
            hasEnded.signal()
        }
        let result = Result { try work() }
        isOver.signal()
        hasEnded.wait()
        return (max(memory, most.withLock { $0 }), try result.get())
    }
}
